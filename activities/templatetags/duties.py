"""Duties as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext, pgettext

from activities.models import ActivityKind, DutyRule
from activities.queries.duty_cells import Cell, Record
from branches.models import PartyGroup
from foundation.templatetags.looks import NOTHING

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


@register.filter
def rate(value: float | None) -> str:
    """An attendance rate between 0 and 1 as 93.5%, always with one decimal; an undefined one is a dash."""
    if value is None:
        return NOTHING
    return f"{(Decimal(str(value)) * 100).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


@register.filter
def group_counts(cell: Cell) -> str:
    """第一党小组 1，第二党小组 0: how often each party group met."""
    return gettext(", ").join(f"{group} {number}" for group, number in cell.group_counts)


@register.filter
def group_name(record: Record, groups: dict[int, PartyGroup]) -> str:
    """The party group that met; a record that names none is of no group."""
    group = groups.get(record.group_id or 0)
    return str(group) if group else NOTHING


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
