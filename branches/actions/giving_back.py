"""What ended with a membership holds again when the end is taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from branches.models import Appointment, GroupMembership, Membership, MemberStatus, OfficeMembership
from branches.queries.elections import is_filled

_MODELS: dict[str, type[Any]] = {
    str(model._meta.model_name): model for model in (GroupMembership, OfficeMembership, Appointment, MemberStatus)
}
# Where to read the last days of that in which something is held.
_HELD_IN: dict[str, tuple[str, ...]] = {
    "groupmembership": ("group__ends_on", "group__branch__ended_on"),
    "officemembership": ("office__organ__ended_on",),
    "appointment": ("organisation__ended_on", "group__ends_on"),
    "memberstatus": (),
}


def give_back(reopened: Iterable[tuple[Membership, date]]) -> None:
    """Let hold again, as it did before, what ended with memberships, unless it was changed or filled since.

    What was held in a group or an organisation that has ended since holds until then, and not at all if it ended first.
    Call inside the transaction. Three queries for each kind of row, and one for each post only one person holds.

    Args:
        reopened: memberships, each with its former last day.
    """
    ended: dict[str, dict[int, tuple[date, str | None]]] = defaultdict(dict)
    for membership, last in reopened:
        for kind, pk, ends_on in membership.ended_with:
            ended[kind][pk] = (last, ends_on)
    for kind, rows in ended.items():
        found = _MODELS[kind].objects.filter(pk__in=rows)
        if any(path.startswith("group__") for path in _HELD_IN[kind]):
            found = found.exclude(group__is_void=True)
        days = {pk: ends for pk, *ends in found.values_list("pk", *_HELD_IN[kind])}
        given = []
        for row in found:
            last, before = rows[row.pk]
            ends_on = min(filter(None, [before and date.fromisoformat(before), *days[row.pk]]), default=None)
            if _is_as_left(row, last) and (ends_on is None or ends_on >= max(last + timedelta(days=1), row.starts_on)):
                row.ends_on, row.is_void = ends_on, False
                given.append(row)
        _MODELS[kind].objects.bulk_update(given, _MODELS[kind].END_FIELDS, batch_size=200)


def _is_as_left(row: Any, last: date) -> bool:
    if row.ends_on != last and not row.is_void:
        return False
    return not (isinstance(row, Appointment) and is_filled(row, last))
