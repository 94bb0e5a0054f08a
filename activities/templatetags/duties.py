"""Duties as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import template
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext, pgettext

from activities.models import ActivityKind, DutyRule

register = template.Library()


@register.filter
def day_of_month(value: date) -> str:
    """16日: where the month stands in the head."""
    return gettext("day %(day)d") % {"day": value.day}


@register.filter
def day_short(value: date) -> str:
    """10月16日, plain: for places where only words may stand."""
    return format_date(value, pgettext("date format", "j M"))


@register.filter
def short_label(rule: DutyRule) -> str:
    """What tables call the duty: the short name of its one kind, else its own name."""
    kinds = list(rule.kinds.all())
    return kinds[0].short_label if len(kinds) == 1 else rule.label


@register.filter
def first_kind(rule: DutyRule) -> ActivityKind | None:
    """The kind a new record starts with when it is logged for this duty."""
    return next(iter(rule.kinds.all()), None)


@register.filter
def labels(kinds: Iterable[ActivityKind]) -> str:
    """The full names of kinds in one line."""
    return gettext(", ").join(kind.label for kind in kinds)


@register.filter
def short_labels(kinds: Iterable[ActivityKind]) -> str:
    """The short names of kinds in one line."""
    return gettext(", ").join(kind.short_label for kind in kinds)


@register.simple_tag(takes_context=True)
def with_query(context: template.Context, **changes: Any) -> str:
    """The address of this page with some of its filters changed; an empty value takes a filter away."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        if value in ("", None, False):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"
