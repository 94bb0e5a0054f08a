from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.rules.periods import Period, Rhythm
from reports.rules.facts import Asked, DutyPeriod, Facts, Record, Share
from reports.rules.schemes import Scoring
from reports.rules.scoring import by_attendance, by_duty, by_first_item, by_lecturers, by_timeliness, judge
from tests.cast import TODAY

FULL = Decimal(8)
STEPS = {"full_at": 0.95, "step": 0.05, "deduct": 2}


def month(number: int, *, missing: int = 0, ended: bool = True, asked: Asked = Asked.OWED, **more) -> DutyPeriod:
    return DutyPeriod(Period(2020, Rhythm.MONTH, number), asked, ended, missing=missing, **more)


def months(*missing: int) -> list[DutyPeriod]:
    return [month(number, missing=count) for number, count in enumerate(missing, start=1)]


# --- duties -------------------------------------------------------------------------------------------------------
def test_no_ended_period_is_no_verdict() -> None:
    verdict = by_duty(FULL, {"deduct": 1}, [month(1, missing=1, ended=False)], is_over=False)
    assert (verdict.points, verdict.reason) == (None, "还没有到期的一期，暂不计分。")


def test_a_duty_nobody_has_is_no_verdict_and_not_not_applicable() -> None:
    verdict = by_duty(FULL, {"deduct": 1}, [], is_over=True)
    assert verdict.points is None
    assert not verdict.is_not_applicable


def test_a_duty_never_asked_is_not_applicable_with_its_reason() -> None:
    periods = [
        month(1, asked=Asked.NOT_APPLICABLE, reason="没有支委会"),
        month(2, asked=Asked.EXEMPT, reason="灾后重建"),
    ]
    verdict = by_duty(FULL, {"deduct": 1}, periods, is_over=True)
    assert (verdict.points, verdict.reason, verdict.is_not_applicable) == (None, "没有支委会、灾后重建", True)


def test_exempt_and_running_periods_take_nothing_away() -> None:
    periods = [month(1, missing=1, asked=Asked.EXEMPT), month(2, missing=1, ended=False), month(3)]
    assert by_duty(FULL, {"deduct": 1}, periods, is_over=False).points == FULL


@pytest.mark.parametrize(
    ("missing", "deduct", "points", "reason"),
    [
        ((0, 0, 0), 1, "8.0", ""),
        ((0, 0, 0, 0, 0, 0, 0, 1), 1, "7.0", "8月缺 1 次，扣 1 分"),
        ((1, 0, 2), 1.5, "3.5", "1月、3月缺 3 次，扣 4.5 分"),
        ((1,) * 12, 1, "0.0", None),  # never below nothing
        ((5, 5), 1, "0.0", "1月、2月缺 10 次，扣 8 分"),  # says what was taken off, not what the rule would have
    ],
)
def test_points_off_for_each_time_missing(missing, deduct, points, reason) -> None:
    verdict = by_duty(FULL, {"deduct": deduct}, months(*missing), is_over=True)
    assert verdict.points == Decimal(points)
    if reason is not None:
        assert verdict.reason == reason


def test_records_in_review_count_while_the_year_runs_and_are_waited_for_after_it() -> None:
    periods = [month(1, waits=1), month(2)]
    running = by_duty(FULL, {"deduct": 1}, periods, is_over=False)
    assert (running.points, running.reason) == (FULL, "1 条记录待审核")
    over = by_duty(FULL, {"deduct": 1}, periods, is_over=True)
    assert (over.points, over.reason) == (None, "1 条记录待审核")


# --- shares -------------------------------------------------------------------------------------------------------
def test_no_meeting_is_no_verdict() -> None:
    assert by_first_item(FULL, STEPS, Share(0, 0)).points is None


@pytest.mark.parametrize(
    ("part", "whole", "points"),
    [
        (34, 35, "8.0"),  # 97.1 %
        (95, 100, "8.0"),
        (94, 100, "8.0"),  # less than one whole step below
        (90, 100, "6.0"),  # exactly one step
        (47, 50, "8.0"),
        (45, 50, "6.0"),
        (17, 20, "4.0"),
        (0, 3, "0.0"),
    ],
)
def test_whole_steps_below_the_share_for_full_marks(part, whole, points) -> None:
    assert by_first_item(FULL, STEPS, Share(part, whole)).points == Decimal(points)


def test_a_worked_example_of_steps() -> None:
    """Share of 30 % for 3 points, one off for each whole 10 points below: 5 % is two whole steps below."""
    parameters = {"full_at": 0.3, "step": 0.1, "deduct": 1}
    assert by_first_item(Decimal(3), parameters, Share(5, 100)).points == Decimal("1.0")


def test_the_reason_names_both_counts() -> None:
    assert by_first_item(FULL, STEPS, Share(34, 35)).reason == "35 次会议写明 34 次，97.1%"


def test_attendance_nobody_recorded_is_no_verdict() -> None:
    verdict = by_attendance(FULL, STEPS, Share(0, 0, outside=12))
    assert (verdict.points, verdict.reason) == (None, "另有 12 人次未登记，比率不完整")


