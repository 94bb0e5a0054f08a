from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date

import pytest

from activities.actions.activities import RecordChanged, RecordClosed, discard, save_draft
from activities.models import Activity, Attendance
from activities.queries.content import content_of, gaps_on
from activities.rules.activities import Presence, State
from activities.rules.checks import stops
from activities.rules.content import Content, GuestEntry, LectureEntry, Mark, differing
from branches.models import MemberStatus
from branches.rules.people import StatusKind
from foundation.queries.audit import entries_for
from tests.activities.records import draft, full_content, written
from tests.cast import START, TODAY, Cast, enlist


def save(record: Activity, content: Content, cast: Cast, version: int | None = None) -> Activity:
    return save_draft(
        organisation=record.organisation, content=content, by=cast.secretary, activity=record,
        version=record.version if version is None else version,
    )  # fmt: skip


def test_a_record_without_a_day_is_refused(cast: Cast) -> None:
    with pytest.raises(ValueError, match="day"):
        save_draft(organisation=cast.first, content=Content(title="大会"), by=cast.recorder)
    assert not Activity.objects.exists()


def test_the_second_of_two_writers_is_told_and_nothing_is_lost(cast: Cast) -> None:
    record = draft(cast)
    save(record, full_content(cast, title="书记改的"), cast)
    with pytest.raises(RecordChanged) as caught:
        save(record, full_content(cast, title="组织委员改的"), cast, version=record.version)
    assert caught.value.by == "王建国"
    assert Activity.objects.get().title == "书记改的"


def test_without_a_version_nothing_is_overwritten(cast: Cast) -> None:
    record = draft(cast)
    with pytest.raises(RecordChanged):
        save_draft(organisation=cast.first, content=full_content(cast, title="新"), by=cast.recorder, activity=record)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.ACCEPTED])
def test_what_was_handed_in_cannot_be_written(cast: Cast, state: str) -> None:
    record = written(cast, state)
    with pytest.raises(RecordClosed):
        save(record, full_content(cast, title="改"), cast)


def test_only_a_draft_is_put_away_and_it_is_kept(cast: Cast) -> None:
    with pytest.raises(RecordClosed):
        discard(activity=written(cast, State.RETURNED), by=cast.secretary)
    record = draft(cast)
    discard(activity=record, by=cast.recorder)
    record.refresh_from_db()
    assert record.state == State.DISCARDED
    assert entries_for(record)[0].verb == "activity.discard"


def test_what_is_written_is_what_is_read(cast: Cast) -> None:
    content = full_content(
        cast,
        kinds=("members_meeting", "party_lecture"),
        guests=(GuestEntry("罗永清", "部务委员"),),
        lectures=(LectureEntry("从支部建在连上说起", "case", 25, (cast.people["first2"].pk,), "党校 罗教授"),),
        minutes="会议由王建国主持。",
    )
    record = save_draft(organisation=cast.first, content=content, by=cast.recorder)
    assert differing(content, content_of(record)) == []
    assert (record.state, record.version, record.entered_on) == (State.DRAFT, 1, TODAY)
    assert list(record.taking_part.all()) == [cast.first]
    assert stops(gaps_on(record)) == []


def test_expected_and_votes_come_from_the_roster_never_from_the_form(cast: Cast) -> None:
    MemberStatus.objects.create(person=cast.people["first4"], kind=StatusKind.FLOW_OUT, starts_on=START)
    stranger = cast.people["far1"].pk
    marks = (*full_content(cast).marks, Mark(stranger, Presence.PRESENT))
    record = draft(cast, marks=marks)
    people = set(record.attendances.values_list("person_id", flat=True))
    assert stranger not in people
    assert cast.people["first4"].pk not in people
    assert len(people) == 6


def test_those_floating_in_are_kept_only_if_recorded(cast: Cast) -> None:
    for number in (0, 1):
        MemberStatus.objects.create(
            person=cast.people[f"far{number}"], kind=StatusKind.FLOW_IN, branch=cast.first, starts_on=START
        )
    record = draft(cast, marks=(Mark(cast.people["far0"].pk, Presence.PRESENT),))
    visitor = record.attendances.get(is_expected=False)
    assert (visitor.person, visitor.has_vote) == (cast.people["far0"], False)
    assert record.attendances.filter(presence=Presence.UNRECORDED).count() == 7


def test_saving_again_without_a_change_is_no_new_version(cast: Cast) -> None:
    record = draft(cast)
    again = save(record, full_content(cast), cast)
    assert again.version == record.version
    assert entries_for(record).count() == 1


def test_a_corrected_roster_reaches_the_record_at_the_next_saving(cast: Cast) -> None:
    record = draft(cast)
    enlist("马晓东", cast.first)
    again = save(record, full_content(cast), cast)
    assert again.attendances.filter(person__name="马晓东", presence=Presence.UNRECORDED).exists()


def test_a_made_up_attendance_survives_saving(cast: Cast) -> None:
    record = draft(cast)
    make_up = draft(cast, held_on=date(2020, 10, 25))
    Attendance.objects.filter(activity=record, person=cast.people["first6"]).update(made_up_by=make_up)
    save(record, full_content(cast, title="改"), cast)
    assert Attendance.objects.get(activity=record, person=cast.people["first6"]).made_up_by == make_up


def test_a_reason_goes_with_the_absence_it_explains(cast: Cast) -> None:
    marks = (Mark(cast.people["first0"].pk, Presence.PRESENT, "病假"),)
    assert draft(cast, marks=marks).attendances.get(person=cast.people["first0"]).reason == ""


def test_the_trail_names_the_changed_fields_and_people(cast: Cast) -> None:
    record = draft(cast)
    content = full_content(cast)
    marks = (*content.marks[:6], Mark(cast.people["first6"].pk, Presence.PRESENT))
    save(record, replace(content, place="二楼", marks=marks), cast)
    changes = entries_for(record)[0].changes
    assert changes["place"] == ["三楼会议室", "二楼"]
    assert set(changes) == {"place", "attendance.孙丽"}


def test_a_blank_form_s_key_makes_one_record(cast: Cast) -> None:
    key = uuid.uuid4()
    record = save_draft(organisation=cast.first, content=full_content(cast), by=cast.recorder, entry_key=key)
    assert Activity.objects.get(entry_key=key) == record
