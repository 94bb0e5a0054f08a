from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from activities.rules.activities import Presence, VoteRule
from activities.rules.attendances import Tally
from activities.rules.checks import Facts, check, hints, is_nearly_equal, stops
from activities.rules.content import Content, Item, LectureEntry, Mark

TODAY = date(2020, 10, 26)
GOOD = Content(
    kinds=("members_meeting",),
    title="第四季度党员大会",
    held_on=TODAY,
    starts_at=time(15),
    ends_at=time(16),
    place="会议室",
    chair_id=1,
    recorder_id=2,
    marks=(Mark(1, Presence.PRESENT), Mark(2, Presence.PRESENT)),
    agenda=(Item("学习", is_first_item=True, minutes="学习讲话。"),),
)
FACTS = Facts(
    today=TODAY,
    tally=Tally(expected=2, present=2, voters=2, voters_present=2),
    names={1: "王建国", 2: "李秀英"},
    has_agenda=True,
    attachments=1,
    entered_on=TODAY,
)


def anchors(content: Content, facts: Facts = FACTS) -> list[str]:
    return [gap.anchor for gap in stops(check(content, facts))]


def hinted(content: Content, facts: Facts = FACTS) -> list[str]:
    return [gap.anchor for gap in hints(check(content, facts))]


def test_an_empty_record_is_told_everything_it_lacks() -> None:
    assert anchors(Content()) == ["id_kinds", "id_title", "id_held_on", "id_place", "id_chair", "id_recorder"]


@pytest.mark.parametrize(
    ("changes", "anchor"),
    [
        ({"kinds": ()}, "id_kinds"),
        ({"title": ""}, "id_title"),
        ({"held_on": None}, "id_held_on"),
        ({"held_on": date(2020, 10, 27)}, "id_held_on"),
        ({"ends_at": time(15)}, "id_ends_at"),
        ({"ends_at": time(14, 59)}, "id_ends_at"),
        ({"place": ""}, "id_place"),
        ({"chair_id": None}, "id_chair"),
        ({"recorder_id": None}, "id_recorder"),
        ({"marks": (Mark(2, Presence.LEAVE),)}, "reason-2"),
        ({"marks": (Mark(2, Presence.ABSENT),)}, "reason-2"),
        ({"agenda": (Item(minutes="只有要点"),)}, "id_agenda-0-title"),
        ({"agenda": (Item("表决", vote_rule=VoteRule.DECISION),)}, "id_agenda-0-votes_for"),
        (
            {"agenda": (Item("表决", vote_rule=VoteRule.DECISION, votes_for=2, abstentions=1),)},
            "id_agenda-0-votes_for",
        ),
    ],
)
def test_what_stops(changes: dict[str, Any], anchor: str) -> None:
    assert anchors(replace(GOOD, **changes)) == [anchor]


def test_nothing_stops_a_complete_record_and_nothing_is_hinted() -> None:
    assert check(GOOD, FACTS) == []


def test_a_reason_or_an_unknown_person_does_not_stop() -> None:
    marks = (Mark(2, Presence.LEAVE, "病假"), Mark(99, Presence.ABSENT))
    assert anchors(replace(GOOD, marks=marks)) == []


def test_a_group_meeting_needs_its_group() -> None:
    assert anchors(GOOD, replace(FACTS, needs_group=True)) == ["id_group"]
    assert anchors(replace(GOOD, group_id=5), replace(FACTS, needs_group=True)) == []


def test_nobody_expected_is_no_matter_until_the_group_is_chosen() -> None:
    nobody = replace(FACTS, needs_group=True, tally=replace(FACTS.tally, expected=0))
    assert "attendance" not in [gap.anchor for gap in check(GOOD, nobody)]
    assert "attendance" in [gap.anchor for gap in check(replace(GOOD, group_id=5), nobody)]


