"""What somebody decides about the rows of a plan before it is confirmed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F
from django.utils.translation import gettext as _

from branches.actions.hanging_rows import skip_hanging
from branches.models import Batch, BatchRow, User
from branches.queries.batches import choices_of, chosen, rows_of
from branches.rules.decisions import SKIP, is_worth_a_look, remaining
from foundation.actions.audit import difference, record
from foundation.actions.bulk import insert_many

Action = BatchRow.Action
CHUNK = 1000
# Rows that speak for the person they are about.
_SPEAKING = (*BatchRow.WRITTEN_ACTIONS, Action.UNCHANGED)
_DECIDED = ("decision", "action", "person", "person_version", "is_warned")


@transaction.atomic
def decide(*, batch: Batch, position: int, decision: str, by: User) -> BatchRow:
    """Choose what is done with one row.

    Args:
        position: that of the row in the plan.
        decision: "" as proposed, "skip", or the number of another of its plans.

    Raises:
        ValidationError: the plan is not waiting for it or somebody else's, the row has no such choice, or another
            row is about the same person already.
    """
    batch = _open(batch, by)
    row = BatchRow.objects.select_related("organisation").filter(batch=batch, position=position).first()
    if row is None or decision not in dict(choices_of(row, _payload(row))):
        raise ValidationError(_("This cannot be chosen for the row. Reload the page to see what can."))
    if decision == row.decision:
        return row
    counts = Counter(batch.counts)
    counts.subtract({row.action: 1, "warned": int(row.is_warned)})
    _settle(row, decision)
    counts.update({row.action: 1, "warned": int(row.is_warned)})
    row.save(update_fields=_DECIDED)
    _refuse_doubles(batch, [row])
    hanging = skip_hanging(batch)
    if row.position in hanging:
        raise ValidationError(
            _("This row hangs on row %(row)s, which is skipped. Take that one up first.")
            % {"row": hanging[row.position].number}
        )
    if hanging:
        counts = Counter(_counted(batch))
    _note(batch, dict(counts), by, row=row)
    return row


@transaction.atomic
def decide_all(*, batch: Batch, show: str, decision: str, by: User) -> int:
    """Choose the same for every row of a filter that has the choice; returns for how many that changed something.

    Args:
        show: as in `branches.queries.batches.rows_of`.
        decision: as in `decide`.

    Raises:
        ValidationError: the plan is not waiting for it or somebody else's, or two rows would be about one person.
    """
    batch = _open(batch, by)
    rows = rows_of(batch, show=show).order_by().exclude(decision=decision)
    if decision == SKIP:
        number = rows.filter(action__in=BatchRow.WRITTEN_ACTIONS).update(
            decision=SKIP, action=Action.SKIP, is_warned=False
        )
    else:
        number = sum(_decide_chunk(batch, pks, decision) for pks in _chunks(rows.values_list("pk", flat=True)))
    number += len(skip_hanging(batch)) if decision == SKIP else -len(skip_hanging(batch))
    if number:
        _note(batch, _counted(batch), by)
    return number


def _decide_chunk(batch: Batch, pks: Collection[int], decision: str) -> int:
    rows = []
    for row in BatchRow.objects.select_related("organisation").filter(pk__in=pks).order_by("position"):
        if decision in dict(choices_of(row, _payload(row))):
            _settle(row, decision)
            rows.append(row)
    insert_many(rows, updating=_DECIDED)
    _refuse_doubles(batch, rows)
    return len(rows)


def _open(batch: Batch, by: User) -> Batch:
    """The batch, locked, as long as it waits for decisions of this user."""
    batch = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.uploaded_by_id != by.pk:
        raise ValidationError(_("Only whoever uploaded the file decides about its rows."))
    if batch.state != Batch.State.PLANNED:
        raise ValidationError(_("This import is not waiting for decisions. Reload the page to see where it stands."))
    return batch


def _settle(row: BatchRow, decision: str) -> None:
    """Let the row be what was decided. A row that is skipped still tells about whom it is."""
    row.decision = decision
    payload = _payload(row)
    if decision == SKIP:
        row.action, row.is_warned = Action.SKIP, False
        return
    plan = chosen(row, payload)
    row.action, row.person_id, row.person_version = plan["action"], plan.get("person"), plan.get("version")
    left = remaining(payload.get("problems", ()), decision)
    row.is_warned = is_worth_a_look(row.action, [problem["code"] for problem in left])


def _refuse_doubles(batch: Batch, rows: Iterable[BatchRow]) -> None:
    """No two rows may speak for one person; called after they were written, so that it is undone with the rest.

    Raises:
        ValidationError: two do.
    """
    if batch.subject != Batch.Subject.MEMBERS:
        return
    people = {row.person_id for row in rows if row.person_id is not None and row.action in _SPEAKING}
    speaking = BatchRow.objects.filter(batch=batch, action__in=_SPEAKING)
    for double in (
        speaking.filter(person__in=people).values("person").annotate(number=Count("pk")).filter(number__gt=1)[:1]
    ):
        first, second = speaking.filter(person=double["person"]).order_by("position")[:2]
        raise ValidationError(
            _("Rows %(first)s and %(second)s would be about the same member. Skip one of them first.")
            % {"first": first.number, "second": second.number}
        )
    places = {row.organisation_id for row in rows if row.action == Action.CREATE}
    known: dict[tuple[Any, ...], BatchRow] = {}
    for row in speaking.filter(action=Action.CREATE, organisation__in=places).order_by("position").iterator():
        fields = chosen(row, _payload(row)).get("fields", {})
        told = (row.organisation_id, fields.get("name"), fields.get("birth_date"), fields.get("joined_on"))
        if fields.get("identity_number") or "name" not in fields:
            continue
        if told in known:
            raise ValidationError(
                _("Rows %(first)s and %(second)s would enter the same new member twice. Skip one of them first.")
                % {"first": known[told].number, "second": row.number}
            )
        known[told] = row


def _note(batch: Batch, counts: dict[str, int], by: User, row: BatchRow | None = None) -> None:
    changes: dict[str, tuple[Any, Any]] = {"row": ("", str(row))} if row is not None else {}
    before = {action: batch.counts.get(action, 0) for action in Action.values}
    changes |= difference(before, {action: counts.get(action, 0) for action in Action.values})
    Batch.objects.filter(pk=batch.pk).update(counts=counts, plan_version=F("plan_version") + 1)
    record(verb="batch.decide", target=batch, by=by, organisation=batch.organisation_id, changes=changes)


def _counted(batch: Batch) -> dict[str, int]:
    rows = BatchRow.objects.filter(batch=batch).order_by()
    actions = dict(rows.values_list("action").annotate(number=Count("pk")))
    return {
        **batch.counts,
        **{action: actions.get(action, 0) for action in Action.values},
        "warned": rows.filter(is_warned=True).count(),
    }


def _payload(row: BatchRow) -> dict[str, Any]:
    stored: dict[str, Any] = json.loads(row.payload or "{}")
    return stored


def _chunks(pks: Iterable[int]) -> Iterable[list[int]]:
    waiting = list(pks)
    return (waiting[at : at + CHUNK] for at in range(0, len(waiting), CHUNK))
