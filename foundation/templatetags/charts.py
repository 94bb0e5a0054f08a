"""Charts drawn on the server: no script, readable by a screen reader, printable."""

from collections.abc import Sequence
from typing import Any

from django import template

register = template.Library()

# Drawn at phone width and scaled up, so that labels never fall below 11 px.
WIDTH = 336
HEIGHT = 168
TOP = 24
BASE = 144
LINES = 4


@register.inclusion_tag("_partials/bars.html")
def bars(series: Sequence[dict[str, Any]], label: str = "") -> dict[str, Any]:
    """A bar for every {label, value, name, url, unfinished}; `name` is spoken ("10月 27 次"), None leaves a gap."""
    highest = max([bar["value"] or 0 for bar in series], default=0) or 1
    step = WIDTH / max(len(series), 1)
    width = min(step * 0.72, 32)
    drawn = []
    for index, bar in enumerate(series):
        value = bar["value"]
        height = round((value or 0) / highest * (BASE - TOP), 1)
        middle = round(step * index + step / 2, 1)
        drawn.append(
            {
                "label": bar["label"],
                "name": bar.get("name") or f"{bar['label']} {'—' if value is None else value}",
                "url": bar.get("url"),
                "unfinished": bar.get("unfinished", False),
                "shown": None if value is None else str(value),
                "x": str(round(middle - width / 2, 1)),
                "y": str(BASE - height),
                "width": str(round(width, 1)),
                "height": str(height),
                "middle": str(middle),
                "above": str(BASE - height - 6),
            }
        )
    grid = [TOP + (BASE - TOP) * line // LINES for line in range(LINES)]
    chart = {"width": WIDTH, "height": HEIGHT, "base": BASE, "labels": BASE + 17, "grid": grid, "bars": drawn}
    return {"chart": chart | {"label": label}}
