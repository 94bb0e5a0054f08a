from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from activities.rules.activities import Block, Presence
from activities.rules.attendances import Tally
from activities.rules.checks import Facts, check, stops
from activities.rules.content import Content, Mark, with_talkers
from activities.rules.gaps import Level
from activities.rules.talks import TalkEntry, gaps_of_talks

NAMES = {1: "王建国", 2: "李秀英", 3: "张伟"}
ON = date(2020, 10, 20)


def gaps(*talks: TalkEntry, level: Level = Level.MUST) -> list[str]:
    found = gaps_of_talks(talks, NAMES, held_on=ON, today=date(2020, 10, 26))
    return [gap.anchor for gap in found if gap.level == level]


@pytest.mark.parametrize(
    ("talks", "anchor"),
    [
        ((), "id_talks-0-first"),
        ((TalkEntry(),), "id_talks-0-first"),
        ((TalkEntry(1, None, points="谈"),), "id_talks-0-first"),
        ((TalkEntry(1, 1, points="谈"),), "id_talks-0-second"),
        ((TalkEntry(1, 2), TalkEntry(2, 1)), "id_talks-1-second"),
        ((TalkEntry(1, 2), TalkEntry(), TalkEntry(1, 2, ON)), "id_talks-2-second"),
        ((TalkEntry(1, 2, date(2020, 10, 27)),), "id_talks-0-held_on"),
    ],
)
def test_what_stops(talks: tuple[TalkEntry, ...], anchor: str) -> None:
    assert gaps(*talks) == [anchor]


def test_two_may_talk_again_on_another_day() -> None:
    assert gaps(TalkEntry(1, 2), TalkEntry(2, 1, date(2020, 10, 21)), TalkEntry(1, 3)) == []


def test_missing_points_are_hinted() -> None:
    assert gaps(TalkEntry(1, 2), TalkEntry(1, 3, points="谈"), level=Level.HINT) == ["id_talks-0-points"]


def test_who_talked_took_part_unless_said_otherwise_or_expected_elsewhere() -> None:
    marks = (Mark(2, Presence.LEAVE, "病假"), Mark(1, Presence.UNRECORDED))
    content = Content(marks=marks, talks=(TalkEntry(1, 2), TalkEntry(1, 3), TalkEntry(4, None)))
    assert with_talkers(content, {1, 2, 4}).marks == (marks[0], Mark(1, Presence.PRESENT), Mark(4, Presence.PRESENT))


def test_talks_given_need_no_tapping() -> None:
    facts = Facts(today=ON, tally=Tally(), needs_people=True, blocks=frozenset({Block.TALKS}), candidates=NAMES)
    content = Content(
        kinds=("heart_to_heart",), title="谈心谈话", held_on=ON, place="办公室", chair_id=1, recorder_id=2
    )
    assert [gap.anchor for gap in stops(check(content, facts))] == ["id_talks-0-first"]
    assert stops(check(replace(content, talks=(TalkEntry(1, 2),)), facts)) == []
