"""Announced meetings and work lists as tests need them."""

from __future__ import annotations

from datetime import date
from typing import Any

from activities.actions.guidance import announce
from activities.actions.work_lists import Content, ItemEntry, send, write
from activities.models import Activity, ActivityKind, Task, WorkList
from activities.rules.activities import State
from branches.models import Organisation
from tests.activities.held import held
from tests.cast import Cast

MEETING = date(2020, 10, 28)
MONDAY = date(2020, 10, 26)


def planned(cast: Cast, *, told: bool = True, on: date = MEETING, branch: Organisation | None = None) -> Activity:
    """A draft of `first` for a day to come, announced unless said otherwise."""
    activity = held(branch or cast.first, "members_meeting", on, state=State.DRAFT, title="研究第四季度工作安排")
    activity.minutes = "会前不公开的记录"
    activity.save()
    return announce(activity=activity, by=cast.recorder) if told else activity


def content(cast: Cast, **changes: Any) -> Content:
    usual: dict[str, Any] = {
        "title": "10月第四周党建工作清单",
        "week_of": MONDAY,
        "recipients": (cast.first.pk, cast.second.pk),
        "items": (
            ItemEntry(title="报送学习计划", due_on=date(2020, 10, 30)),
            ItemEntry(title="上一堂微党课", kind=ActivityKind.objects.get(code="party_lecture")),
        ),
    }
    return Content(**(usual | changes))


def written(cast: Cast, **changes: Any) -> WorkList:
    return write(organisation=cast.committee, content=content(cast, **changes), by=cast.staff)


def sent(cast: Cast, **changes: Any) -> WorkList:
    draft = written(cast, **changes)
    return send(work_list=draft, version=draft.version, by=cast.staff)


def task_of(cast: Cast, position: int = 1, branch: Organisation | None = None) -> Task:
    """The task of `first` (or another branch) for an item of the only list."""
    return Task.objects.get(branch=branch or cast.first, item__position=position)
