"""An organ's overview: many branches' sheets side by side, one table for each scheme."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from branches.models import Organisation
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
