"""The branches behind a number, and the gaps behind a year's total."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from activities.models import DutyRule
from activities.queries.desk import MANY, belonging, branches_of
from activities.queries.duties import Cell, Summary, cells, year_summary
from activities.rules.duties import DutyStatus, worst
from activities.rules.periods import Period, periods_of
from branches.models import Organisation
from branches.queries.tree import StoodUnder, stood_under


@dataclass(frozen=True)
class YearRow:
    """One branch's year."""

    branch: Organisation
    cells: tuple[Cell, ...]
    summary: Summary

    @property
    def gaps(self) -> list[Cell]:
        return gaps_first(self.cells)


@dataclass(frozen=True)
class StripCell:
    """One period of the strip of an organisation above branches."""

    period: Period
    status: DutyStatus
    done: int
    owed: int
    is_current: bool
    is_future: bool


def gaps_first(found: Iterable[Cell]) -> list[Cell]:
    """The gaps among `found`: what can still be made good first, then what is lost, each by period."""
    gaps = [cell for cell in found if cell.is_gap]
    return sorted(gaps, key=lambda cell: (cell.status != DutyStatus.OVERDUE, cell.period.last, cell.rule.position))


def year_rows(node: Organisation, year: int, today: date, code: str = "") -> tuple[list[YearRow], list[DutyRule]]:
    """The branches below `node` with their year, the most gaps first, and the duties they have. 9 queries.

    `code` looks at one duty only. Of more than `MANY` branches none is listed: see the organisations below.
    """
    under = _under(node, year)
    branches = branches_of(under, (under.first, today))
    if len(branches) > MANY:
        return [], []
    of_branch = belonging(under, cells(branches, year, today))
    rules = {cell.rule.code: cell.rule for own in of_branch.values() for cell in own}
    rows = []
    for branch in branches:
        shown = tuple(cell for cell in of_branch[branch.pk] if code in ("", cell.rule.code))
        rows.append(YearRow(branch, shown, year_summary(shown)))
    rows.sort(key=lambda row: (-row.summary.short, row.branch.lft))
    return rows, sorted(rules.values(), key=lambda rule: (rule.position, rule.code))


def branches_behind(node: Organisation, code: str, year: int, number: int, today: date) -> list[list[Cell]]:
    """The year's cells of one duty, of all branches below `node` that have it; of many one period. 9 queries."""
    under = _under(node, year)
    branches = branches_of(under, (under.first, today))

    def one_period(rule: DutyRule) -> list[Period]:
        return [period for period in periods_of(year, rule.rhythm) if period.number == number]

    of_branch = cells(branches, year, today, code=code, periods=one_period if len(branches) > MANY else None)
    return [own for own in belonging(under, of_branch).values() if own]


def strip_below(of_branch: list[list[Cell]], year: int, rhythm: str, today: date) -> list[StripCell]:
    """The year of one duty of several branches: the worst state of each period and how many did it."""
    strip: list[StripCell] = []
    if len(of_branch) > MANY:
        return strip
    for period in periods_of(year, rhythm):
        found = [cell for own in of_branch for cell in own if cell.period.overlaps(period)]
        strip.append(
            StripCell(
                period=period,
                status=worst(cell.status for cell in found),
                done=sum(cell.is_done for cell in found),
                owed=sum(cell.is_owed for cell in found),
                is_current=period.contains(today),
                is_future=period.first > today,
            )
        )
    return strip


def counts_of(found: Iterable[Cell]) -> dict[str, int]:
    counted = Counter(str(cell.status) for cell in found)
    return {str(status): counted[status] for status in DutyStatus}


def _under(node: Organisation, year: int) -> StoodUnder:
    return stood_under(node, date(year, 1, 1), date(year, 12, 31))
