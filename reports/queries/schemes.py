"""Which scheme judges whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from branches.models import Organisation
from branches.queries.tree import moves_since
from branches.rules.organisations import OrganisationKind
from reports.models import Scheme, Sheet


def scheme_for(organisation: Organisation, year: int) -> Scheme | None:
    """The scheme `organisation` is judged by in `year`; None where there is not even a default."""
    return schemes_for([organisation], year, sheets=[])[organisation.pk]


def schemes_for(branches: Iterable[Organisation], year: int, *, sheets: Iterable[Sheet]) -> dict[int, Scheme | None]:
    """The scheme of each branch by its id, with sections and indicators. 4 queries however many branches.

    A sheet once begun keeps its scheme. Else the nearest organisation that stood above at the end of `year` (or the
    branch itself) decides, its scheme of that very year before one for every year; the default comes last.
    """
    branches = list(branches)
    begun = {sheet.organisation_id: sheet.scheme_id for sheet in sheets}
    in_force = Q(assessed_kind=OrganisationKind.BRANCH) & (Q(year=year) | Q(year__isnull=True))
    day = date(year, 12, 31)
    moves = moves_since(day)
    trees = {node.tree_id for node in [*branches, *moves.parents()]}
    reaches = Q(organisation__isnull=True) | Q(organisation__tree_id__in=trees)
    schemes = list(
        Scheme.objects.filter((in_force & reaches) | Q(pk__in=set(begun.values())))
        .select_related("organisation")
        .prefetch_related("sections__indicators")
    )
    by_id = {scheme.pk: scheme for scheme in schemes}
    offered = [scheme for scheme in schemes if scheme.assessed_kind == OrganisationKind.BRANCH]
    offered = [scheme for scheme in offered if scheme.year in (year, None)]
    under = {one.pk: moves.under(one.organisation, day, day) for one in offered if one.organisation}

    def nearest(branch: Organisation) -> Scheme | None:
        covering = [one for one in offered if one.pk not in under or under[one.pk].covers(branch, day)]
        return max(covering, key=_closeness, default=None)

    return {branch.pk: by_id[begun[branch.pk]] if branch.pk in begun else nearest(branch) for branch in branches}


def _closeness(scheme: Scheme) -> tuple[int, bool]:
    level = scheme.organisation.level if scheme.organisation else -1
    return level, scheme.year is not None
