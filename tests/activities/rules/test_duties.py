from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.rules.duties import (
    DONE,
    DutyStatus,
    Obstacle,
    Standing,
    closes_on,
    deadline,
    judge,
    obstacle,
    worst,
)
from activities.rules.periods import Period, Rhythm, periods_of

OCTOBER = Period(2020, Rhythm.MONTH, 10)
THIRD_QUARTER = Period(2020, Rhythm.QUARTER, 3)
SINCE = Standing(founded_on=date(2018, 1, 1), has_committee=False, has_groups=False)


def status(period: Period = OCTOBER, today: date = date(2020, 10, 26), **facts: object) -> DutyStatus:
    usual = {"times": 1, "accepted": 0, "waiting": 0, "grace_days": 31, "warning_days": 10}
    return judge(**(usual | {"period": period, "today": today} | facts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2020, 9, 30), DutyStatus.OPEN),
        (date(2020, 10, 20), DutyStatus.OPEN),
        (date(2020, 10, 21), DutyStatus.SOON),
        (date(2020, 10, 31), DutyStatus.SOON),
        (date(2020, 11, 1), DutyStatus.OVERDUE),
        (date(2020, 12, 1), DutyStatus.OVERDUE),
        (date(2020, 12, 2), DutyStatus.MISSED),
    ],
)
def test_a_month_with_nothing_held(today: date, expected: DutyStatus) -> None:
    assert status(today=today) == expected


def test_the_fixed_day_makes_it_overdue_inside_the_month() -> None:
    assert status(fixed_day=10, today=date(2020, 10, 10)) == DutyStatus.SOON
    assert status(fixed_day=10, today=date(2020, 10, 11)) == DutyStatus.OVERDUE
    assert status(fixed_day=10, today=date(2020, 12, 2)) == DutyStatus.MISSED


def test_a_warning_longer_than_the_period_starts_with_the_period() -> None:
    assert status(warning_days=99, today=date(2020, 9, 30)) == DutyStatus.OPEN
    assert status(warning_days=99, today=date(2020, 10, 1)) == DutyStatus.SOON


def test_a_third_quarter_of_the_pictures_is_overdue_until_the_end_of_october() -> None:
    assert status(THIRD_QUARTER) == DutyStatus.OVERDUE
    assert closes_on(THIRD_QUARTER, 31) == date(2020, 10, 31)


def test_enough_accepted_is_done_and_enough_handed_in_waits() -> None:
    assert status(accepted=1) == DutyStatus.MET
    assert status(times=2, accepted=1, waiting=1) == DutyStatus.PENDING
    assert status(times=2, accepted=1) == DutyStatus.SOON


def test_waiting_after_the_grace_is_still_waiting() -> None:
    assert status(waiting=1, today=date(2021, 1, 31)) == DutyStatus.PENDING


def test_an_exempt_branch_that_met_all_the_same_is_done() -> None:
    assert status(is_exempt=True, today=date(2021, 1, 31)) == DutyStatus.EXEMPT
    assert status(is_exempt=True, accepted=1) == DutyStatus.MET


