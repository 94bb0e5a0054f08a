from __future__ import annotations

import pytest

from activities.rules.appraisals import AppraisalEntry, Excellent, MemberEntry, gaps_of_appraisal
from activities.rules.gaps import Level

NAMES = {1: "王建国", 2: "李秀英", 3: "张伟", 4: "赵小军"}
PROBATIONARY = frozenset({4})
GRADED = tuple(
    MemberEntry(pk, 3, 1, 0, 0, "excellent" if pk == 1 else "qualified" if pk < 4 else "") for pk in sorted(NAMES)
)
GOOD = AppraisalEntry(4, 4, 4, GRADED)


def gaps(entry: AppraisalEntry, level: Level) -> list[str]:
    return [gap.anchor for gap in gaps_of_appraisal(entry, NAMES, PROBATIONARY) if gap.level == level]


@pytest.mark.parametrize(
    ("entry", "anchor"),
    [
        (AppraisalEntry(4, 5, 4), "id_appraisal-ballots_returned"),
        (AppraisalEntry(4, 3, 4), "id_appraisal-ballots_valid"),
        (AppraisalEntry(4, 4, 4, (MemberEntry(2, 3, 1, 1),)), "id_appraised-2-votes_excellent"),
        (AppraisalEntry(4, 4, 0, (MemberEntry(2, votes_basic=1),)), "id_appraised-2-votes_excellent"),
        (AppraisalEntry(4, 4, 4, (MemberEntry(4, grade="qualified"),)), "id_appraised-4-grade"),
    ],
)
def test_numbers_that_cannot_be_stop_the_record(entry: AppraisalEntry, anchor: str) -> None:
    assert gaps(entry, Level.MUST) == [anchor]


def test_more_than_a_third_excellent_is_told_but_does_not_stop() -> None:
    rows = (GRADED[0], MemberEntry(2, 4, grade="excellent"), *GRADED[2:])
    entry = AppraisalEntry(4, 4, 4, rows)
    assert gaps(entry, Level.MUST) == []
    assert gaps(entry, Level.HINT) == ["id_appraisal-ballots_issued"]
    (hint,) = gaps_of_appraisal(entry, NAMES, PROBATIONARY)
    assert "2" in hint.text and "4" in hint.text and "1" in hint.text


def test_a_third_is_counted_of_all_who_take_part() -> None:
    assert Excellent(4, 12).is_exceeded is False
    assert Excellent(5, 12).is_exceeded is True
    assert Excellent(1, 2).is_exceeded is True
    assert Excellent(0, 0).is_exceeded is False


def test_missing_numbers_and_grades_are_hinted() -> None:
    assert gaps(AppraisalEntry(), Level.HINT) == ["id_appraisal-ballots_issued", "id_appraised-1-grade"]


def test_nothing_is_said_of_a_complete_appraisal() -> None:
    assert list(gaps_of_appraisal(GOOD, NAMES, PROBATIONARY)) == []


def test_a_row_with_a_zero_is_not_blank() -> None:
    assert MemberEntry(1).is_blank
    assert not MemberEntry(1, votes_unqualified=0).is_blank
