"""Records written the way the form writes them, for tests of what happens to them afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

from activities.actions.activities import save_draft
from activities.actions.reviews import accept, send_back, submit
from activities.models import Activity
from activities.rules.activities import Presence, State
from activities.rules.content import Content, Item, Mark
from branches.models import Organisation
from tests.cast import TODAY, Cast


def full_content(cast: Cast, **changes: Any) -> Content:
    """A members' meeting of `first` with nothing missing: five present, one on leave, one absent."""
    people = [cast.people[f"first{number}"].pk for number in range(7)]
    marks = [Mark(pk, Presence.PRESENT) for pk in people[:5]]
    marks += [Mark(people[5], Presence.LEAVE, "因公出差"), Mark(people[6], Presence.ABSENT, "临时接访")]
    content = Content(
        kinds=("members_meeting",),
        title="学习重要讲话精神",
        held_on=TODAY,
        starts_at=time(15),
        ends_at=time(16, 40),
        place="三楼会议室",
        chair_id=people[0],
        recorder_id=people[1],
        marks=tuple(marks),
        agenda=(Item("学习重要讲话", is_first_item=True, minutes="王建国领学，张伟发言。"),),
    )
    return replace(content, **changes)


def draft(cast: Cast, **changes: Any) -> Activity:
    return save_draft(organisation=cast.first, content=full_content(cast, **changes), by=cast.recorder)


def written(cast: Cast, state: str = State.DRAFT, **changes: Any) -> Activity:
    """A record of `first` in `state`, led there by the people whose turn it is."""
    record = draft(cast, **changes)
    if state == State.DRAFT:
        return record
    record = submit(activity=record, version=record.version, by=cast.secretary)
    if state == State.ACCEPTED:
        return accept(activity=record, version=record.version, by=cast.staff)
    if state == State.RETURNED:
        return send_back(activity=record, version=record.version, reason="缺少签到表", by=cast.staff)
    return record


def committee_draft(cast: Cast, on: date = TODAY, organisation: Organisation | None = None) -> Activity:
    """A draft of a committee's own meeting, entered by its staff."""
    content = Content(kinds=("committee_meeting",), title="机关党委会议", held_on=on, place="二楼")
    return save_draft(organisation=organisation or cast.committee, content=content, by=cast.staff)
