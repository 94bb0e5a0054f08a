"""Months, quarters, half-years and years as periods of a calendar year."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _


class Rhythm(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


MONTHS_LONG: dict[str, int] = {Rhythm.MONTH: 1, Rhythm.QUARTER: 3, Rhythm.HALF_YEAR: 6, Rhythm.YEAR: 12}
QUARTERS = (_("first quarter"), _("second quarter"), _("third quarter"), _("fourth quarter"))
HALVES = (_("first half-year"), _("second half-year"))
_KEY = re.compile(r"(?P<year>20\d\d)(?:-(?:(?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4])|H(?P<half_year>[12])))?")


@dataclass(frozen=True, order=True)
class Period:
    """One period of `rhythm` in `year`; `number` counts from 1."""

    year: int
    rhythm: str
    number: int

    @cached_property
    def first(self) -> date:
        return date(self.year, (self.number - 1) * MONTHS_LONG[self.rhythm] + 1, 1)

    @cached_property
    def last(self) -> date:
        month = self.number * MONTHS_LONG[self.rhythm]
        return date(self.year, month, calendar.monthrange(self.year, month)[1])

    @property
    def months(self) -> int:
        return MONTHS_LONG[self.rhythm]

    @property
    def key(self) -> str:
        """As it stands in an address: 2020-09, 2020-Q3, 2020-H1, 2020."""
        tail = {
            Rhythm.MONTH: f"-{self.number:02}",
            Rhythm.QUARTER: f"-Q{self.number}",
            Rhythm.HALF_YEAR: f"-H{self.number}",
        }
        return f"{self.year}{tail.get(Rhythm(self.rhythm), '')}"

    @property
    def name(self) -> str:
        """What people call it inside its year: 9月, 第三季度, 上半年; a year by its number."""
        if self.rhythm == Rhythm.MONTH:
            return format_date(self.first, pgettext("date format", "F"))
        if self.rhythm == Rhythm.QUARTER:
            return str(QUARTERS[self.number - 1])
        if self.rhythm == Rhythm.HALF_YEAR:
            return str(HALVES[self.number - 1])
        return gettext("%(year)d") % {"year": self.year}

    @property
    def full_name(self) -> str:
        """The name with its year: 2020年9月."""
        if self.rhythm == Rhythm.YEAR:
            return self.name
        return gettext("%(period)s %(year)d") % {"period": self.name, "year": self.year}

    def contains(self, day: date) -> bool:
        return self.first <= day <= self.last

    def overlaps(self, other: Period) -> bool:
        return self.first <= other.last and other.first <= self.last


def periods_of(year: int, rhythm: str) -> list[Period]:
    return [Period(year, rhythm, number) for number in range(1, 12 // MONTHS_LONG[rhythm] + 1)]


def period_of(day: date, rhythm: str) -> Period:
    return Period(day.year, rhythm, (day.month - 1) // MONTHS_LONG[rhythm] + 1)


def parse_period(key: str) -> Period | None:
    """The period whose `key` it is, or None."""
    match = _KEY.fullmatch(key)
    if match is None:
        return None
    year = int(match["year"])
    for rhythm in (Rhythm.MONTH, Rhythm.QUARTER, Rhythm.HALF_YEAR):
        if match[rhythm]:
            return Period(year, rhythm, int(match[rhythm]))
    return Period(year, Rhythm.YEAR, 1)


def period_before(period: Period) -> Period:
    last = 12 // MONTHS_LONG[period.rhythm]
    if period.number > 1:
        return Period(period.year, period.rhythm, period.number - 1)
    return Period(period.year - 1, period.rhythm, last)
