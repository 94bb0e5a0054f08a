from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from activities.rules.lateness import is_late, working_days_between

FRIDAY = date(2020, 10, 16)


def test_the_weekend_does_not_count() -> None:
    assert working_days_between(FRIDAY, date(2020, 10, 18)) == 0
    assert working_days_between(FRIDAY, date(2020, 10, 21)) == 3


def test_an_entry_before_the_day_is_no_day_late() -> None:
    assert working_days_between(FRIDAY, date(2020, 10, 1)) == 0


def test_late_begins_after_the_last_allowed_day() -> None:
    assert not is_late(held_on=FRIDAY, entered_on=date(2020, 10, 21), entry_days=3)
    assert is_late(held_on=FRIDAY, entered_on=date(2020, 10, 22), entry_days=3)


@given(st.dates(date(2019, 1, 1), date(2021, 1, 1)), st.integers(0, 60))
def test_counting_day_by_day_gives_the_same(first: date, length: int) -> None:
    days = [first + timedelta(days=number) for number in range(1, length + 1)]
    assert working_days_between(first, first + timedelta(days=length)) == sum(day.weekday() < 5 for day in days)
