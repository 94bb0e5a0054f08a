"""What an organisation above branches sees: its branches against their duties, and what waits for somebody today."""

from __future__ import annotations

from collections import Counter, defaultdict
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
from branches.queries.tree import Days, Moves, StoodUnder, moves_since, stood_under
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
    """`rows` are those of the `nodes` the filter leaves; `counts` and the columns' totals are of all.

    `gone`: the branches without a row, ended or moved away, that have a part in `year`, with that part.
    """

    columns: tuple[Column, ...]
    nodes: tuple[Organisation, ...]
    rows: tuple[Row, ...]
    counts: dict[str, int]
    year: Summary | None
    branches: int
    overdue: tuple[Cell, ...]
    gone: tuple[tuple[Organisation, Summary], ...] = ()


def matrix(
    organisation: Organisation,
    today: date,
    *,
    shown: Period | None = None,
    status: str = "",
    only_problems: bool = False,
) -> Matrix:
    """The children of `organisation` against the duties of the branches below them. 11 queries however many.

    `shown` is the period looked at; None shows how every duty stands now: what is overdue, else the running period.
    `status` and `only_problems` leave out the rows without such a cell.
    """
    year = shown.year if shown else today.year
    looked_at = _looked_at(today, shown)
    moves = moves_since(date(year, 1, 1))
    whole = moves.under(organisation, date(year, 1, 1), date(year, 12, 31))
    of_year = branches_of(whole, (date(year, 1, 1), today))
    nodes = _rows_of(moves, organisation, looked_at)
    branches = _standing(moves.under(organisation, *looked_at).among(of_year), looked_at)
    has_year = len(branches) <= MANY
    if shown is None:
        of_branch = cells_now(of_year if has_year else branches, today, whole_year=has_year)
    elif has_year:
        of_branch = cells(of_year, year, today)
    else:
        of_branch = cells(branches, year, today, periods=_overlapping(shown))
    current = {branch.pk: of_branch[branch.pk] for branch in branches}
    rules = _rules(current)
    offices = offices_of([node for node in nodes if node.is_branch], today)
    everything = _belonging(whole, of_year, of_branch) if has_year else {}
    rows = []
    in_rows: set[int] = set()
    for node in nodes:
        of_node = moves.under(node, whole.first, whole.last)
        own = belonging(of_node, {branch.pk: everything.get(branch.pk, []) for branch in of_node.among(of_year)})
        in_rows.update(id(cell) for found in own.values() for cell in found)
        picked = _picked(of_node, moves.under(node, *looked_at).among(branches), current, shown)
        rows.append(
            Row(
                node=node,
                offices=offices.get(node.pk, []),
                rolls=tuple(_roll(node, rule, picked.values()) for rule in rules),
                year=_summary(own.values(), year) if has_year else None,
                branches=len(picked),
            )
        )
    picked = _picked(whole, branches, current, shown)
    return Matrix(
        columns=tuple(
            Column(rule, _named(rule, today, shown), _roll(organisation, rule, picked.values())) for rule in rules
        ),
        nodes=tuple(nodes),
        rows=tuple(row for row in rows if _is_left(row, status, only_problems=only_problems)),
        counts=_counts(picked.values()),
        year=_summary(everything.values(), year) if has_year else None,
        branches=len(branches),
        overdue=_overdue(current.values()),
        gone=_gone(of_year, everything, in_rows, year),
    )


def branches_below(organisation: Organisation, today: date, shown: Period | None = None) -> list[Organisation]:
    """The branches at or below `organisation` that stand today, or stood there at some time in the period looked at."""
    looked_at = _looked_at(today, shown)
    return branches_of(stood_under(organisation, *looked_at), looked_at)


def rows_of(organisation: Organisation, today: date, shown: Period | None = None) -> list[Organisation]:
    """The children of `organisation`; a sole child that is no branch makes way for its own children."""
    looked_at = _looked_at(today, shown)
    return _rows_of(moves_since(looked_at[0]), organisation, looked_at)


def belonging(under: StoodUnder, of_branch: dict[int, list[Cell]]) -> dict[int, list[Cell]]:
    """The cells that count for an organisation: of the branches that stood under it on the period's last day."""
    if len(under.zones) == 1:
        return of_branch
    return {pk: [cell for cell in own if under.covers(cell.branch, cell.period.last)] for pk, own in of_branch.items()}


def _belonging(
    under: StoodUnder, branches: Iterable[Organisation], of_branch: dict[int, list[Cell]]
) -> dict[int, list[Cell]]:
    return belonging(under, {branch.pk: of_branch[branch.pk] for branch in under.among(branches)})


def _gone(
    branches: Iterable[Organisation], of_branch: dict[int, list[Cell]], in_rows: set[int], year: int
) -> tuple[tuple[Organisation, Summary], ...]:
    """The branches with a part in the year's foot that no row shows, and that part."""
    left = {branch: [cell for cell in of_branch.get(branch.pk, ()) if id(cell) not in in_rows] for branch in branches}
    parts = ((branch, _summary([own], year)) for branch, own in left.items())
    return tuple((branch, part) for branch, part in parts if part.ended)


def _picked(
    under: StoodUnder, branches: Iterable[Organisation], of_branch: dict[int, list[Cell]], shown: Period | None
) -> dict[int, dict[str, tuple[Cell, ...]]]:
    """What the page shows of each branch, by duty. What stands now is the business of whoever it stands under now."""
    own = {branch.pk: of_branch[branch.pk] for branch in branches}
    return {pk: _pick(found, shown) for pk, found in (belonging(under, own) if shown else own).items()}


def _looked_at(today: date, shown: Period | None) -> Days:
    return (shown.first, min(shown.last, today)) if shown else (today, today)


def branches_of(under: StoodUnder, days: Days) -> list[Organisation]:
    """The branches that stood under an organisation in its time, as far as they existed in `days`. 1 query."""
    return _standing(Organisation.objects.filter(under.ever()).branches().order_by("tree_id", "lft"), days)


def _standing(organisations: Iterable[Organisation], days: Days) -> list[Organisation]:
    first, last = days
    return [one for one in organisations if one.founded_on <= last and (one.ended_on is None or one.ended_on >= first)]


def _rows_of(moves: Moves, organisation: Organisation, days: Days) -> list[Organisation]:
    near = Q(level__lte=organisation.level + 3) | Q(pk__in=list(moves.moved))
    below = Organisation.objects.filter(moves.under(organisation, *days).ever(), near).exclude(pk=organisation.pk)
    nodes = _standing(below.order_by("tree_id", "lft"), days)
    under: dict[int | None, list[Organisation]] = defaultdict(list)
    for node in nodes:
        for above in {moves.above(node, since) for since, _until in moves.spells(*days)}:
            under[above].append(node)
    parent = organisation
    while True:
        children = under[parent.pk]
        if len(children) != 1 or children[0].is_branch or not under[children[0].pk]:
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
