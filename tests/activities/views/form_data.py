"""What a browser sends from the form of a record."""

from __future__ import annotations

from typing import Any

from tests.cast import Cast


def form_data(cast: Cast, **changes: Any) -> dict[str, Any]:
    """A members' meeting of `first` as it is sent when nothing is missing; `changes` replace or add fields."""
    people = [cast.people[f"first{number}"].pk for number in range(7)]
    data: dict[str, Any] = {
        "kinds": ["members_meeting"],
        "title": "第四季度党员大会",
        "held_on": "2020-10-26",
        "starts_at": "15:00",
        "ends_at": "16:40",
        "place": "三楼会议室",
        "chair": people[0],
        "recorder": people[1],
        "minutes": "",
        "agenda-TOTAL_FORMS": 1,
        "agenda-0-title": "学习重要讲话",
        "agenda-0-is_first_item": "on",
        "agenda-0-minutes": "王建国领学。",
        "agenda-0-vote_rule": "none",
        "lectures-TOTAL_FORMS": 0,
        "guests-TOTAL_FORMS": 0,
        "intent": "draft",
    }
    data |= {f"{rows}-INITIAL_FORMS": 0 for rows in ("agenda", "lectures", "guests")}
    data |= {f"presence-{pk}": "present" for pk in people}
    return data | changes
