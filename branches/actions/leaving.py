"""What a member held in a branch ends when the membership there does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from branches.models import (
    Appointment,
    Dated,
    GroupMembership,
    Membership,
    OfficeAssignment,
    OfficeMembership,
    Organisation,
    PartyGroup,
    RoleAssignment,
    Term,
)
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
    return [_post_entry(row, str(on - timedelta(days=1))) for row in ended]


def _end(model: type[Any], rows: Sequence[Any], on: date) -> None:
    """The day before `on` is the last; what would have no day left never counted."""
    for row in rows:
        row.end_before(on)
    model.objects.bulk_update(rows, Dated.END_FIELDS, batch_size=200)


def _entry(verb: str, left: Left, row: Any, changes: dict[str, list[str]]) -> Entry:
    former = left[row.person_id][0]
    return Entry(verb=verb, target=former.person, organisation=former.branch_id, changes=changes)


def end_what_is_held(organisations: Iterable[Organisation], on: date) -> list[Entry]:
    """End posts, party groups, offices, terms and roles at organisations that are no more from `on`.

    Call inside the transaction, the tree locked. 9 queries, however many organisations.

    Returns:
        The audit entries of posts and roles, for the caller to record with its own.
    """
    ids = [organisation.pk for organisation in organisations]
    last = str(on - timedelta(days=1))
    posts = list(Appointment.objects.active_between(on, date.max).filter(organisation__in=ids).select_related("person"))
    roles = list(
        RoleAssignment.objects.active_between(on, date.max).filter(organisation__in=ids).select_related("user")
    )
    held: list[tuple[type[Dated], list[Any]]] = [
        (Appointment, posts),
        (RoleAssignment, roles),
        (PartyGroup, list(PartyGroup.objects.active_between(on, date.max).filter(branch__in=ids))),
        (OfficeAssignment, list(OfficeAssignment.objects.active_between(on, date.max).filter(branch__in=ids))),
        (Term, list(Term.objects.active_between(on, date.max).filter(organisation__in=ids))),
    ]
    for model, rows in held:
        _end(model, rows, on)
    return [
        *(_post_entry(row, last) for row in posts),
        *(
            Entry(
                verb="role.end",
                target=row.user,
                organisation=row.organisation_id,
                changes={"role": [str(row.get_role_display()), ""], "ends_on": ["", last]},
            )
            for row in roles
        ),
    ]


def _post_entry(row: Appointment, last: str) -> Entry:
    return Entry(
        verb="appointment.end",
        target=row,
        organisation=row.organisation_id,
        changes={"person": [row.person.name, ""], "post": [row.post, ""], "ends_on": ["", last]},
    )
