"""What a member held in a branch ends when the membership there does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from branches.models import Appointment, Dated, GroupMembership, Membership, OfficeMembership, Organisation
from branches.queries.leaving import Left, groups_left, offices_left, posts_left
from foundation.actions.audit import Entry


def leave(*, moves: Iterable[tuple[Membership, Organisation | None]], on: date) -> list[Entry]:
    """End party group, office and posts in the branch of each membership; call inside the transaction of the move.

    Args:
        moves: memberships that end, each with the branch the person is to be a member of; None: of no branch of the
            system any more, then every office and post ends.
        on: the first day in the new branch. What began on that day or later becomes void.

    Returns:
        The audit entries of what ended, for the caller to record with its own. 6 queries, however many moves.
    """
    left = {former.person_id: (former, to) for former, to in moves}
    return [*_leave_groups(left, on), *_leave_offices(left, on), *_leave_posts(left, on)]


def _leave_groups(left: Left, on: date) -> list[Entry]:
    ended = groups_left(left, on)
    _end(GroupMembership, ended, on)
    return [_entry("group.change", left, row, {"group": [row.group.name, ""], "on": ["", str(on)]}) for row in ended]


def _leave_offices(left: Left, on: date) -> list[Entry]:
    ended = offices_left(left, on)
    _end(OfficeMembership, ended, on)
    return [
        _entry("person.leave_office", left, row, {"office": [row.office.name, ""], "on": ["", str(on)]})
        for row in ended
    ]


def _leave_posts(left: Left, on: date) -> list[Entry]:
    ended = posts_left(left, on)
    _end(Appointment, ended, on)
    last = on - timedelta(days=1)
    return [
        Entry(
            verb="appointment.end",
            target=row,
            organisation=row.organisation_id,
            changes={"person": [row.person.name, ""], "post": [row.post, ""], "ends_on": ["", str(last)]},
        )
        for row in ended
    ]


def _end(model: type[GroupMembership | OfficeMembership | Appointment], rows: Sequence[Any], on: date) -> None:
    """The day before `on` is the last; what would have no day left never counted."""
    for row in rows:
        row.end_before(on)
    model.objects.bulk_update(rows, Dated.END_FIELDS, batch_size=200)


def _entry(verb: str, left: Left, row: Any, changes: dict[str, list[str]]) -> Entry:
    former = left[row.person_id][0]
    return Entry(verb=verb, target=former.person, organisation=former.branch_id, changes=changes)
