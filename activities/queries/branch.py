"""What my branch shows: what needs doing, the duties of the year, members and attendance, what was held last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import QuerySet

from activities.models import Activity, DutyRule, ReviewStep
from activities.queries.activities import listed
from activities.queries.duties import Cell, cells, cells_now
from activities.queries.figures import concerning
from activities.queries.findings import Row as FindingRow
from activities.queries.findings import last_send_backs, rows_on, waiting_for_branch
from activities.queries.work_lists import TaskRow, open_tasks
from activities.rules.activities import State
from activities.rules.attendances import Tally
from activities.rules.duties import DutyStatus, worst
from activities.rules.periods import MONTHS_LONG, Period, period_of
from branches.models import Organisation, PartyGroup, Term
from branches.queries.organisations import offices_of, secretaries_of
from branches.queries.successions import with_merged
from branches.rights import Access, Permission


@dataclass(frozen=True)
class DutyRow:
    """One duty in one year: `cells` are its periods, `standing` the one that tells how it is now."""

    rule: DutyRule
    cells: tuple[Cell, ...]
    standing: Cell


@dataclass(frozen=True)
class Group:
    """The duties of one rhythm; `period` is the one that runs today, None in another year."""

    rhythm: str
    period: Period | None
    rows: tuple[DutyRow, ...]


@dataclass(frozen=True)
class Returned:
    """A record sent back. `step` holds the reviewer's own words; `cell` the duty that waits for it, if one does."""

    activity: Activity
    step: ReviewStep | None
    days: int
    cell: Cell | None = None


@dataclass(frozen=True)
class ToDo:
    """What needs a hand today, in this order."""

    returned: tuple[Returned, ...] = ()
    overdue: tuple[Cell, ...] = ()
    soon: tuple[Cell, ...] = ()
    drafts: tuple[Activity, ...] = ()
    findings: tuple[FindingRow, ...] = ()
    tasks: tuple[TaskRow, ...] = ()
    next_due: Cell | None = None  # what comes next; shown where nothing presses

    @property
    def count(self) -> int:
        parts = (self.returned, self.overdue, self.soon, self.drafts, self.findings, self.tasks)
        return sum(len(part) for part in parts)


@dataclass(frozen=True)
class Held:
    """One activity in a list of recent ones."""

    activity: Activity
    attendance: Tally


@dataclass(frozen=True)
class BranchFacts:
    """Who and where the branch is on a day."""

    secretary: str = ""
    offices: list[str] = field(default_factory=list)
    term: Term | None = None


def branch_cells(branch: Organisation, year: int, today: date) -> list[Cell]:
    """The cells of one branch in `year`; in the running year also those of the year before that can be made good."""
    own = cells_now([branch], today) if year == today.year else cells([branch], year, today)
    return own[branch.pk]


def duty_groups(own: Sequence[Cell], year: int, today: date) -> list[Group]:
    """The cells of a branch as rows, one a duty, in groups of one rhythm, the shortest first."""
    by_rhythm: dict[str, list[DutyRow]] = {rhythm: [] for rhythm in MONTHS_LONG}
    codes = dict.fromkeys(cell.rule.code for cell in own if cell.period.year == year)
    for code in codes:
        of_duty = [cell for cell in own if cell.rule.code == code]
        in_year = tuple(cell for cell in of_duty if cell.period.year == year)
        by_rhythm[in_year[0].rule.rhythm].append(DutyRow(in_year[0].rule, in_year, standing(of_duty)))
    runs = year == today.year
    return [
        Group(rhythm, period_of(today, rhythm) if runs else None, tuple(rows))
        for rhythm, rows in by_rhythm.items()
        if rows
    ]


def standing(of_duty: Sequence[Cell]) -> Cell:
    """The cell of one duty that speaks for it: the longest overdue, else the running one, else the worst."""
    overdue = [cell for cell in of_duty if cell.status == DutyStatus.OVERDUE]
    running = [cell for cell in of_duty if cell.is_current]
    if overdue or running:
        return (overdue + running)[0]
    state = worst(cell.status for cell in of_duty)
    return [cell for cell in of_duty if cell.status == state][-1]


