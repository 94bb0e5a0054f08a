"""The organisation and year a page is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import Http404

from branches.models import Organisation
from branches.rights import AccessRequest, Permission, organisation_or_404
from foundation.clock import business_date
from reports.queries.branches import years_of


@dataclass(frozen=True)
class OrganisationYear:
    organisation: Organisation
    year: int
    today: date
    years: list[int]


def organisation_year_or_404(
    request: AccessRequest, code: str, year: int, permission: Permission = Permission.VIEW
) -> OrganisationYear:
    """The organisation with `code`, if `permission` reaches it and it stood in `year`."""
    organisation = organisation_or_404(request, code, permission)
    today = business_date()
    if year > today.year or not organisation.founded_on.year <= year <= (organisation.ended_on or today).year:
        raise Http404
    years = years_of(organisation, today)
    return OrganisationYear(organisation, year, today, years if year in years else [*years, year])
