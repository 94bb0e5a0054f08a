"""`{% help "vote" %}`: how it is counted, with the sources, folded away."""

from __future__ import annotations

from typing import Any

from django import template

from activities.queries.help import cited
from activities.rules.help import HELP

register = template.Library()


@register.inclusion_tag("_partials/help.html")
def help(topic: str) -> dict[str, Any]:  # noqa: A001
    return {"topic": topic, "texts": HELP[topic].texts, "sources": cited(HELP[topic].cited)}
