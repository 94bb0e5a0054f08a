"""Work lists as the committee and the branches read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.http import Http404

from activities.models import Activity, ActivityKind, Task, WorkItem, WorkList
from activities.rules.activities import State
from activities.rules.work_lists import ANSWERED, Standing, due_of, is_overdue, standing
from branches.models import Organisation
from branches.rights import Access, AccessRequest, Permission

SIGNS = {Standing.DONE: "met", Standing.DECLINED: "exempt", Standing.PLANNED: "planned", Standing.LAPSED: "na"}


@dataclass(frozen=True)
class TaskRow:
    """A task with how it stands on a day."""

    task: Task
    stands: Standing
    due: date
    overdue: bool

    @property
    def is_answered(self) -> bool:
        return self.stands in ANSWERED

    @property
    def is_asked(self) -> bool:
        """Somebody has still to answer."""
        return not self.is_answered and self.stands != Standing.LAPSED

    @property
    def sign(self) -> str:
        """The status key that draws it."""
        if self.stands == Standing.OPEN:
            return "overdue" if self.overdue else "open"
        return SIGNS[self.stands]


@dataclass(frozen=True)
class Count:
    """How many of `total` tasks are answered, how many of the rest are overdue; lapsed ones are left out."""

    answered: int
    total: int
    overdue: int

    @property
    def is_complete(self) -> bool:
        return self.answered == self.total


@dataclass(frozen=True)
class ItemRow:
    item: WorkItem
    due: date
    count: Count
    missing: tuple[Organisation, ...]


@dataclass(frozen=True)
class BranchAnswers:
    branch: Organisation
    rows: tuple[TaskRow, ...]
    count: Count


@dataclass(frozen=True)
class Answers:
    """A sent list with its answers, by item and by branch."""

    items: tuple[ItemRow, ...]
    branches: tuple[BranchAnswers, ...]
    count: Count


def work_lists_below(node: Organisation, access: Access) -> QuerySet[WorkList]:
    """The lists `node` and those below it wrote, in the reader's reach, the latest week first."""
    return WorkList.objects.filter(_readable(access), organisation__in=Organisation.objects.under(node)).select_related(
        "organisation", "sent_by"
    )


def _readable(access: Access) -> Q:
    """Drafts are read by those who write them."""
    sent = access.reach(Permission.VIEW, "organisation__") & Q(sent_on__isnull=False)
    return access.reach(Permission.SUPERVISE, "organisation__") | sent


def latest_list(node: Organisation) -> WorkList | None:
    """The list of the latest week the organisation has written itself: what a new one may be copied from."""
    return WorkList.objects.filter(organisation=node, withdrawn_on__isnull=True).first()


def counts_of(lists: Iterable[WorkList], access: Access) -> dict[int, Count]:
    """Work list → how far its answers are, as far as the branches are in the reader's reach. 1 query."""
    ids = [row.pk for row in lists]
    by_list: dict[int, list[TaskRow]] = {pk: [] for pk in ids}
    tasks = Task.objects.within(access, Permission.VIEW).filter(item__work_list__in=ids)
    for task in tasks.select_related("item__work_list", "activity", "branch"):
        by_list[task.item.work_list_id].append(task_row(task, access.day))
    return {pk: _count(rows) for pk, rows in by_list.items()}


def work_list_or_404(request: AccessRequest, pk: int, *, to_write: bool = True) -> WorkList:
    """The list with `pk`, if the user supervises at the organisation that wrote it; sent, whoever reads there.

    Raises:
        Http404: there is none, or it is out of reach; the answer does not tell which.
    """
    found = (
        WorkList.objects.filter(_readable(request.access), pk=pk)
        .select_related("organisation__parent", "sent_by", "entered_by")
        .first()
    )
    if found is None or (to_write and not request.access.may(Permission.SUPERVISE, found.organisation)):
        raise Http404
    request.organisation = found.organisation
    return found


