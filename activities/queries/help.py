"""The rule texts a help text rests on."""

from __future__ import annotations

from collections.abc import Sequence

from activities.models import RuleText


def cited(codes: Sequence[str]) -> list[RuleText]:
    """The rule texts with these codes, in their order; one an installation has not loaded is left out. 0 or 1 query."""
    if not codes:
        return []
    found = {text.code: text for text in RuleText.objects.filter(code__in=codes)}
    return [found[code] for code in codes if code in found]
