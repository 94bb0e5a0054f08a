"""Whether a record was entered in time."""

from __future__ import annotations

from datetime import date, timedelta

_SATURDAY = 5


def working_days_between(first: date, last: date) -> int:
    """Working days after `first`, up to and including `last`: Monday to Friday. 0 if `last` is not later.

    Public holidays and the working Saturdays that make up for them are announced year by year and not counted here, so
    a few days around them may read as late; the mark is a hint, it takes nothing away.
    """
    if last <= first:
        return 0
    weeks, rest = divmod((last - first).days, 7)
    tail = (first + timedelta(days=number) for number in range(1, rest + 1))
    return weeks * 5 + sum(day.weekday() < _SATURDAY for day in tail)


def is_late(*, held_on: date, entered_on: date, entry_days: int) -> bool:
    """Whether the record was entered more than `entry_days` working days after the day held."""
    return (entered_on - held_on).days > entry_days and working_days_between(held_on, entered_on) > entry_days
