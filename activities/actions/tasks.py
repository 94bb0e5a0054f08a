"""A branch's answers to the items of work lists."""

from __future__ import annotations

from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from activities.actions.activities import save_draft
from activities.models import Activity, Task, WorkList
from activities.queries.attendances import sheet_on
from activities.queries.content import prefilled
from activities.rules.activities import State
from activities.rules.work_lists import TaskState, due_of
from branches.models import User
from foundation.actions.audit import Changes, difference, record
from foundation.clock import business_date


class AnsweredMeanwhile(ValidationError):
    """A colleague answered since the page was opened."""

    def __init__(self) -> None:
        super().__init__(_("A colleague has answered meanwhile. Read the answer, then save again."), code="version")


@transaction.atomic
def answer(*, task: Task, state: str, words: str, version: int, by: User) -> Task:
    """Say in words that an item is done or cannot be done. The same again is once; a better answer replaces it.

    Raises:
        AnsweredMeanwhile: `version` is not the one stored.
        ValidationError: the list was withdrawn, words are missing, or the item is done by an activity only.
    """
    locked = _locked(task)
    if state == TaskState.DONE and locked.item.kind_id:
        raise ValidationError(_("This item is done when the activity has been held and handed in. Plan it here."))
    if locked.activity and locked.activity.state != State.DISCARDED:
        raise ValidationError(_("There is an activity for this item already; hand it in or put it away."))
    if not words:
        raise ValidationError({"answer": _("Say what was done, or why it cannot be done.")})
    values = {"state": state, "answer": words}
    changes = difference({name: getattr(locked, name) for name in values}, values)
    if not changes:
        return locked
    if locked.version != version:
        raise AnsweredMeanwhile
    locked.state, locked.answer = TaskState(state), words
    return _kept(locked, "task.answer", changes, by)


@transaction.atomic
def plan(*, task: Task, by: User, activity: Activity | None = None) -> Activity:
    """The activity for an item with a kind: `activity`, a record of the branch, or a new draft. Twice is once.

    The draft has the item's title and kind; its day is the item's last day, or today where that has passed.

    Raises:
        ValidationError: the list was withdrawn, the item asks for no activity, or the record does not fit it.
    """
    locked = _locked(task)
    kind = locked.item.kind
    if kind is None:
        raise ValidationError(_("This item asks for no activity; answer it in words."))
    if locked.activity and locked.activity.state != State.DISCARDED:
        return locked.activity
    if activity is None:
        day = max(due_of(locked.item.due_on, locked.item.work_list.week_of), business_date())
        sheet = sheet_on(locked.branch, day, [kind])
        content = prefilled(locked.branch, [kind], day, sheet)
        made = save_draft(organisation=locked.branch, content=replace(content, title=locked.item.title), by=by)
    elif activity.organisation_id != locked.branch_id or not activity.kinds.filter(pk=kind.pk).exists():
        raise ValidationError(_("Choose a record of this branch and of the kind that is asked for."))
    else:
        made = activity
    before, locked.activity, locked.state = locked.activity_id, made, TaskState.OPEN
    _kept(locked, "task.plan", {"activity": (before, made.pk)}, by)
    return made


def _locked(task: Task) -> Task:
    """The task with its list as they are now; the list held too, so that none is answered while it is withdrawn."""
    WorkList.objects.select_for_update(of=("self",)).get(items__tasks=task)
    locked = (
        Task.objects.select_for_update(of=("self",))
        .select_related("item__work_list", "item__kind", "branch", "activity")
        .get(pk=task.pk)
    )
    if locked.item.work_list.withdrawn_on:
        raise ValidationError(_("This work list has been withdrawn; its items are asked for no more."))
    return locked


def _kept(task: Task, verb: str, changes: Changes, by: User) -> Task:
    task.answered_on, task.answered_by = business_date(), by
    task.version += 1
    task.save()
    record(verb=verb, target=task.item, by=by, organisation=task.branch_id, changes=changes)
    return task
