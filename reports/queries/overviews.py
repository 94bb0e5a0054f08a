"""An organ's overview: many branches' sheets side by side, one table for each scheme."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from activities.models import Result
from activities.models.results import ResultQuerySet
from activities.rules.results import ResultKind
from branches.models import Organisation
from branches.rights import Access, Permission
from reports.models import Scheme
from reports.queries.sheets import BranchSheet, sheets_of


@dataclass(frozen=True)
class Table:
    """The branches judged by one scheme. `done` counts, section by section, the branches reviewed throughout."""

    scheme: Scheme | None
    sheets: tuple[BranchSheet, ...]

    @property
    def sections(self) -> list[tuple[str, Decimal]]:
        return [(part.section.label, part.total.full) for part in self.sheets[0].sections]

    @property
    def done(self) -> list[int]:
        columns = zip(*(sheet.sections for sheet in self.sheets), strict=True)
        return [sum(not part.total.open_count for part in column) for column in columns]

    @property
    def totalled(self) -> int:
        return sum(sheet.total.points is not None for sheet in self.sheets)


def tables_of(branches: Iterable[Organisation], year: int, today: date) -> list[Table]:
    """The sheets of `branches`, in their order, by scheme. As many queries as `sheets_of`."""
    by_scheme: dict[int | None, list[BranchSheet]] = {}
    for sheet in sheets_of(branches, year, today).values():
        by_scheme.setdefault(sheet.scheme.pk if sheet.scheme else None, []).append(sheet)
    return [Table(sheets[0].scheme, tuple(sheets)) for sheets in by_scheme.values()]


def results_of_year(
    organisation: Organisation, branches: Iterable[Organisation], year: int, access: Access, permission: Permission
) -> ResultQuerySet:
    """What came of the year at `branches` and at the bodies above them from `organisation` down; brands in use then.

    Withdrawn ones do not count. In tree order, then by kind and day.
    """
    bodies = Organisation.objects.under(organisation).exclude(kind=Organisation.Kind.BRANCH)
    places = Q(organisation__in=[branch.pk for branch in branches]) | Q(organisation__in=bodies)
    in_use = Q(kind=ResultKind.BRAND, year__lte=year) & (Q(ended_on__isnull=True) | Q(ended_on__year__gte=year))
    return (
        Result.objects.filter(access.reach(permission, "organisation__"))
        .standing()
        .filter(places, Q(year=year) | in_use)
        .select_related("organisation", "person")
        .order_by("organisation__tree_id", "organisation__lft", "kind", "achieved_on", "pk")
    )
