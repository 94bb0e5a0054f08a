"""Merging branches and splitting one: members, offices and party groups go over on a day, what is left behind ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from branches.actions.leaving import end_what_is_held, leave
from branches.actions.organisations import check_day, check_existing, end_organisation
from branches.actions.tree import lock_to_end, tree_lock
from branches.models import (
    GroupMembership,
    Membership,
    MemberStatus,
    Office,
    OfficeAssignment,
    OfficeMembership,
    Organisation,
    PartyGroup,
    Person,
    Succession,
    Transfer,
    User,
)
from branches.models.dated import DatedQuerySet
from foundation.actions.audit import Entry, record, record_many

_DAY = timedelta(days=1)


def merge(
    *, branches: Iterable[Organisation], into: Organisation, on: date, by: User, document_number: str
) -> Organisation:
    """Merge branches into another from `on`, the first day in it; their own last day is the day before.

    Members, offices and guests from elsewhere go over; posts, party groups, terms and roles of the merged ones end.

    Raises:
        ValidationError: something is no branch, does not stand that day, or began or was entered later than it.

    Source: 《中国共产党支部工作条例（试行）》, article 7 (adjusted and revoked with the committee's approval).
    """
    with tree_lock():
        keys = {branch.pk for branch in branches} - {into.pk}
        into = Organisation.objects.get(pk=into.pk)
        merged = list(Organisation.objects.filter(pk__in=keys).order_by("tree_id", "lft"))
        _check([into], on)
        _check(merged, on - _DAY)
        if not merged:
            raise ValidationError(_("Choose another branch to merge into."))
        if any(branch.ended_on for branch in (into, *merged)):
            raise ValidationError(_("One of the branches has been revoked meanwhile."))
        lock_to_end(sorted(keys))
        _lock_people(Q(memberships__branch__in=merged) | Q(statuses__branch__in=merged))
        _check_no_transfer(
            Transfer.objects.filter(from_branch__in=merged) | Transfer.objects.filter(to_branch__in=merged)
        )
        memberships = _memberships(Membership.objects.filter(branch__in=merged), on)
        _take_offices(OfficeAssignment.objects.filter(branch__in=merged), into, on)
        entries = _take_over(memberships, into, on, document_number)
        _take_guests(merged, into, on)
        entries += end_what_is_held(merged, on)
        for branch in merged:
            end_organisation(branch, on - _DAY, document_number)
            entries.append(
                Entry(
                    verb="organisation.revoke",
                    target=branch,
                    organisation=branch.pk,
                    changes={"ended_on": ["", str(on - _DAY)], "ending_document": ["", document_number]},
                )
            )
        _succeed(Succession.Kind.MERGED, [(branch, into) for branch in merged], on, document_number)
        record_many(entries, by=by)
        record(
            verb="organisation.merge",
            target=into,
            by=by,
            organisation=into,
            changes={
                "merged": ["", [branch.short_name for branch in merged]],
                "members": ["", len(memberships)],
                "on": ["", on.isoformat()],
                "document_number": ["", document_number],
            },
        )
    return into


def split(
    *,
    branch: Organisation,
    into: Organisation,
    people: Iterable[Person],
    offices: Iterable[Office] = (),
    groups: Iterable[PartyGroup] = (),
    on: date,
    by: User,
    document_number: str = "",
) -> Organisation:
    """Let members of `branch` form the branch `into`, just founded, from `on`; whole offices and groups may go along.

    Members of the offices and groups named go over with them.

    Raises:
        ValidationError: nobody goes or nobody stays, or a membership began later than that day.
    """
    with tree_lock():
        branch = Organisation.objects.get(pk=branch.pk)
        _check([branch, into], on)
        offices, groups = list(offices), list(groups)
        ids = going(branch, people, offices, groups, on)
        _lock_people(Q(pk__in=ids))
        memberships = _memberships(Membership.objects.filter(branch=branch, person__in=ids), on)
        if not memberships:
            raise ValidationError({"people": _("Choose who goes to the new branch.")})
        if len(memberships) == Membership.objects.active_on(on).filter(branch=branch).count():
            raise ValidationError({"people": _("Somebody has to stay. If all go, rename or move the branch instead.")})
        _check_no_transfer(Transfer.objects.filter(person__in=[row.person_id for row in memberships]))
        _take_offices(OfficeAssignment.objects.filter(branch=branch, office__in=offices), into, on)
        going_groups = _groups_of(groups, memberships, on)
        entries = _take_over(memberships, into, on, document_number)
        _take_groups(going_groups, groups, into, on)
        _succeed(Succession.Kind.SPLIT, [(branch, into)], on, document_number)
        record_many(entries, by=by)
        record(
            verb="organisation.split",
            target=branch,
            by=by,
            organisation=branch,
            changes={
                "split_off": ["", into.short_name],
                "members": ["", len(memberships)],
                "on": ["", on.isoformat()],
                "document_number": ["", document_number],
            },
        )
    return into


def going(
    branch: Organisation,
    people: Iterable[Person],
    offices: Sequence[Office],
    groups: Sequence[PartyGroup],
    on: date,
) -> set[int]:
    """The keys of the members who leave `branch` with the people, offices and groups chosen. 2 queries."""
    members = Membership.objects.active_on(on).filter(branch=branch).values("person_id")
    with_offices = (
        OfficeMembership.objects.active_on(on)
        .filter(office__in=offices, person__in=members)
        .values_list("person_id", flat=True)
    )
    with_groups = GroupMembership.objects.active_on(on).filter(group__in=groups).values_list("person_id", flat=True)
    return {person.pk for person in people} | set(with_offices) | set(with_groups)


def _check(branches: Iterable[Organisation], on: date) -> None:
    for branch in branches:
        check_day(on)
        check_existing(branch, on)
        if not branch.is_branch:
            raise ValidationError(_("Only branches are merged or split."))


def _check_no_transfer(transfers: QuerySet[Transfer]) -> None:
    waiting = transfers.filter(state=Transfer.State.ASKED).select_related("person").order_by("pk").distinct()
    names = [transfer.person.name for transfer in waiting]
    if names:
        raise ValidationError(
            _("Transfers wait for an answer: %(names)s. Have them answered or taken back first.")
            % {"names": _(", ").join(names)}
        )


def _lock_people(whom: Q) -> None:
    """Before what they hold, and in the order everybody takes them: otherwise two would wait for each other."""
    people = Person.objects.filter(whom)
    list(
        Person.objects.select_for_update(no_key=True)
        .filter(pk__in=people.values("pk"))
        .order_by("pk")
        .values_list("pk")
    )


def _memberships(rows: QuerySet[Membership], on: date) -> list[Membership]:
    """The memberships that hold on `on` or later, locked."""
    found = list(
        rows.filter(is_void=False).select_for_update(of=("self",)).select_related("person", "branch").order_by("pk")
    )
    found = [row for row in found if row.ends_on is None or row.ends_on >= on]
    late = max((row.starts_on for row in found if row.starts_on >= on), default=None)
    if late is not None:
        raise ValidationError(
            {
                "on": _("A member came to one of the branches on %(day)s; choose a later day.")
                % {"day": date_format(late)}
            }
        )
    return found


def _take_over(memberships: list[Membership], into: Organisation, on: date, document_number: str) -> list[Entry]:
    """End memberships and begin them anew in `into`, with what was known of their end. 8 queries however many."""
    begun = [
        Membership(
            person=row.person,
            branch=into,
            starts_on=on,
            ends_on=row.ends_on,
            end_kind=row.end_kind,
            end_document=row.end_document,
            start_kind=Membership.Start.REORGANISED,
            document_number=document_number,
        )
        for row in memberships
    ]
    entries = leave(moves=[(row, into) for row in memberships], on=on)
    for row in memberships:
        row.ends_on = on - _DAY
        row.end_kind = Membership.End.REORGANISED
        row.end_document = document_number
    Membership.objects.bulk_update(memberships, ["ends_on", "end_kind", "end_document"], batch_size=200)
    Membership.objects.bulk_create(begun, batch_size=500)
    return entries + [
        Entry(
            verb="person.reorganise",
            target=row.person,
            organisation=row.branch_id,
            changes={"branch": [row.branch.short_name, into.short_name], "on": ["", on.isoformat()]},
        )
        for row in memberships
    ]


def _take_offices(rows: DatedQuerySet, into: Organisation, on: date) -> None:
    """Let whole offices form `into` from `on`; before the memberships end, so that members keep their office."""
    found = list(rows.active_between(on, date.max))
    begun = [
        OfficeAssignment(office_id=row.office_id, branch=into, starts_on=max(on, row.starts_on), ends_on=row.ends_on)
        for row in found
    ]
    for row in found:
        row.end_before(on)
    OfficeAssignment.objects.bulk_update(found, OfficeAssignment.END_FIELDS, batch_size=200)
    OfficeAssignment.objects.bulk_create(begun, batch_size=200)


def _take_guests(merged: list[Organisation], into: Organisation, on: date) -> None:
    """Members of other branches who attend in a merged one attend in `into` from `on`."""
    found = list(MemberStatus.objects.active_between(on, date.max).filter(branch__in=merged))
    begun = [
        MemberStatus(
            person_id=row.person_id,
            kind=row.kind,
            branch=into,
            reason=row.reason,
            starts_on=max(on, row.starts_on),
            ends_on=row.ends_on,
        )
        for row in found
    ]
    for row in found:
        row.end_before(on)
    MemberStatus.objects.bulk_update(found, MemberStatus.END_FIELDS, batch_size=200)
    MemberStatus.objects.bulk_create(begun, batch_size=200)


def _groups_of(groups: list[PartyGroup], memberships: list[Membership], on: date) -> dict[int, list[int]]:
    """{group: its members who go over}, read before their rows end."""
    going_ids = {row.person_id for row in memberships}
    found: dict[int, list[int]] = {group.pk: [] for group in groups}
    rows = GroupMembership.objects.active_on(on).filter(group__in=groups).values_list("group_id", "person_id")
    for group_id, person_id in rows:
        if person_id in going_ids:
            found[group_id].append(person_id)
    return found


def _take_groups(members: dict[int, list[int]], groups: list[PartyGroup], into: Organisation, on: date) -> None:
    """End whole party groups in the old branch and form them, of the same names, in `into`."""
    for position, group in enumerate(groups, start=1):
        begun = PartyGroup.objects.create(branch=into, name=group.name, position=position, starts_on=on)
        GroupMembership.objects.bulk_create(
            GroupMembership(person_id=person_id, group=begun, starts_on=on) for person_id in members[group.pk]
        )
        group.end_before(on)
    PartyGroup.objects.bulk_update(groups, PartyGroup.END_FIELDS)


def _succeed(kind: str, pairs: list[tuple[Organisation, Organisation]], on: date, document_number: str) -> None:
    Succession.objects.bulk_create(
        Succession(kind=kind, predecessor=before, successor=after, on=on, document_number=document_number)
        for before, after in pairs
    )
