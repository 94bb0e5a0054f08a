"""How a branch stands with an item of a work list."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.utils.translation import pgettext_lazy

from activities.rules.activities import COUNTING, State

MAX_ITEMS = 20


class TaskState(models.TextChoices):
    OPEN = "open", pgettext_lazy("task", "Not answered")
    DONE = "done", pgettext_lazy("task", "Done")
    DECLINED = "declined", pgettext_lazy("task", "Cannot be done")


class Standing(models.TextChoices):
    """What everybody reads: the state, and of an item with an activity how far that has come.

    Lapsed is what a branch had not answered when it was revoked: nobody is asked any more.
    """

    OPEN = "open", pgettext_lazy("task", "Not answered")
    PLANNED = "planned", pgettext_lazy("task", "Planned")
    DONE = "done", pgettext_lazy("task", "Done")
    DECLINED = "declined", pgettext_lazy("task", "Cannot be done")
    LAPSED = "lapsed", pgettext_lazy("task", "Branch revoked")


ANSWERED = frozenset({Standing.DONE, Standing.DECLINED})


def standing(state: str, activity_state: str | None, *, is_revoked: bool = False) -> Standing:
    """How a task stands: by its activity if it has one that was not given up, else by what was answered.

    An activity counts once it has been handed in, as for every duty. `is_revoked`: the branch is no more.
    """
    if activity_state in COUNTING:
        return Standing.DONE
    planned = activity_state is not None and activity_state != State.DISCARDED
    stands = Standing.PLANNED if planned else Standing(state)
    return Standing.LAPSED if is_revoked and stands not in ANSWERED else stands


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def due_of(due_on: date | None, week_of: date) -> date:
    """The last day for an answer; where none was set, the Sunday of the week."""
    return due_on or week_of + timedelta(days=6)


def is_overdue(stands: str, due: date, today: date) -> bool:
    return stands in {Standing.OPEN, Standing.PLANNED} and due < today
