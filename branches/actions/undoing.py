"""An import is undone, chunk by chunk in the background; how is in `roster_undoing` and its like."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from branches.actions import batches
from branches.models import Batch, BatchEffect, User
from branches.queries.batches import count_work
from branches.queries.undoing import can_be_undone, left_to_undo, reasons_against, undo_preview
from branches.rights import access_of
from branches.rules.undoing import Reason
from foundation.actions.audit import record
from foundation.clock import now

State, Outcome = Batch.State, BatchEffect.Outcome
CHUNK = 500


def begin_undo(*, batch: Batch, also: Collection[int], by: User) -> Batch:
    """Undo what the import did and nobody has used or edited since, in the background.

    Args:
        also: effects (`UndoPreview.kept`) to undo although used or edited. What was recorded about the people
            meanwhile, an attendance for instance, stays on record.

    Raises:
        ValidationError: it is not written, purged, undone already, or somebody else was first.
    """
    batch.refresh_from_db()
    # Of a long file this takes seconds, in which nobody should have to wait to write.
    would_undo = bool(also) or undo_preview(batch, access_of(by)).number > 0
    return _begin_undo(batch, also, by, would_undo=would_undo)


@transaction.atomic
def _begin_undo(batch: Batch, also: Collection[int], by: User, *, would_undo: bool) -> Batch:
    batch = Batch.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=batch.pk)
    if batch.purged_at is not None:
        raise ValidationError(
            _("What this import did was purged with its rows; it cannot be undone as a whole any more.")
        )
    if batch.state in (State.APPLYING, State.UNDOING):
        raise ValidationError(_("The import is still at work. Wait until it is through, or stop it first."))
    if not can_be_undone(batch):
        raise ValidationError(_("There is nothing of this import to undo."))
    if not would_undo:
        raise ValidationError(
            _("Everything that is left has been used or edited since. Tick what is to be undone all the same.")
        )
    # What was kept once is looked at anew; it may be in use no longer.
    left_to_undo(batch).exclude(outcome="", reason="").update(outcome="", reason="")
    for pks in _chunks(sorted(also)):
        left_to_undo(batch).filter(pk__in=pks).update(reason=Reason.DECIDED)
    batches.turn(batch, batch.state, State.UNDOING, undone_by=by, undone_at=None)
    batches.start(batch, by)
    record(
        verb="batch.undo",
        target=batch,
        by=by,
        organisation=batch.organisation_id,
        changes={"decided": ["", left_to_undo(batch).filter(reason=Reason.DECIDED).count()]},
    )
    return batch


@transaction.atomic
def finish_undo(*, batch: Batch) -> None:
    """Every effect has its outcome."""
    counted = {name: number for name, number in count_work(batch).items() if name in ("undone", "kept")}
    if batches.turn(batch, State.UNDOING, State.UNDONE, undone_at=now(), counts={**batch.counts, **counted}):
        record(
            verb="batch.undone",
            target=batch,
            by=batch.undone_by,
            organisation=batch.organisation_id,
            changes={name: ["", number] for name, number in counted.items()},
        )


def next_effects(batch: Batch) -> list[BatchEffect]:
    """The next effects to settle, the batch locked: of two workers the second finds them settled."""
    Batch.objects.select_for_update().get(pk=batch.pk)
    waiting = BatchEffect.objects.filter(batch=batch, outcome="").select_related("row__organisation")
    return list(waiting.order_by("pk")[:CHUNK])


def reasons_to_keep(batch: Batch, effects: Collection[BatchEffect]) -> dict[int, str]:
    """What speaks against undoing these effects, judged by what whoever undoes may do by now."""
    found = BatchEffect.objects.filter(pk__in=[effect.pk for effect in effects])
    return reasons_against(batch.subject, found, access_of(batch.undone_by))


def settle(kept: dict[int, str], undone: Collection[int]) -> None:
    """Note what came of effects; `kept` maps those that stay to the reason."""
    BatchEffect.objects.filter(pk__in=undone).update(outcome=Outcome.UNDONE)
    for reason in set(kept.values()):
        pks = [pk for pk, why in kept.items() if why == reason]
        BatchEffect.objects.filter(pk__in=pks).update(outcome=Outcome.KEPT, reason=reason)


def _chunks(pks: list[int]) -> list[list[int]]:
    return [pks[at : at + CHUNK] for at in range(0, len(pks), CHUNK)]
