"""What a member holds in a branch that ends when the membership there does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from branches.models import Appointment, GroupMembership, Membership, MemberStatus, OfficeMembership, Organisation
from branches.queries.roster import is_office_of, offices_on

# By person: the membership that ends, and the branch the person is to be a member of; None: of no branch of the system.
Left = Mapping[int, tuple[Membership, Organisation | None]]


def groups_left(left: Left, on: date) -> list[GroupMembership]:
    """The rows in party groups of the branches left that hold on `on` or later. 1 query."""
    rows = GroupMembership.objects.active_between(on, date.max).filter(person__in=left).select_related("group")
    return [row for row in rows if row.group.branch_id == left[row.person_id][0].branch_id]


def offices_left(left: Left, on: date) -> list[OfficeMembership]:
    """The offices that are none of the new branch. 1 query."""
    return [row for row in offices_on(left, on) if (to := left[row.person_id][1]) is None or not is_office_of(row, to)]


def posts_left(left: Left, on: date) -> list[Appointment]:
    """The posts in the branch left; all posts anywhere of those who go out of the system. 1 query."""
    rows = (
        Appointment.objects.active_between(on, date.max)
        .filter(person__in=left)
        .select_related("person", "organisation")
    )
    return [row for row in rows if left[row.person_id][1] is None or _is_of_branch(row, left)]


def statuses_left(person_id: int, on: date, kinds: Iterable[str]) -> list[MemberStatus]:
    """The circumstances of these kinds that hold on `on` or later. 1 query."""
    rows = MemberStatus.objects.active_between(on, date.max).filter(person=person_id, kind__in=list(kinds))
    return list(rows.order_by("starts_on"))


def _is_of_branch(row: Appointment, left: Left) -> bool:
    return row.organisation_id == left[row.person_id][0].branch_id
