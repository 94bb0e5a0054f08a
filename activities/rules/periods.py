"""Months, quarters, half-years and years as periods of a calendar year."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Rhythm(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


MONTHS_LONG: dict[str, int] = {Rhythm.MONTH: 1, Rhythm.QUARTER: 3, Rhythm.HALF_YEAR: 6, Rhythm.YEAR: 12}


@dataclass(frozen=True, order=True)
class Period:
    """One period of `rhythm` in `year`; `number` counts from 1."""

    year: int
    rhythm: str
    number: int

    @property
    def first(self) -> date:
        return date(self.year, (self.number - 1) * MONTHS_LONG[self.rhythm] + 1, 1)

    @property
    def last(self) -> date:
        month = self.number * MONTHS_LONG[self.rhythm]
        return date(self.year, month, calendar.monthrange(self.year, month)[1])

    @property
    def months(self) -> int:
        return MONTHS_LONG[self.rhythm]

    def contains(self, day: date) -> bool:
        return self.first <= day <= self.last


def periods_of(year: int, rhythm: str) -> list[Period]:
    return [Period(year, rhythm, number) for number in range(1, 12 // MONTHS_LONG[rhythm] + 1)]


def period_of(day: date, rhythm: str) -> Period:
    return Period(day.year, rhythm, (day.month - 1) // MONTHS_LONG[rhythm] + 1)
