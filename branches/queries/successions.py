"""How organisations came out of one another, and what may be chosen for the next merger or split."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from branches.models import Membership, Office, OfficeAssignment, Organisation, Person, Succession
from branches.models.organisations import OrganisationQuerySet
from branches.rights import Access, Permission


@dataclass(frozen=True)
class SuccessionRow:
    """One merger or split as seen from one of its two sides; an organisation out of reach is named, not linked."""

    succession: Succession
    other: Organisation
    is_successor: bool
    in_reach: bool


def successions_of(organisation: Organisation, access: Access) -> list[SuccessionRow]:
    """What came out of which organisation, the latest first. 1 query."""
    rows = (
        Succession.objects.filter(Q(predecessor=organisation) | Q(successor=organisation))
        .select_related("predecessor", "successor")
        .order_by("-on", "-pk")
    )
    found = []
    for row in rows:
        is_successor = row.successor_id == organisation.pk
        other = row.predecessor if is_successor else row.successor
        found.append(SuccessionRow(row, other, is_successor, access.may(Permission.VIEW, other)))
    return found


def with_merged(branch: Organisation) -> Q:
    """The condition for `branch` and what was merged into it, directly or by way of another: whose open work it has."""
    merged = Succession.objects.filter(kind=Succession.Kind.MERGED).order_by()
    into = merged.filter(successor=branch).values("predecessor")
    return Q(pk=branch.pk) | Q(pk__in=into) | Q(pk__in=merged.filter(successor__in=into).values("predecessor"))


def successors_of(branch: Organisation) -> QuerySet[Succession, Any]:
    """The keys of what `branch` was merged into, directly or by way of another."""
    merged = Succession.objects.filter(kind=Succession.Kind.MERGED).order_by()
    return merged.filter(
        Q(predecessor=branch) | Q(predecessor__in=merged.filter(predecessor=branch).values("successor"))
    ).values("successor")


def offices_to_choose(branch: Organisation, day: date) -> QuerySet[Office]:
    """The offices whose members form `branch` on `day`."""
    assigned = OfficeAssignment.objects.active_on(day).filter(branch=branch)
    return Office.objects.filter(pk__in=assigned.values("office_id")).order_by("position", "name")


def members_of(branch: Organisation, day: date) -> QuerySet[Person]:
    """The members of `branch` on `day`, by name."""
    memberships = Membership.objects.active_on(day).filter(branch=branch)
    return Person.objects.valid().filter(pk__in=memberships.values("person_id")).order_by("name", "pk")


def branches_to_merge_into(branch: Organisation, access: Access, day: date, most: int = 300) -> OrganisationQuerySet:
    """Branches in reach that `branch` may be merged into: of the highest organisation above that has not too many."""
    found = Organisation.objects.none()
    for above in branch.get_ancestors().order_by("-level"):
        wider = (
            Organisation.objects.under(above)
            .within(access, Permission.MANAGE_ORGANISATIONS)
            .branches()
            .existing_on(day)
            .filter(ended_on__isnull=True)
            .exclude(pk=branch.pk)
            .order_by("tree_id", "lft")
        )
        if wider.count() > most:
            break
        found = wider
    return found