def test_unrecorded_rows_stay_outside_and_are_said() -> None:
    verdict = by_attendance(FULL, STEPS, Share(19, 20, outside=3))
    assert (verdict.points, verdict.reason) == (FULL, "应到 20 人次，实到 19 人次，95%；另有 3 人次未登记，比率不完整")


def test_a_branch_without_members_is_no_verdict() -> None:
    assert by_lecturers(Decimal(5), {"levels": [[0.5, 4]]}, Share(0, 0)).points is None


@pytest.mark.parametrize(
    ("part", "points"), [(0, "0.0"), (5, "0.0"), (6, "4.0"), (7, "4.0"), (8, "4.0"), (9, "5.0"), (12, "5.0")]
)
def test_the_highest_level_reached_gives_the_points(part, points) -> None:
    verdict = by_lecturers(Decimal(5), {"levels": [[0.7, 5], [0.5, 4]]}, Share(part, 12))
    assert verdict.points == Decimal(points)


def test_the_worked_example_of_lecturers() -> None:
    verdict = by_lecturers(Decimal(5), {"levels": [[0.5, 4], [0.7, 5]]}, Share(7, 12))
    assert (verdict.points, verdict.reason) == (Decimal("4.0"), "12 人中 7 人授课，58.3%")


# --- lateness -----------------------------------------------------------------------------------------------------
def test_nothing_entered_is_no_verdict() -> None:
    assert by_timeliness(FULL, {"deduct": 0.5}, records=0, late=0).points is None


@pytest.mark.parametrize(("late", "points"), [(0, "5.0"), (2, "4.0"), (3, "3.5"), (99, "0.0")])
def test_half_a_point_off_for_each_late_record(late, points) -> None:
    assert by_timeliness(Decimal(5), {"deduct": 0.5}, records=99, late=late).points == Decimal(points)


# --- all kinds ----------------------------------------------------------------------------------------------------
RECORDS = (Record(1, "会议", TODAY, "accepted", is_meeting=True, has_first_item=True, is_late=True),)
FACTS = Facts(is_over=True, records=RECORDS, waiting=2)


@pytest.mark.parametrize(
    ("scoring", "parameters"),
    [
        (Scoring.DUTY, {}),
        (Scoring.DUTY, {"rule": "members_meeting"}),
        (Scoring.FIRST_ITEM, {"full_at": 0.9, "step": 0, "deduct": 1}),
        (Scoring.FIRST_ITEM, {"full_at": "viel", "step": 0.1, "deduct": 1}),
        (Scoring.LECTURERS, {"levels": 5}),
        (Scoring.TIMELINESS, {"deduct": -1}),
        (Scoring.TIMELINESS, {"deduct": "NaN"}),
    ],
)
def test_an_incomplete_scheme_is_no_verdict_and_no_crash(scoring, parameters) -> None:
    facts = Facts(is_over=True, records=RECORDS, duties={"members_meeting": (month(1),)})
    verdict = judge(scoring, FULL, parameters, facts)
    assert (verdict.points, verdict.is_not_applicable) == (None, False)
    assert "请人工评定" in verdict.reason


def test_what_people_judge_has_no_verdict() -> None:
    assert judge(Scoring.MANUAL, FULL, {}, FACTS).points is None


def test_records_left_out_because_nobody_reviewed_them_are_said() -> None:
    verdict = judge(Scoring.TIMELINESS, FULL, {"deduct": 0.5}, FACTS)
    assert verdict.reason == "逾期录入 1 次，扣 0.5 分；2 条记录待审核"


whole = st.integers(min_value=1, max_value=400)
tenth = st.integers(min_value=0, max_value=100).map(lambda number: Decimal(number) / 10)


@given(full=tenth, deduct=tenth, missing=st.lists(st.integers(0, 5), min_size=1, max_size=12))
def test_deductions_stay_between_nothing_and_full(full, deduct, missing) -> None:
    points = by_duty(full, {"deduct": deduct}, months(*missing), is_over=True).points
    assert points == max(full - deduct * sum(missing), Decimal(0)).quantize(Decimal("0.1"))


@given(full=tenth, part=whole, rows=whole, steps=st.integers(1, 20))
def test_steps_agree_with_exact_fractions(full, part, rows, steps) -> None:
    part = min(part, rows)
    parameters = {"full_at": 0.95, "step": steps / 100, "deduct": 0.5}
    below = (Fraction(95, 100) - Fraction(part, rows)) / Fraction(steps, 100)
    expected = max(full - Decimal("0.5") * max(below.__floor__(), 0), Decimal(0))
    assert by_first_item(full, parameters, Share(part, rows)).points == expected.quantize(Decimal("0.1"))


@given(part=whole, rows=whole)
def test_a_better_share_never_gives_less(part, rows) -> None:
    part = min(part, rows)
    if part == rows:
        return
    for score in (by_first_item, by_attendance):
        assert score(FULL, STEPS, Share(part, rows)).points <= score(FULL, STEPS, Share(part + 1, rows)).points
