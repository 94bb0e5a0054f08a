"""Which scheme judges whom."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from branches.models import Organisation
from branches.rules.organisations import OrganisationKind
from reports.models import Scheme, Sheet


def scheme_for(organisation: Organisation, year: int) -> Scheme | None:
    """The scheme `organisation` is judged by in `year`; None where there is not even a default."""
    return schemes_for([organisation], year, sheets=[])[organisation.pk]


def schemes_for(branches: Iterable[Organisation], year: int, *, sheets: Iterable[Sheet]) -> dict[int, Scheme | None]:
    """The scheme of each branch by its id, with sections and indicators. 3 queries however many branches.

    A sheet once begun keeps its scheme. Else the nearest organisation above (or the branch itself) decides, its scheme
    of that very year before one for every year; the default comes last.
    """
    branches = list(branches)
    begun = {sheet.organisation_id: sheet.scheme_id for sheet in sheets}
    in_force = Q(assessed_kind=OrganisationKind.BRANCH) & (Q(year=year) | Q(year__isnull=True))
    reaches = Q(organisation__isnull=True) | Q(organisation__tree_id__in={branch.tree_id for branch in branches})
    schemes = list(
        Scheme.objects.filter((in_force & reaches) | Q(pk__in=set(begun.values())))
        .select_related("organisation")
        .prefetch_related("sections__indicators")
    )
    by_id = {scheme.pk: scheme for scheme in schemes}
    offered = [scheme for scheme in schemes if scheme.assessed_kind == OrganisationKind.BRANCH]
    offered = [scheme for scheme in offered if scheme.year in (year, None)]
    return {
        branch.pk: by_id[begun[branch.pk]] if branch.pk in begun else _nearest(branch, offered) for branch in branches
    }


def _nearest(branch: Organisation, schemes: list[Scheme]) -> Scheme | None:
    candidates = [scheme for scheme in schemes if _covers(scheme.organisation, branch)]
    return max(candidates, key=_closeness, default=None)


def _closeness(scheme: Scheme) -> tuple[int, bool]:
    level = scheme.organisation.level if scheme.organisation else -1
    return level, scheme.year is not None


def _covers(organisation: Organisation | None, branch: Organisation) -> bool:
    if organisation is None:
        return True
    return (
        organisation.tree_id == branch.tree_id and organisation.lft <= branch.lft and branch.rght <= organisation.rght
    )