@pytest.mark.parametrize(
    ("lectures", "expected"),
    [
        ((), ["id_lectures-0-topic"]),
        ((LectureEntry(),), ["id_lectures-0-topic"]),
        ((LectureEntry(topic="从支部建在连上说起"),), ["id_lectures-0-lecturers"]),
        ((LectureEntry(lecturer_ids=(1,)),), ["id_lectures-0-topic"]),
        ((LectureEntry(topic="党史", other_lecturers="市委党校 罗教授"),), []),
        ((LectureEntry(topic="党史", lecturer_ids=(1,)), LectureEntry()), []),
    ],
)
def test_a_lecture_needs_topic_and_lecturer(lectures: tuple[LectureEntry, ...], expected: list[str]) -> None:
    assert anchors(replace(GOOD, lectures=lectures), replace(FACTS, needs_lecture=True)) == expected


def test_blank_rows_keep_the_places_of_the_page() -> None:
    agenda = (Item(is_first_item=True), Item(), Item(minutes="只有要点"))
    found = stops(check(replace(GOOD, agenda=agenda), FACTS))
    assert [gap.anchor for gap in found] == ["id_agenda-2-title"]
    assert "1" in found[0].text  # the first item in which something is written


@pytest.mark.parametrize(
    ("changes", "facts", "anchor"),
    [
        ({}, {"tally": Tally(expected=2, present=1, unrecorded=1, voters=2, voters_present=1)}, "attendance"),
        ({}, {"tally": Tally()}, "attendance"),
        ({"starts_at": None}, {}, "id_starts_at"),
        ({"agenda": (Item("学习", is_first_item=True),)}, {}, "id_agenda-0-minutes"),
        ({"agenda": (Item("学习", minutes="讲话"),)}, {}, "id_agenda-0-title"),
        ({"agenda": ()}, {"has_agenda": False}, "id_minutes"),
        ({}, {"attachments": 0}, "attachments"),
        ({}, {"entered_on": date(2020, 10, 30)}, "id_held_on"),
    ],
)
def test_what_is_only_hinted(changes: dict[str, Any], facts: dict[str, Any], anchor: str) -> None:
    content, facts_ = replace(GOOD, **changes), replace(FACTS, **facts)
    assert hinted(content, facts_) == [anchor]
    assert stops(check(content, facts_)) == []


def test_a_vote_without_quorum_is_a_fact_not_a_mistake() -> None:
    facts = replace(FACTS, tally=Tally(expected=10, present=4, absent=6, voters=10, voters_present=4))
    agenda = (Item("表决", is_first_item=True, minutes="讨论", vote_rule=VoteRule.DECISION, votes_for=4),)
    content = replace(GOOD, agenda=agenda)
    assert (anchors(content, facts), hinted(content, facts)) == ([], ["id_agenda-0-vote_rule"])


def test_text_copied_from_the_last_record_is_hinted() -> None:
    text = "王建国领学重要讲话，刘洋、陈静结合工作谈了体会，提出办好组工讲坛第九期的建议，会议决定十一月完成志愿服务。"
    content = replace(GOOD, agenda=(Item("学习", is_first_item=True, minutes=text),))
    assert hinted(content, replace(FACTS, earlier_text=text.replace("十一月", "十二月"))) == ["id_minutes"]
    assert (
        hinted(content, replace(FACTS, earlier_text="会议学习了条例，讨论了换届方案，听取了组织委员的说明。" * 2)) == []
    )


def test_short_texts_are_never_called_copies() -> None:
    assert not is_nearly_equal("学习讲话。", "学习讲话。")


@pytest.mark.parametrize(
    ("held_on", "year", "wonders"),
    [
        (date(2020, 10, 22), 2019, True),
        (date(2020, 10, 22), 2020, False),
        (date(2020, 3, 31), 2019, False),
        (date(2020, 4, 1), 2019, True),
    ],
)
def test_a_late_meeting_for_the_year_before_is_wondered_at(held_on: date, year: int, wonders: bool) -> None:
    content = replace(GOOD, held_on=held_on, belongs_to_year=year)
    found = [gap.anchor for gap in hints(check(content, Facts(today=date(2020, 10, 26), needs_year=True)))]
    assert ("id_belongs_to_year" in found) is wonders
