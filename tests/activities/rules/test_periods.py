from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from activities.rules.periods import Period, Rhythm, parse_period, period_before, period_of, periods_of

days = st.dates(date(2001, 1, 1), date(2099, 12, 31))
rhythms = st.sampled_from(list(Rhythm))


@pytest.mark.parametrize("key", ["", "2020-13", "2020-00", "2020-Q5", "2020-H3", "2020-9", "20200", "2020-09\n"])
def test_a_wrong_key_is_no_period(key: str) -> None:
    assert parse_period(key) is None


@given(days, rhythms)
def test_a_day_lies_in_exactly_one_period_and_the_key_finds_it_again(day: date, rhythm: Rhythm) -> None:
    period = period_of(day, rhythm)
    assert [other for other in periods_of(day.year, rhythm) if other.contains(day)] == [period]
    assert parse_period(period.key) == period


@given(days, rhythms)
def test_the_period_before_ends_the_day_before(day: date, rhythm: Rhythm) -> None:
    period = period_of(day, rhythm)
    assert period_before(period).last + timedelta(days=1) == period.first


def test_overlapping_is_mutual() -> None:
    september, third, fourth = Period(2020, "month", 9), Period(2020, "quarter", 3), Period(2020, "quarter", 4)
    assert september.overlaps(third)
    assert third.overlaps(september)
    assert not september.overlaps(fourth)


def test_names_in_english() -> None:
    with override("en"):
        names = [Period(2020, rhythm, 1).name for rhythm in Rhythm]
        assert names == ["January", "first quarter", "first half-year", "2020"]
        assert Period(2020, "month", 9).full_name == "September 2020"
