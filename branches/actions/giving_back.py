"""What ended with a membership holds again when the end is taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from branches.models import Appointment, GroupMembership, Membership, MemberStatus, OfficeMembership
from branches.queries.elections import is_filled

_MODELS: dict[str, type[Any]] = {
    str(model._meta.model_name): model for model in (GroupMembership, OfficeMembership, Appointment, MemberStatus)
}


def give_back(reopened: Iterable[tuple[Membership, date]]) -> None:
    """Let hold again, as it did before, what ended with memberships, unless it was changed or filled since.

    Call inside the transaction. Two queries for each kind of row, and one for each post only one person holds.

    Args:
        reopened: memberships, each with its former last day.
    """
    ended: dict[str, dict[int, tuple[date, str | None]]] = defaultdict(dict)
    for membership, last in reopened:
        for kind, pk, ends_on in membership.ended_with:
            ended[kind][pk] = (last, ends_on)
    for kind, rows in ended.items():
        found = _MODELS[kind].objects.filter(pk__in=rows)
        given = [row for row in found if _is_as_left(row, rows[row.pk][0])]
        for row in given:
            before = rows[row.pk][1]
            row.ends_on, row.is_void = before and date.fromisoformat(before), False
        _MODELS[kind].objects.bulk_update(given, _MODELS[kind].END_FIELDS, batch_size=200)


def _is_as_left(row: Any, last: date) -> bool:
    if row.ends_on != last and not row.is_void:
        return False
    return not (isinstance(row, Appointment) and is_filled(row, last))
