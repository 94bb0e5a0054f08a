from __future__ import annotations

from datetime import date

from activities.rules.periods import Period, Rhythm
from reports.rules.evidence import evidence
from reports.rules.facts import Asked, DutyPeriod, Facts, Record
from reports.rules.schemes import Scoring


def record(number: int, **more) -> Record:
    return Record(number, f"第{number}次", date(2020, number, 8), "accepted", **more)


def test_what_people_judge_has_no_evidence() -> None:
    assert evidence(Scoring.MANUAL, {}, Facts(is_over=True)).gap_text == ""


def test_a_duty_proves_itself_by_the_records_of_each_period_and_names_the_gaps() -> None:
    periods = (
        DutyPeriod(Period(2020, Rhythm.MONTH, 7), Asked.OWED, has_ended=True, records=(7,)),
        DutyPeriod(Period(2020, Rhythm.MONTH, 8), Asked.OWED, has_ended=True, status="missed", missing=1),
        DutyPeriod(Period(2020, Rhythm.MONTH, 10), Asked.OWED, has_ended=False, status="soon", missing=1),
    )
    found = evidence(
        Scoring.DUTY, {"rule": "x"}, Facts(is_over=False, records=(record(7), record(9)), duties={"x": periods})
    )
    assert [(proof.record.activity_id, proof.note) for proof in found.proofs] == [(7, "7月")]
    assert [(gap.when, gap.text, gap.status, gap.period.number, gap.duty) for gap in found.gaps] == [
        ("8月", "缺 1 次", "missed", 8, "x")
    ]
    assert found.gap_text == "缺 1 次"


def test_party_groups_that_did_not_meet_are_named() -> None:
    period = DutyPeriod(
        Period(2020, Rhythm.MONTH, 8), Asked.OWED, has_ended=True, missing=1, missing_groups=("第二党小组",)
    )
    found = evidence(Scoring.DUTY, {"rule": "x"}, Facts(is_over=False, duties={"x": (period,)}))
    assert found.gaps[0].text == "缺 1 次；第二党小组"


def test_meetings_without_a_first_item_are_gaps() -> None:
    records = (
        record(1, is_meeting=True, has_first_item=True),
        record(2, is_meeting=True),
        record(3),  # no meeting
        record(4, is_meeting=True, is_own=False),  # somebody else's
    )
    found = evidence(Scoring.FIRST_ITEM, {}, Facts(is_over=True, records=records))
    assert [proof.record.activity_id for proof in found.proofs] == [1]
    assert [gap.record.activity_id for gap in found.gaps] == [2]
    assert found.gap_text == "1 次未写明"


def test_members_who_have_not_lectured_are_named() -> None:
    facts = Facts(
        is_over=True,
        records=(record(1, lecturers=("周敏",)), record(2)),
        members={1: "周敏", 2: "吴强"},
        lecturers=frozenset({1}),
    )
    found = evidence(Scoring.LECTURERS, {}, facts)
    assert [proof.note for proof in found.proofs] == ["授课：周敏"]
    assert [gap.text for gap in found.gaps] == ["吴强还没有讲党课"]


def test_attendance_shows_each_activity_and_what_is_unrecorded() -> None:
    rows = (record(1, present=9, expected=10), record(2, unrecorded=12), record(3, present=4, expected=5, unrecorded=1))
    found = evidence(Scoring.ATTENDANCE, {}, Facts(is_over=True, attended=rows))
    assert [proof.note for proof in found.proofs] == [
        "应到 10 人，实到 9 人，90%",
        "应到 5 人，实到 4 人，80%",
    ]
    assert [gap.text for gap in found.gaps] == ["12 人未登记", "1 人未登记"]
    assert found.gap_text == "13 人次未登记"


def test_late_records_are_gaps_and_the_others_prove() -> None:
    found = evidence(Scoring.TIMELINESS, {}, Facts(is_over=True, records=(record(1), record(2, is_late=True))))
    assert ([proof.record.activity_id for proof in found.proofs], found.gap_text) == ([1], "逾期录入 1 次")
