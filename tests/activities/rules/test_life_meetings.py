from __future__ import annotations

from datetime import date

from activities.rules.gaps import Level
from activities.rules.life_meetings import CommitmentEntry, LifeMeetingEntry, gaps_of_life_meeting

GOOD = LifeMeetingEntry(
    topic="不忘初心", studied="《党章》", opinions=12, talks=9,
    rows=(CommitmentEntry("学习不够深入", "每月集中学习", None, date(2020, 12, 31)),),
)  # fmt: skip


def gaps(entry: LifeMeetingEntry) -> list[tuple[str, str]]:
    return [(str(gap.level), gap.anchor) for gap in gaps_of_life_meeting(entry)]


def test_a_measure_needs_its_problem() -> None:
    entry = LifeMeetingEntry(studied="《党章》", opinions=1, talks=1, rows=(CommitmentEntry(measure="每月学习"),))
    assert gaps(entry) == [("must", "id_commitments-0-problem"), ("hint", "id_commitments-0-problem")]


def test_everything_before_and_after_the_meeting_is_asked_for() -> None:
    assert gaps(LifeMeetingEntry()) == [
        ("hint", "id_life_meeting-studied"),
        ("hint", "id_life_meeting-opinions"),
        ("hint", "id_life_meeting-talks"),
        ("hint", "id_commitments-0-problem"),
    ]


def test_measure_and_day_are_asked_for_item_by_item() -> None:
    rows = (*GOOD.rows, CommitmentEntry("联系群众不多"), CommitmentEntry("会议拖沓", "控制时长"))
    entry = LifeMeetingEntry(GOOD.topic, GOOD.studied, 1, 1, rows)
    assert gaps(entry) == [(Level.HINT, "id_commitments-1-measure"), (Level.HINT, "id_commitments-2-due_on")]


def test_nothing_is_said_of_a_complete_meeting() -> None:
    assert gaps(GOOD) == []


def test_a_row_of_only_a_person_is_blank() -> None:
    assert CommitmentEntry(person_id=1).is_blank
