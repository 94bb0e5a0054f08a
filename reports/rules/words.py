"""How numbers and periods read in a reason."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from activities.rules.periods import Period, Rhythm

TENTH = Decimal("0.1")
PAPER_LANGUAGE = "zh-hans"  # papers, and what is kept of their words as data


def tenths(value: Decimal) -> Decimal:
    """Points to one decimal, halves upwards."""
    return value.quantize(TENTH, rounding=ROUND_HALF_UP)


def plain(value: Decimal) -> str:
    """5.5 as 5.5, 8.0 as 8."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(part: int, whole: int) -> str:
    """A share as 83.3%; `whole` is never 0 here."""
    return f"{plain(tenths(Decimal(part) * 100 / whole))}%"


def listed(items: Iterable[str]) -> str:
    return pgettext("between the items of a list", ", ").join(items)


def stated(statements: Iterable[str]) -> str:
    return pgettext("between two statements", "; ").join(statements)


def period_name(period: Period) -> str:
    """A period inside its own year: 8月, 第三季度, 上半年, 全年."""
    number = period.number
    match period.rhythm:
        case Rhythm.MONTH:
            return [
                pgettext("month", "January"),
                pgettext("month", "February"),
                pgettext("month", "March"),
                pgettext("month", "April"),
                pgettext("month", "May"),
                pgettext("month", "June"),
                pgettext("month", "July"),
                pgettext("month", "August"),
                pgettext("month", "September"),
                pgettext("month", "October"),
                pgettext("month", "November"),
                pgettext("month", "December"),
            ][number - 1]
        case Rhythm.QUARTER:
            return [_("1st quarter"), _("2nd quarter"), _("3rd quarter"), _("4th quarter")][number - 1]
        case Rhythm.HALF_YEAR:
            return [_("first half-year"), _("second half-year")][number - 1]
        case _unused:
            return _("whole year")
