"""What an organisation above branches sees: its branches against their duties, and what waits for somebody today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Q

from activities.models import Activity, DutyRule, ReviewStep
from activities.queries.branch import Returned, last_returns, standing
from activities.queries.duties import Cell, Summary, cells, cells_now, year_summary
from activities.rules.activities import State
from activities.rules.duties import PROBLEMS, DutyStatus, worst
from activities.rules.periods import Period, period_of, periods_of
from branches.models import Organisation
from branches.queries.organisations import offices_of
from branches.rights import Access

MANY = 500  # above so many branches a page leaves the whole year to the organisations below


@dataclass(frozen=True)
class Roll:
    """What stands in one place of the matrix: the cells of one duty of a branch, or of all branches below a node."""

    node: Organisation
    rule: DutyRule
    cells: tuple[Cell, ...]

    @property
    def status(self) -> DutyStatus:
        return worst(cell.status for cell in self.cells)

    @property
    def worst(self) -> Cell | None:
        return next((cell for cell in self.cells if cell.status == self.status), None)

    @property
    def owed(self) -> int:
        return sum(cell.is_owed for cell in self.cells)

    @property
    def done(self) -> int:
        return sum(cell.is_done for cell in self.cells)

    @property
    def fraction(self) -> str:
        return f"{self.done}/{self.owed}"

    @property
    def is_problem(self) -> bool:
        return self.status in PROBLEMS

    @property
    def is_single(self) -> bool:
        return self.node.is_branch and len(self.cells) == 1


@dataclass(frozen=True)
class Row:
    """One line of the matrix: a branch, or a node and everything below it. `year` is None above too many branches."""

    node: Organisation
    offices: list[str]
    rolls: tuple[Roll, ...]
    year: Summary | None
    branches: int

    @property
    def statuses(self) -> set[str]:
        return {cell.status for roll in self.rolls for cell in roll.cells}


@dataclass(frozen=True)
class Column:
    """One duty of the matrix; `period` is the one its name carries, `total` the foot."""

    rule: DutyRule
    period: Period
    total: Roll


@dataclass(frozen=True)
class Matrix:
    """`rows` are those of the `nodes` the filter leaves; `counts` and the columns' totals are of all."""

    columns: tuple[Column, ...]
    nodes: tuple[Organisation, ...]
    rows: tuple[Row, ...]
    counts: dict[str, int]
    year: Summary | None
    branches: int
    overdue: tuple[Cell, ...]


def matrix(
    organisation: Organisation,
    today: date,
    *,
    shown: Period | None = None,
    status: str = "",
    only_problems: bool = False,
) -> Matrix:
    """The children of `organisation` against the duties of the branches below them. 9 queries however many.

    `shown` is the period looked at; None shows how every duty stands now: what is overdue, else the running period.
    `status` and `only_problems` leave out the rows without such a cell.
    """
    year = shown.year if shown else today.year
    nodes = rows_of(organisation, today, shown)
    branches = branches_below(organisation, today, shown)
    has_year = len(branches) <= MANY
    if shown is None:
        of_branch = cells_now(branches, today, whole_year=has_year)
    else:
        of_branch = cells(branches, year, today, periods=None if has_year else _overlapping(shown))
    picked = {pk: _pick(own, shown) for pk, own in of_branch.items()}
    rules = _rules(of_branch)
    offices = offices_of([node for node in nodes if node.is_branch], today)
    rows = []
    for node in nodes:
        below = [branch for branch in branches if node.lft <= branch.lft and branch.rght <= node.rght]
        rows.append(
            Row(
                node=node,
                offices=offices.get(node.pk, []),
                rolls=tuple(_roll(node, rule, [picked[branch.pk] for branch in below]) for rule in rules),
                year=_summary([of_branch[branch.pk] for branch in below], year) if has_year else None,
                branches=len(below),
            )
        )
    return Matrix(
        columns=tuple(
            Column(rule, _named(rule, today, shown), _roll(organisation, rule, picked.values())) for rule in rules
        ),
        nodes=tuple(nodes),
        rows=tuple(row for row in rows if _is_left(row, status, only_problems=only_problems)),
        counts=_counts(picked.values()),
        year=_summary(of_branch.values(), year) if has_year else None,
        branches=len(branches),
        overdue=_overdue(of_branch.values()),
    )


