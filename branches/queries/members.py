"""What entering and changing a member by hand needs to know."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from branches.models import (
    Membership,
    Office,
    OfficeAssignment,
    OfficeMembership,
    Organisation,
    Person,
    Role,
    RoleAssignment,
    active_on,
)
from branches.models.organisations import OrganisationQuerySet
from branches.queries.roster import is_office_of, offices_on
from branches.rights import MATRIX, Access, Permission


def branches_to_enter_at(organisation: Organisation, access: Access) -> OrganisationQuerySet:
    """The standing branches at or below `organisation` whose members the user keeps."""
    return (
        Organisation.objects.under(organisation)
        .within(access, Permission.MANAGE_PEOPLE)
        .branches()
        .existing_on(access.day)
        .order_by("tree_id", "lft")
    )


def namesakes_in(branch: Organisation, name: str, day: date) -> list[Person]:
    """The members of `branch` on `day` that bear exactly `name`."""
    return list(Person.objects.members_on(branch, day).filter(name=name).order_by("joined_on", "pk")[:20])


def last_membership(person: Person) -> Membership | None:
    return person.memberships.valid().select_related("branch").order_by("starts_on", "pk").last()


def office_of(person: Person, branch: Organisation, day: date) -> OfficeMembership | None:
    """The office of `branch` the member works in on `day`."""
    return next((row for row in offices_on([person.pk], day) if is_office_of(row, branch)), None)


def offices_to_choose(branch: Organisation, day: date) -> QuerySet[Office]:
    """The offices a member of `branch` may work in: those that form it, and those above that form no branch."""
    above = Q(organ__tree_id=branch.tree_id, organ__lft__lte=branch.lft, organ__rght__gte=branch.rght)
    assigned = OfficeAssignment.objects.filter(active_on(day), office=OuterRef("pk"))
    return Office.objects.filter(
        Q(active_on(day, "assignments__"), assignments__branch=branch) | (above & ~Exists(assigned))
    ).distinct()


def keepers_of(organisation: Organisation, permission: Permission, day: date) -> list[str]:
    """Names of those who hold `permission` over `organisation`, the nearest office first; at most 3."""
    roles = [role for role in (Role.STAFF, Role.ADMINISTRATOR) if permission in MATRIX[role]]
    rows = (
        RoleAssignment.objects.active_on(day)
        .filter(
            role__in=roles,
            user__is_active=True,
            organisation__tree_id=organisation.tree_id,
            organisation__lft__lte=organisation.lft,
            organisation__rght__gte=organisation.rght,
        )
        .order_by("-organisation__lft", "pk")
        .values_list("user__name", flat=True)
    )
    return list(dict.fromkeys(rows))[:3]