def test_a_branch_that_stood_for_a_part_only_owes_nothing_but_gets_the_credit() -> None:
    assert status(hindered_by=Obstacle.PARTLY) == DutyStatus.NOT_APPLICABLE
    assert status(hindered_by=Obstacle.PARTLY, accepted=1) == DutyStatus.MET
    assert status(hindered_by=Obstacle.NO_COMMITTEE, accepted=1) == DutyStatus.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("standing", "rule", "expected"),
    [
        (SINCE, {}, None),
        (SINCE, {"times": 0}, Obstacle.WAIVED),
        (Standing(founded_on=date(2020, 11, 1)), {}, Obstacle.NOT_FOUNDED),
        (Standing(founded_on=date(2020, 10, 31)), {}, Obstacle.PARTLY),
        (Standing(founded_on=date(2020, 10, 1)), {}, None),
        (Standing(founded_on=date(2018, 1, 1), ended_on=date(2020, 9, 30)), {}, Obstacle.ENDED),
        (Standing(founded_on=date(2018, 1, 1), ended_on=date(2020, 10, 30)), {}, Obstacle.PARTLY),
        (Standing(founded_on=date(2018, 1, 1), ended_on=date(2020, 10, 31)), {}, None),
        (SINCE, {"applies_to": "with_committee"}, Obstacle.NO_COMMITTEE),
        (SINCE, {"applies_to": "with_groups"}, Obstacle.NO_GROUPS),
        (Standing(founded_on=date(2018, 1, 1), is_retired=True), {"exempts_retired": True}, Obstacle.RETIRED),
        (Standing(founded_on=date(2018, 1, 1), is_retired=True), {}, None),
        (Standing(founded_on=date(2018, 1, 1), is_temporary=True), {"exempts_temporary": True}, Obstacle.TEMPORARY),
    ],
)
def test_what_stands_against_a_duty(standing: Standing, rule: dict[str, object], expected: Obstacle | None) -> None:
    assert obstacle(**({"standing": standing, "period": OCTOBER, "times": 1} | rule)) == expected  # type: ignore[arg-type]


def test_the_worst_of_none_asks_for_nothing() -> None:
    assert worst([]) == DutyStatus.NOT_APPLICABLE
    assert worst([DutyStatus.MET, DutyStatus.OVERDUE, DutyStatus.OPEN]) == DutyStatus.OVERDUE
    assert worst([DutyStatus.EXEMPT, DutyStatus.MET, DutyStatus.PENDING]) == DutyStatus.PENDING


periods = st.sampled_from([period for rhythm in Rhythm for period in periods_of(2020, rhythm)])
days = st.dates(date(2019, 12, 1), date(2021, 6, 30))
counts = st.integers(0, 4)
facts = st.fixed_dictionaries(
    {
        "times": st.integers(0, 3),
        "grace_days": st.integers(0, 60),
        "warning_days": st.integers(0, 60),
        "fixed_day": st.none() | st.integers(1, 28),
        "is_exempt": st.booleans(),
        "hindered_by": st.none() | st.sampled_from(Obstacle),
    }
)
# How good a state is for a branch while time stands still: more records never make it worse.
BETTER = [DutyStatus.MISSED, DutyStatus.OVERDUE, DutyStatus.SOON, DutyStatus.OPEN, DutyStatus.NOT_APPLICABLE,
          DutyStatus.EXEMPT, DutyStatus.PENDING, DutyStatus.MET]  # fmt: skip


@given(periods, days, counts, counts, facts)
def test_one_more_record_never_makes_it_worse(
    period: Period, today: date, accepted: int, waiting: int, rule: dict[str, object]
) -> None:
    before = status(period, today, accepted=accepted, waiting=waiting, **rule)
    handed_in = status(period, today, accepted=accepted, waiting=waiting + 1, **rule)
    reviewed = status(period, today, accepted=accepted + 1, waiting=waiting, **rule)
    assert BETTER.index(before) <= BETTER.index(handed_in) <= BETTER.index(reviewed)


@given(periods, days, counts, counts, facts)
def test_a_day_later_it_is_the_same_or_more_urgent(
    period: Period, today: date, accepted: int, waiting: int, rule: dict[str, object]
) -> None:
    following = [status(period, today + timedelta(days=n), accepted=accepted, waiting=waiting, **rule) for n in (0, 1)]
    assert all(BETTER.index(later) <= BETTER.index(earlier) for earlier, later in pairwise(following))


@given(periods, days, counts, counts, facts)
def test_what_is_done_does_not_depend_on_the_day(
    period: Period, today: date, accepted: int, waiting: int, rule: dict[str, object]
) -> None:
    now = status(period, today, accepted=accepted, waiting=waiting, **rule)
    if now in DONE:
        assert status(period, date(2030, 1, 1), accepted=accepted, waiting=waiting, **rule) == now


@given(periods, st.none() | st.integers(1, 28))
def test_the_deadline_lies_in_the_period(period: Period, fixed_day: int | None) -> None:
    assert period.contains(deadline(period, fixed_day))