def branches_below(organisation: Organisation, today: date, shown: Period | None = None) -> list[Organisation]:
    """The branches at or below `organisation` that stand today, or stood at some time in the period looked at."""
    first, last = (shown.first, min(shown.last, today)) if shown else (today, today)
    return list(
        Organisation.objects.under(organisation)
        .branches()
        .filter(founded_on__lte=last)
        .exclude(ended_on__lt=first)
        .order_by("lft")
    )


def rows_of(organisation: Organisation, today: date, shown: Period | None = None) -> list[Organisation]:
    """The children of `organisation`; a sole child that is no branch makes way for its own children."""
    first, last = (shown.first, min(shown.last, today)) if shown else (today, today)
    below = (
        Organisation.objects.under(organisation)
        .exclude(pk=organisation.pk)
        .filter(founded_on__lte=last)
        .exclude(ended_on__lt=first)
        .order_by("lft")
    )
    nodes = list(below.filter(level__lte=organisation.level + 3))
    parent = organisation
    while True:
        children = [node for node in nodes if node.parent_id == parent.pk]
        if len(children) != 1 or children[0].is_branch or not any(n.parent_id == children[0].pk for n in nodes):
            return children
        parent = children[0]


def returned_below(organisation: Organisation, access: Access, limit: int) -> tuple[int, list[Returned]]:
    """How many records below `organisation` were sent back and not mended, and the longest waiting. 4 queries."""
    rows = Activity.objects.within(access).filter(
        state=State.RETURNED, organisation__in=Organisation.objects.under(organisation).order_by().values("pk")
    )
    returned_on = Max("review_steps__on", filter=Q(review_steps__step=ReviewStep.Step.RETURNED))
    longest = list(
        rows.annotate(returned_on=returned_on)
        .select_related("organisation")
        .prefetch_related("kinds")
        .order_by("returned_on", "pk")[:limit]
    )
    steps = last_returns(longest)
    found = []
    for activity in longest:
        step = steps.get(activity.pk)
        found.append(Returned(activity, step, (access.day - step.on).days if step else 0))
    return rows.count(), found


def _overdue(of_branches: Iterable[list[Cell]]) -> tuple[Cell, ...]:
    """What is overdue, the longest first."""
    found = [cell for own in of_branches for cell in own if cell.status == DutyStatus.OVERDUE]
    return tuple(sorted(found, key=lambda cell: (-cell.days_over, cell.branch.lft)))


def _summary(of_branches: Iterable[list[Cell]], year: int) -> Summary:
    return year_summary(cell for own in of_branches for cell in own if cell.period.year == year)


def _overlapping(shown: Period) -> Callable[[DutyRule], list[Period]]:
    return lambda rule: [period for period in periods_of(shown.year, rule.rhythm) if period.overlaps(shown)]


def _pick(own: Sequence[Cell], shown: Period | None) -> dict[str, tuple[Cell, ...]]:
    """The cells of a branch that the page shows, by duty."""
    of_duty: dict[str, list[Cell]] = {}
    for cell in own:
        of_duty.setdefault(cell.rule.code, []).append(cell)
    if shown is None:
        return {code: (standing(found),) for code, found in of_duty.items()}
    return {code: tuple(cell for cell in found if cell.period.overlaps(shown)) for code, found in of_duty.items()}


def _rules(of_branch: dict[int, list[Cell]]) -> list[DutyRule]:
    """One rule for every duty any branch has, in the order of the page."""
    rules: dict[str, DutyRule] = {}
    for own in of_branch.values():
        for cell in own:
            rules.setdefault(cell.rule.code, cell.rule)
    return sorted(rules.values(), key=lambda rule: (rule.position, rule.code))


def _roll(node: Organisation, rule: DutyRule, picked: Iterable[dict[str, tuple[Cell, ...]]]) -> Roll:
    return Roll(node, rule, tuple(cell for own in picked for cell in own.get(rule.code, ())))


def _named(rule: DutyRule, today: date, shown: Period | None) -> Period:
    """The period a column's name carries: the one shown, or the longer one it lies in."""
    if shown is None:
        return period_of(today, rule.rhythm)
    own = period_of(shown.first, rule.rhythm)
    return own if own.months >= shown.months else shown


def _counts(picked: Iterable[dict[str, tuple[Cell, ...]]]) -> dict[str, int]:
    found = Counter(str(cell.status) for own in picked for roll in own.values() for cell in roll)
    return {str(status): found[status] for status in DutyStatus}


def _is_left(row: Row, status: str, *, only_problems: bool) -> bool:
    if status and status not in row.statuses:
        return False
    return not only_problems or bool(row.statuses & PROBLEMS)
