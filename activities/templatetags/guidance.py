"""What contact leaders said of a meeting, on the pages of its record."""

from __future__ import annotations

from typing import Any

from django import template

from activities.models import Activity
from activities.queries.guidance import words_on
from activities.rules.guidance import may_announce
from foundation.clock import business_date

register = template.Library()


@register.inclusion_tag("activities/_guidance.html")
def guidance(activity: Activity | None, *, before: bool = False) -> dict[str, Any]:
    """The verdict on the topic and the remarks; `before` handing in only as a hint. 1 query."""
    words = words_on(activity) if activity is not None else ()
    return {"words": words, "before": before, "activity": activity}


@register.inclusion_tag("activities/_announce.html", takes_context=True)
def announcing(context: dict[str, Any], activity: Activity, place: str = "") -> dict[str, Any]:
    """The button that tells a plan to those above, or takes it back; only while the meeting is still to come."""
    return {
        "activity": activity,
        "place": place,
        "csrf_token": context.get("csrf_token"),
        "may_announce": bool(activity.title or activity.announced_on)
        and may_announce(activity.state, activity.held_on, business_date()),
    }
