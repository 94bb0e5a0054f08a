"""Rosters and persons as pages show them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from branches.models import Appointment, Membership, MemberStatus, Organisation, Person
from branches.queries.roster import Member, describe
from branches.queries.tree import as_called_on, tree_on
from branches.rights import Access, Permission
from branches.rules.people import Category
from foundation.clock import business_date


def roster_of(
    organisation: Organisation, access: Access, day: date, *, name: str = "", category: str = ""
) -> QuerySet[Membership]:
    """The memberships of all branches that on `day` stand at or below `organisation`, in tree order, for a list.

    Reach is today's: a branch that stood here and is out of reach now stays out.
    """
    rows = (
        Membership.objects.active_on(day)
        .filter(access.reach(Permission.VIEW, "branch__"))
        .filter(branch__in=tree_on(day).below(organisation.pk), person__is_void=False, person__merged_into__isnull=True)
        .select_related("person__nation", "person__education", "branch")
        .order_by("branch__tree_id", "branch__lft", "person__joined_on", "person_id")
    )
    if name:
        rows = rows.filter(person__name__contains=name)
    if category:
        is_full = Q(person__full_on__lte=day) | Q(person__full_on__isnull=True, person__category=Category.FULL)
        rows = rows.filter(is_full) if category == Category.FULL else rows.exclude(is_full)
    return rows


def members_of_page(rows: list[Membership], day: date) -> list[Member]:
    """The rows as the roster of `day` shows them, with everybody's branch of today. 4 queries, 6 on another day."""
    today = business_date()
    named = {} if day == today else as_called_on({row.branch for row in rows}, day)
    members = describe([(row.person, named.get(row.branch_id, row.branch), row.starts_on) for row in rows], day)
    if day != today:
        rows = list(
            Membership.objects.active_on(today)
            .filter(person__in=[row.person_id for row in rows])
            .select_related("branch")
        )
    present = {row.person_id: row.branch for row in rows}
    return [replace(member, present=present.get(member.person.pk)) for member in members]


@dataclass(frozen=True)
class MemberPage:
    """What one member's page shows; `branch` is the branch of the day or the last one, in reach."""

    person: Person
    member: Member | None
    branch: Organisation | None
    memberships: list[Membership]
    appointments: list[Appointment]
    statuses: list[MemberStatus]

    @property
    def context(self) -> dict[str, Any]:
        return {
            "person": self.person,
            "member": self.member,
            "organisation": self.branch,
            "memberships": self.memberships,
            "appointments": self.appointments,
            "statuses": self.statuses,
        }


def member_page(access: Access, pk: int, day: date) -> MemberPage | None:
    """The page of a person who is or was a member of a branch in reach; None for everybody else.

    Only what happened within reach is shown: another branch's records of the same person are not, and of a former
    member no more than the name, the memberships and the posts.
    """
    person = Person.objects.valid().select_related("nation", "education").filter(pk=pk).first()
    if person is None:
        return None
    everywhere = list(person.memberships.valid().select_related("branch").order_by("-starts_on", "-pk"))
    memberships = [row for row in everywhere if access.may(Permission.VIEW, row.branch)]
    if not memberships:
        return None
    current = next((row for row in memberships if row.holds_on(day)), None)
    member = members_of_page([current], day)[0] if current else None
    return MemberPage(
        person=person,
        member=member,
        branch=current.branch if current else memberships[0].branch,
        memberships=memberships,
        appointments=list(
            person.appointments.valid()
            .filter(access.reach(Permission.VIEW, "organisation__"))
            .select_related("organisation", "group")
            .order_by("-starts_on")
        ),
        statuses=_statuses_of(person, elsewhere=set(everywhere) - set(memberships)) if current else [],
    )


def _statuses_of(person: Person, *, elsewhere: set[Membership]) -> list[MemberStatus]:
    """The person's circumstances but for those that arose, with their reasons, in a branch out of reach."""
    return [
        status
        for status in person.statuses.valid().order_by("-starts_on")
        if not any(membership.holds_on(status.starts_on) for membership in elsewhere)
    ]
