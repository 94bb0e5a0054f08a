"""Which branches an organisation's overview of a year holds."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q

from branches.models import Organisation, Placement
from branches.models.organisations import OrganisationQuerySet
from branches.rights import Access, Permission


def branches_in(
    organisation: Organisation, year: int, today: date, access: Access, permission: Permission = Permission.VIEW
) -> OrganisationQuerySet:
    """The branches below `organisation` on the last day of `year` looked at, in reach, in tree order.

    Where a branch stood is taken from its dated placements, not from today's tree; one revoked in the course of the
    year stands where it stood on its last day. One query for each level of the tree, and one to read them.
    """
    first, day = date(year, 1, 1), min(today, date(year, 12, 31))
    standing = Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))
    ended = Q(organisation__ended_on__gte=first, organisation__ended_on__lt=day) & (
        Q(ends_on__isnull=True) | Q(ends_on__gte=F("organisation__ended_on"))
    )
    found: set[int] = set()
    seen: set[int] = set()
    level = {organisation.pk}
    while level:
        seen |= level
        rows = (
            Placement.objects.valid()
            .filter(standing | ended, parent__in=level)
            .values_list("organisation_id", "organisation__kind")
        )
        below = dict(rows)
        found |= {pk for pk, kind in below.items() if kind == Organisation.Kind.BRANCH}
        level = below.keys() - found - seen
    return (
        Organisation.objects.within(access, permission)
        .filter(Q(ended_on__isnull=True) | Q(ended_on__gte=first), pk__in=found, founded_on__lte=day)
        .order_by("tree_id", "lft")
    )


def years_of(organisation: Organisation, today: date) -> list[int]:
    """The years `organisation` stood in, the latest first: at most ten."""
    last = min(today, organisation.ended_on or today).year
    return list(range(last, max(organisation.founded_on.year, last - 10) - 1, -1))
