"""What undoing an import would do, before anybody decides for it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, QuerySet

from branches.models import Batch, BatchEffect, Membership, Organisation
from branches.queries.account_uses import account_reasons
from branches.queries.batches import PERMISSIONS
from branches.queries.organisation_uses import organisation_reasons
from branches.queries.roster_uses import roster_reasons, uses
from branches.rights import Access
from branches.rules.undoing import MAY_BE_DECIDED, WORDS, Reason

State, Subject = Batch.State, Batch.Subject
_JUDGES = {
    Subject.MEMBERS: roster_reasons,
    Subject.ORGANISATIONS: organisation_reasons,
    Subject.ACCOUNTS: account_reasons,
}
CAN_BE_UNDONE = (State.APPLIED, State.STOPPED, State.UNDONE)


@dataclass(frozen=True)
class UndoPreview:
    """How many records would become void (`created`), be given back what they said (`changed`) or their former branch
    (`moved`); how many are undone already; and what would be kept: (effect, reason) in the file's order.

    `is_possible` is False where the import is not written, or its rows are purged.
    """

    is_possible: bool
    created: int = 0
    changed: int = 0
    moved: int = 0
    undone: int = 0
    kept: Sequence[tuple[int, str]] = field(default_factory=tuple)

    @property
    def number(self) -> int:
        return self.created + self.changed + self.moved


@dataclass(frozen=True)
class KeptEffect:
    """Something that would be kept: what the file called it, in which row, and why; `uses` says which records name it.

    `may_be_decided` is False where it cannot be undone whatever anybody decides.
    """

    effect: BatchEffect
    name: str
    sheet: str
    number: int
    reason: str
    uses: Sequence[str]

    @property
    def words(self) -> str:
        return str(WORDS[self.reason])

    @property
    def may_be_decided(self) -> bool:
        return self.reason in MAY_BE_DECIDED


def undo_preview(batch: Batch, access: Access) -> UndoPreview:
    """What would come of it if somebody with this access undid the import now. A fixed number of queries, however long
    it is."""
    if not can_be_undone(batch):
        return UndoPreview(is_possible=False)
    effects = left_to_undo(batch)
    reasons = reasons_against(batch.subject, effects, access)
    numbers = {"created": 0, "changed": 0, "moved": 0}
    kept = []
    rows = effects.order_by("row__position").values_list("pk", "is_new", "membership_id")
    for pk, is_new, membership in rows.iterator():
        if pk in reasons:
            kept.append((pk, reasons[pk]))
        else:
            numbers["created" if is_new else "moved" if membership else "changed"] += 1
    undone = BatchEffect.objects.filter(batch=batch, outcome=BatchEffect.Outcome.UNDONE).count()
    return UndoPreview(is_possible=True, undone=undone, kept=kept, **numbers)


def reasons_against(subject: str, effects: QuerySet[BatchEffect], access: Access) -> dict[int, str]:
    """What speaks against undoing effects, by the effect; those of which nothing does are absent.

    Whoever undoes manages what is given back, and what it is taken from; of anything else the one reason is told that
    names nothing.
    """
    reasons = dict(_JUDGES[Subject(subject)](effects))
    reached = Organisation.objects.within(access, PERMISSIONS[Subject(subject)]).order_by().values("pk")
    if subject == Subject.MEMBERS:
        held = Membership.objects.active_on(access.day).filter(person=OuterRef("person_id"))
        beyond = effects.filter(former__isnull=False).exclude(former__branch__in=reached)
        beyond |= effects.filter(Exists(held.exclude(branch__in=reached)))
    else:
        beyond = effects.filter(organisation__isnull=False).exclude(organisation__in=reached)
    return reasons | dict.fromkeys(beyond.values_list("pk", flat=True), Reason.OUT_OF_REACH)


def can_be_undone(batch: Batch) -> bool:
    """Whether the import did anything of which is known what it was, and is not undone to the last."""
    return batch.state in CAN_BE_UNDONE and batch.purged_at is None and left_to_undo(batch).exists()


def left_to_undo(batch: Batch) -> QuerySet[BatchEffect]:
    return BatchEffect.objects.filter(batch=batch).exclude(outcome=BatchEffect.Outcome.UNDONE)


def kept_effects(kept: Sequence[tuple[int, str]]) -> list[KeptEffect]:
    """One page of `UndoPreview.kept`, with the names of the file and the records that stand in the way."""
    reasons = dict(kept)
    effects = BatchEffect.objects.filter(pk__in=reasons)
    found: dict[int, list[str]] = {pk: [] for pk in reasons}
    if Reason.IN_USE in reasons.values() and all(effect.person_id for effect in effects):
        for words, used in uses(effects):
            for pk in used.values_list("pk", flat=True):
                if words not in found[pk]:
                    found[pk].append(words)
    return [
        KeptEffect(
            effect=effect,
            name=json.loads(effect.row.payload or "{}").get("name", ""),
            sheet=effect.row.sheet,
            number=effect.row.number,
            reason=reasons[effect.pk],
            uses=found[effect.pk] if reasons[effect.pk] == Reason.IN_USE else (),
        )
        for effect in effects.select_related("row").order_by("row__position")
    ]
