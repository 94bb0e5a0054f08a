"""Which branches an organisation's overview of a year holds."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from branches.models import Organisation
from branches.models.organisations import OrganisationQuerySet
from branches.queries.tree import moves_since
from branches.rights import Access, Permission


def branches_in(
    organisation: Organisation, year: int, today: date, access: Access, permission: Permission = Permission.VIEW
) -> OrganisationQuerySet:
    """The branches below `organisation` on the last day of `year` looked at, in reach, in tree order.

    Where a branch stood is taken from its dated placements, not from today's tree; one revoked in the course of the
    year stands where it stood on its last day. 1 query, and one to read them.
    """
    first, day = date(year, 1, 1), min(today, date(year, 12, 31))
    moves = moves_since(first)
    standing = Q(ended_on__isnull=True) | Q(ended_on__gte=day)
    ended = Q(ended_on__gte=first, ended_on__lt=day)
    return (
        Organisation.objects.within(access, permission)
        .branches()
        .filter(
            (standing & moves.under(organisation, day, day).ever())
            | (ended & moves.under(organisation, first, day).q("", "ended_on")),
            founded_on__lte=day,
        )
        .exclude(pk=organisation.pk)
        .order_by("tree_id", "lft")
    )


def years_of(organisation: Organisation, today: date) -> list[int]:
    """The years `organisation` stood in, the latest first: at most ten."""
    last = min(today, organisation.ended_on or today).year
    return list(range(last, max(organisation.founded_on.year, last - 10) - 1, -1))