def to_do(branch: Organisation, own: Iterable[Cell], access: Access) -> ToDo:
    """What the branch has to do on the access's day, and what is left of those merged into it. 7 queries.

    Drafts are for those who may write them.
    """
    own = list(own)
    may_draft = access.may(Permission.DRAFT, branch)
    drafts = _records(branch).filter(state=State.DRAFT).order_by("held_on", "pk")
    merged = Organisation.objects.filter(with_merged(branch)).exclude(pk=branch.pk)
    return ToDo(
        returned=tuple(_returned(branch, own, access.day)),
        overdue=tuple(cell for cell in own if cell.status == DutyStatus.OVERDUE),
        soon=tuple(cell for cell in own if cell.status == DutyStatus.SOON and not cell.returned),
        drafts=tuple(drafts) if may_draft else (),
        findings=_findings(branch, access.day),
        tasks=tuple(row for one in (branch, *merged) for row in open_tasks(one, access.day)),
        next_due=_next_due(own),
    )


def _findings(branch: Organisation, today: date) -> tuple[FindingRow, ...]:
    rows = rows_on(waiting_for_branch(branch), today)
    sent_back = last_send_backs(row.finding for row in rows)
    return tuple(replace(row, sent_back=sent_back.get(row.finding.pk)) for row in rows)


def _next_due(own: Iterable[Cell]) -> Cell | None:
    """The running period with the nearest end in which something is still to be held."""
    running = [cell for cell in own if cell.status == DutyStatus.OPEN and cell.is_current]
    return min(running, key=lambda cell: (cell.due_on, cell.rule.position), default=None)


def _returned(branch: Organisation, own: list[Cell], today: date) -> list[Returned]:
    activities = list(_records(branch).filter(state=State.RETURNED).order_by("held_on", "pk"))
    steps = last_returns(activities)
    waiting = {
        record.activity_id: cell
        for cell in own
        if cell.status in {DutyStatus.OVERDUE, DutyStatus.SOON, DutyStatus.OPEN}
        for record in cell.returned
    }
    found = []
    for activity in activities:
        step = steps.get(activity.pk)
        days = (today - step.on).days if step else 0
        found.append(Returned(activity, step, days, waiting.get(activity.pk)))
    return found


def _records(branch: Organisation) -> QuerySet[Activity]:
    """Records of the branch and of those merged into it, which it finishes."""
    own = Organisation.objects.filter(with_merged(branch)).order_by().values("pk")
    return Activity.objects.filter(organisation__in=own).select_related("organisation").prefetch_related("kinds")


def last_returns(activities: Iterable[Activity]) -> dict[int, ReviewStep]:
    """The latest return of each activity, with who returned it. 1 query."""
    steps = (
        ReviewStep.objects.filter(activity__in=activities, step=ReviewStep.Step.RETURNED)
        .select_related("by")
        .order_by("pk")
    )
    return {step.activity_id: step for step in steps}


def recent_activities(branch: Organisation, access: Access, *, limit: int = 5) -> list[Held]:
    """What the branch held or took part in last, as far as the reader may see it. 2 queries."""
    rows = Activity.objects.within(access).filter(concerning(branch, date.min, date.max)).order_by("-held_on", "-pk")
    activities = listed(rows, branch)[:limit]
    return [
        Held(activity, Tally(expected=activity.expected, present=activity.present))  # type: ignore[attr-defined]
        for activity in activities
    ]


def readable_records(shown: Iterable[Cell], access: Access) -> set[int]:
    """Which activities behind the cells the reader may open: a joint one may be out of reach. 1 query."""
    ids = {record.activity_id for cell in shown for record in (*cell.counted, *cell.returned)}
    return set(Activity.objects.within(access).filter(pk__in=ids).values_list("pk", flat=True))


def groups_of(cell: Cell) -> dict[int, PartyGroup]:
    """The party groups that met for a duty, by id; groups that stand no more included. 1 query, none without groups."""
    ids = {record.group_id for record in (*cell.counted, *cell.returned) if record.group_id}
    return PartyGroup.objects.in_bulk(ids) if ids else {}


def branch_facts(branch: Organisation, day: date) -> BranchFacts:
    """The secretary, the offices and the term of a branch on `day`. 3 queries."""
    return BranchFacts(
        secretary=secretaries_of([branch], day).get(branch.pk, ""),
        offices=offices_of([branch], day).get(branch.pk, []),
        term=Term.objects.active_on(day).filter(organisation=branch).order_by("starts_on").last(),
    )
