"""The year an annual activity belongs to (所属年度)."""

from __future__ import annotations

from datetime import date

ASKED_UNTIL_MONTH = 3  # from January to March the meeting of the year before may still be held


def year_of(day: date) -> int:
    """The year a meeting held on `day` most likely belongs to: until March the year before."""
    return day.year - 1 if day.month <= ASKED_UNTIL_MONTH else day.year


def likely_years(day: date) -> tuple[int, ...]:
    """The years nobody wonders at: its own, and until March the year before."""
    return (day.year, day.year - 1) if day.month <= ASKED_UNTIL_MONTH else (day.year,)


def years_offered(day: date) -> list[int]:
    """The years it may belong to, the most likely first."""
    likely = year_of(day)
    return [likely, day.year if likely < day.year else day.year - 1]