def answers_to(work_list: WorkList, access: Access) -> Answers:
    """Who has answered what, and who has not. 2 queries."""
    tasks = (
        Task.objects.within(access, Permission.VIEW)
        .filter(item__work_list=work_list)
        .select_related("item__work_list", "item__kind", "branch", "activity", "answered_by")
        .order_by("branch__tree_id", "branch__lft", "item__position")
    )
    rows = [task_row(task, access.day) for task in tasks]
    items = []
    for item in work_list.items.select_related("kind"):
        own = [row for row in rows if row.task.item_id == item.pk]
        missing = tuple(row.task.branch for row in own if row.is_asked)
        items.append(ItemRow(item, due_of(item.due_on, work_list.week_of), _count(own), missing))
    branches: dict[int, list[TaskRow]] = {}
    for row in rows:
        branches.setdefault(row.task.branch_id, []).append(row)
    return Answers(
        tuple(items),
        tuple(BranchAnswers(own[0].task.branch, tuple(own), _count(own)) for own in branches.values()),
        _count(rows),
    )


def tasks_of(branch: Organisation, day: date) -> list[TaskRow]:
    """The branch's tasks of lists that stand, unanswered ones first, then the latest week. 1 query."""
    tasks = (
        Task.objects.filter(branch=branch, item__work_list__withdrawn_on__isnull=True)
        .select_related("item__work_list__organisation", "item__kind", "branch", "activity", "answered_by")
        .order_by("-item__work_list__week_of", "-item__work_list", "item__position")
    )
    return [task_row(task, day) for task in tasks]


def open_tasks(branch: Organisation, day: date) -> list[TaskRow]:
    """What the branch has still to answer and has not planned yet, the nearest day first. 1 query."""
    tasks = (
        Task.objects.filter(branch=branch, state=Task.State.OPEN, item__work_list__withdrawn_on__isnull=True)
        .select_related("item__work_list", "item__kind", "branch", "activity")
        .order_by("item__position", "pk")
    )
    rows = [task_row(task, day) for task in tasks]
    return sorted((row for row in rows if row.stands == Standing.OPEN), key=lambda row: row.due)


def task_or_404(request: AccessRequest, pk: int, permission: Permission = Permission.VIEW) -> Task:
    """A task of a branch where the user holds `permission`.

    Raises:
        Http404: there is none, or it is out of reach; the answer does not tell which.
    """
    found = (
        Task.objects.within(request.access, permission)
        .select_related("item__work_list__organisation", "item__kind", "branch__parent", "activity", "answered_by")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    request.organisation = found.branch
    return found


def task_row(task: Task, day: date) -> TaskRow:
    """How a task stands; wants `item__work_list`, `branch` and `activity` fetched."""
    is_revoked = task.branch.ended_on is not None and task.branch.ended_on < day
    stands = standing(task.state, task.activity.state if task.activity else None, is_revoked=is_revoked)
    due = due_of(task.item.due_on, task.item.work_list.week_of)
    return TaskRow(task, stands, due, is_overdue(stands, due, day))


def records_to_link(task: Task, access: Access) -> QuerySet[Activity]:
    """Records of the wanted kind the branch wrote since the week began: the activity may have been held already."""
    return (
        Activity.objects.within(access)
        .filter(organisation=task.branch, held_on__gte=task.item.work_list.week_of)
        .filter(pk__in=Activity.kinds.through.objects.filter(activitykind=task.item.kind_id).values("activity_id"))
        .exclude(state=State.DISCARDED)
        .order_by("held_on", "pk")
    )


def kinds_to_ask() -> QuerySet[ActivityKind]:
    return ActivityKind.objects.filter(is_active=True)


def branches_to_send(node: Organisation, day: date) -> QuerySet[Organisation]:
    """The branches below `node` that exist on `day`, in tree order."""
    return Organisation.objects.under(node).branches().existing_on(day).order_by("tree_id", "lft")


def _count(rows: Iterable[TaskRow]) -> Count:
    rows = [row for row in rows if row.stands != Standing.LAPSED]
    return Count(sum(row.is_answered for row in rows), len(rows), sum(row.overdue for row in rows))
