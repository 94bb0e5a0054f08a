from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.models import Activity, Attendance, Forum, InspectedUnit, Lecture, Result, VolunteerService
from branches.actions.organisations import move
from branches.models import Membership, Organisation, User
from branches.rights import access_of
from reports.queries.summaries import records_of, summary_of
from reports.rules.summaries import Key
from tests.activities.held import held
from tests.cast import TODAY, Cast
from tests.reports.conftest import attend, lectured

pytestmark = pytest.mark.django_db
DAYS = (date(2020, 3, 11), date(2020, 6, 10), date(2020, 9, 9))


def figure(cast: Cast, key: Key, today: date = TODAY) -> int:
    """The figure; the list behind it must add up to the same."""
    number = summary_of(cast.organ, 2020, today).figures[key]
    records = records_of(key, cast.organ, 2020, today)
    assert records.total == number
    assert sum(line.contribution for line in records.lines(records.rows)) == number
    return number


def forum(cast: Cast, on: date = DAYS[0], questions: int = 12) -> Activity:
    activity = held(cast.committee, "forum", on)
    Forum.objects.create(activity=activity, questions_answered=questions)
    attend(activity, [cast.people["first0"], cast.people["first1"]], "present", cast.first)
    attend(activity, [cast.people["second0"]], "present", cast.second)
    attend(activity, [cast.people["second1"]], "leave", cast.second)
    return activity


def service(cast: Cast, on: date = DAYS[0], problems: int = 3, saved: int = 5000) -> Activity:
    """Held by the committee, together with two branches."""
    activity = held(cast.committee, "volunteer_service", on, with_branches=(cast.first, cast.second))
    VolunteerService.objects.create(activity=activity, problems_solved=problems, money_saved_yuan=saved)
    attend(activity, [cast.people["first0"], cast.people["first1"]], "present", cast.first)
    attend(activity, [cast.people["second0"]], "present", cast.second)
    attend(activity, [cast.people["second1"]], "absent", cast.second)
    return activity


def inspection(cast: Cast, kind: str, on: date, units: tuple[str, ...], *people: str) -> Activity:
    activity = held(cast.committee, kind, on)
    for position, name in enumerate(units, start=1):
        InspectedUnit.objects.create(activity=activity, position=position, name=name)
    attend(activity, [cast.people[name] for name in people], "present", cast.first)
    return activity


def result(organisation: Organisation, kind: str, on: date = DAYS[0]) -> Result:
    return Result.objects.create(
        organisation=organisation, kind=kind, title=kind, achieved_on=on, year=on.year, entered_on=on,
        entered_by=User.objects.order_by("pk")[0],
    )  # fmt: skip


def send_back(activity: Activity) -> None:
    Activity.objects.filter(pk=activity.pk).update(state=Activity.State.RETURNED)


def stayed_away(activity: Activity, person: str) -> None:
    assert Attendance.objects.filter(activity=activity, person__name=person).update(presence="absent") == 1


def test_nothing_held_is_nought_under_every_key_in_the_order_of_the_paper(cast: Cast) -> None:
    found = summary_of(cast.organ, 2020, TODAY)
    assert list(found.figures) == [
        "forum_sessions", "forum_attendances", "forum_questions", "lectures", "lecturers",
        "inspection_participations", "inspected_units", "personnel_inspection_members", "personnel_inspected_units",
        "service_sessions", "service_participations", "problems_solved", "money_saved_yuan", "brands", "publications",
    ]  # fmt: skip
    assert set(found.figures.values()) == {0}
    assert [key for _name, figures in found.modules for key, _number in figures] == list(found.figures)


def test_a_forum_returned_is_no_session(cast: Cast) -> None:
    forum(cast)
    second = forum(cast, DAYS[1])
    assert figure(cast, Key.FORUM_SESSIONS) == 2
    send_back(second)
    assert figure(cast, Key.FORUM_SESSIONS) == 1


def test_who_stayed_away_did_not_attend_the_forum(cast: Cast) -> None:
    activity = forum(cast)
    assert figure(cast, Key.FORUM_ATTENDANCES) == 3
    stayed_away(activity, "李秀英")
    assert figure(cast, Key.FORUM_ATTENDANCES) == 2


def test_questions_are_those_of_the_record(cast: Cast) -> None:
    forum(cast)
    forum(cast, DAYS[1], questions=8)
    assert figure(cast, Key.FORUM_QUESTIONS) == 20
    Forum.objects.filter(questions_answered=8).update(questions_answered=3)
    assert figure(cast, Key.FORUM_QUESTIONS) == 15


def test_two_lectures_in_one_meeting_are_two_until_it_is_returned(cast: Cast) -> None:
    activity = lectured(held(cast.first, "party_lecture", DAYS[0]), cast.people["first0"])
    lectured(activity, cast.people["first1"])
    lectured(held(cast.second, "party_lecture", DAYS[1]), cast.people["second0"])
    assert figure(cast, Key.LECTURES) == 3
    send_back(activity)
    assert figure(cast, Key.LECTURES) == 1


def test_who_lectured_twice_is_one_lecturer(cast: Cast) -> None:
    lectured(held(cast.first, "party_lecture", DAYS[0]), cast.people["first0"], cast.people["first1"])
    lectured(held(cast.first, "party_lecture", DAYS[1]), cast.people["first0"])
    assert figure(cast, Key.LECTURERS) == 2
    Lecture.objects.order_by("pk")[0].lecturers.remove(cast.people["first1"])
    assert figure(cast, Key.LECTURERS) == 1


def test_people_of_one_name_are_two_lecturers(cast: Cast) -> None:
    lectured(held(cast.first, "party_lecture", DAYS[0]), cast.people["first0"], cast.people["second1"])
    assert cast.people["first0"].name == cast.people["second1"].name
    assert figure(cast, Key.LECTURERS) == 2


def test_who_takes_part_in_two_inspections_participates_twice(cast: Cast) -> None:
    inspection(cast, "political_inspection", DAYS[0], ("市教育局",), "first0", "first1")
    again = inspection(cast, "political_inspection", DAYS[1], ("市财政局",), "first0")
    inspection(cast, "personnel_inspection", DAYS[2], ("市财政局",), "first0")
    assert figure(cast, Key.INSPECTION_PARTICIPATIONS) == 3
    stayed_away(again, "王建国")
    assert figure(cast, Key.INSPECTION_PARTICIPATIONS) == 2


def test_a_unit_inspected_twice_is_one_unit(cast: Cast) -> None:
    inspection(cast, "political_inspection", DAYS[0], ("市教育局", "市财政局"), "first0")
    inspection(cast, "political_inspection", DAYS[1], ("市教育局",), "first0")
    inspection(cast, "personnel_inspection", DAYS[1], ("市水利局",), "first0")
    assert figure(cast, Key.INSPECTED_UNITS) == 2
    records = records_of(Key.INSPECTED_UNITS, cast.organ, 2020, TODAY)
    (line,) = [line for line in records.lines(records.rows) if line.name == "市教育局"]
    assert (line.times, [one.held_on for one in line.activities]) == (2, [DAYS[0], DAYS[1]])
    InspectedUnit.objects.filter(name="市财政局").delete()
    assert figure(cast, Key.INSPECTED_UNITS) == 1


def test_who_stayed_away_is_no_member_of_a_personnel_inspection(cast: Cast) -> None:
    inspection(cast, "personnel_inspection", DAYS[0], ("市教育局",), "first0", "first1")
    again = inspection(cast, "personnel_inspection", DAYS[1], ("市财政局",), "first0", "first2")
    assert figure(cast, Key.PERSONNEL_INSPECTION_MEMBERS) == 3
    stayed_away(again, "王建国")
    assert figure(cast, Key.PERSONNEL_INSPECTION_MEMBERS) == 3
    stayed_away(again, "张伟")
    assert figure(cast, Key.PERSONNEL_INSPECTION_MEMBERS) == 2


def test_units_of_personnel_inspections_are_counted_apart(cast: Cast) -> None:
    first = inspection(cast, "personnel_inspection", DAYS[0], ("市教育局", "市财政局"), "first0")
    inspection(cast, "personnel_inspection", DAYS[1], ("市财政局",), "first0")
    inspection(cast, "political_inspection", DAYS[2], ("市水利局",), "first0")
    assert figure(cast, Key.PERSONNEL_INSPECTED_UNITS) == 2
    send_back(first)
    assert figure(cast, Key.PERSONNEL_INSPECTED_UNITS) == 1


def test_a_joint_service_happened_once(cast: Cast) -> None:
    joint = service(cast)
    own = held(cast.first, "volunteer_service", DAYS[1])
    attend(own, [cast.people["first0"]], "present", cast.first)
    assert figure(cast, Key.SERVICE_SESSIONS) == 2
    for branch in (cast.first, cast.second):
        assert joint.pk in records_of(Key.SERVICE_SESSIONS, branch, 2020, TODAY).rows.values_list("pk", flat=True)
    send_back(own)
    assert figure(cast, Key.SERVICE_SESSIONS) == 1


def test_participations_in_services_are_those_present(cast: Cast) -> None:
    activity = service(cast)
    assert figure(cast, Key.SERVICE_PARTICIPATIONS) == 3
    stayed_away(activity, "李秀英")
    assert figure(cast, Key.SERVICE_PARTICIPATIONS) == 2


def test_of_a_joint_service_a_branch_counts_its_own_people(cast: Cast) -> None:
    service(cast)
    assert records_of(Key.SERVICE_PARTICIPATIONS, cast.second, 2020, TODAY).total == 1


def test_problems_solved_at_a_joint_service_are_solved_once(cast: Cast) -> None:
    service(cast)
    service(cast, DAYS[1], problems=4)
    assert figure(cast, Key.PROBLEMS_SOLVED) == 7
    VolunteerService.objects.filter(problems_solved=4).update(problems_solved=1)
    assert figure(cast, Key.PROBLEMS_SOLVED) == 4


def test_money_saved_is_that_of_the_records(cast: Cast) -> None:
    service(cast)
    returned = service(cast, DAYS[1], saved=800)
    assert figure(cast, Key.MONEY_SAVED_YUAN) == 5800
    send_back(returned)
    assert figure(cast, Key.MONEY_SAVED_YUAN) == 5000


def test_a_brand_withdrawn_or_of_another_year_is_none(cast: Cast) -> None:
    result(cast.first, "brand")
    withdrawn = result(cast.second, "brand")
    result(cast.retired, "brand", date(2019, 5, 1))
    result(cast.far, "brand")
    assert figure(cast, Key.BRANDS) == 2
    Result.objects.filter(pk=withdrawn.pk).update(withdrawn_on=TODAY)
    assert figure(cast, Key.BRANDS) == 1


def test_publications_are_those_standing(cast: Cast) -> None:
    result(cast.committee, "publication")
    withdrawn = result(cast.committee, "publication", DAYS[1])
    result(cast.committee, "media")
    assert figure(cast, Key.PUBLICATIONS) == 2
    Result.objects.filter(pk=withdrawn.pk).update(withdrawn_on=TODAY)
    assert figure(cast, Key.PUBLICATIONS) == 1


def test_an_activity_of_two_kinds_counts_under_each_once(cast: Cast) -> None:
    activity = held(cast.first, "volunteer_service", DAYS[0], also=("themed_party_day", "forum"))
    attend(activity, [cast.people["first0"]], "present", cast.first)
    assert (figure(cast, Key.SERVICE_SESSIONS), figure(cast, Key.FORUM_SESSIONS)) == (1, 1)
    assert (figure(cast, Key.SERVICE_PARTICIPATIONS), figure(cast, Key.PROBLEMS_SOLVED)) == (1, 0)


def _later(cast: Cast) -> None:
    forum(cast, date(2020, 10, 27))


def _of_last_year(cast: Cast) -> None:
    forum(cast, date(2019, 12, 31))


def _of_another_tree(cast: Cast) -> None:
    held(cast.far, "forum", DAYS[0])


def _draft(cast: Cast) -> None:
    Activity.objects.filter(pk=forum(cast).pk).update(state=Activity.State.DRAFT)


@pytest.mark.parametrize("other", [_later, _of_last_year, _of_another_tree, _draft])
def test_what_is_later_of_another_year_or_tree_or_a_draft_does_not_count(
    cast: Cast, other: Callable[[Cast], None]
) -> None:
    other(cast)
    assert figure(cast, Key.FORUM_SESSIONS) == figure(cast, Key.FORUM_ATTENDANCES) == 0


def test_after_the_year_only_accepted_records_count(cast: Cast) -> None:
    Activity.objects.filter(pk=forum(cast).pk).update(state=Activity.State.SUBMITTED)
    forum(cast, DAYS[1])
    assert figure(cast, Key.FORUM_SESSIONS) == 2
    assert figure(cast, Key.FORUM_SESSIONS, date(2021, 1, 4)) == 1


def test_a_branch_moved_away_counts_until_the_day_it_moved(cast: Cast) -> None:
    held(cast.first, "forum", DAYS[0])
    held(cast.first, "forum", DAYS[2])
    assert figure(cast, Key.FORUM_SESSIONS) == 2
    move(organisation=cast.first, parent=cast.city, on=date(2020, 7, 1), by=None)
    cast.organ.refresh_from_db()
    assert figure(cast, Key.FORUM_SESSIONS) == 1


def test_a_reader_counts_only_what_they_may_see(cast: Cast) -> None:
    forum(cast)
    reader = access_of(cast.neighbour)
    assert summary_of(cast.organ, 2020, TODAY, access_of(cast.staff)).figures[Key.FORUM_ATTENDANCES] == 3
    assert summary_of(cast.organ, 2020, TODAY, reader).figures[Key.FORUM_ATTENDANCES] == 0
    service(cast)
    assert summary_of(cast.organ, 2020, TODAY, reader).figures[Key.SERVICE_PARTICIPATIONS] == 1
    assert summary_of(cast.organ, 2020, TODAY, access_of(cast.stranger)).figures[Key.SERVICE_SESSIONS] == 0


@pytest.mark.parametrize("count", [1, 12])
def test_as_many_queries_for_one_record_as_for_twelve(cast: Cast, count: int) -> None:
    for number in range(count):
        day = date(2020, 1, number + 1)
        forum(cast, day)
        service(cast, day)
        inspection(cast, "political_inspection", day, (f"市直单位{number}",), "first0")
        lectured(held(cast.first, "party_lecture", day), cast.people["first0"])
    with CaptureQueriesContext(connection) as queries:
        summary_of(cast.organ, 2020, TODAY)
    assert len(queries) == 11
    for key, number in ((Key.FORUM_QUESTIONS, 4), (Key.LECTURERS, 6), (Key.INSPECTED_UNITS, 5)):
        with CaptureQueriesContext(connection) as queries:
            records = records_of(key, cast.organ, 2020, TODAY)
            records.lines(records.rows)
        assert len(queries) == number, key


def test_branches_that_have_moved_out_of_reach_are_told(cast: Cast) -> None:
    held(cast.first, "forum", DAYS[0])
    reader = access_of(cast.staff)
    assert summary_of(cast.committee, 2020, TODAY, reader).left_out == 0
    move(organisation=cast.first, parent=cast.city, on=date(2020, 7, 1), by=None)
    cast.committee.refresh_from_db()
    told = summary_of(cast.committee, 2020, TODAY, access_of(cast.staff))
    assert (told.figures[Key.FORUM_SESSIONS], told.left_out) == (0, 1)
    whole = summary_of(cast.committee, 2020, TODAY)
    assert (whole.figures[Key.FORUM_SESSIONS], whole.left_out) == (1, 0)
    above = summary_of(cast.committee, 2020, TODAY, access_of(cast.city_staff))
    assert (above.figures[Key.FORUM_SESSIONS], above.left_out) == (1, 0)


def test_of_a_lecturer_out_of_reach_the_branch_is_not_told(cast: Cast) -> None:
    service(cast)
    lectured(Activity.objects.get(), cast.people["first0"], cast.people["second0"])
    records = records_of(Key.LECTURERS, cast.committee, 2020, TODAY, access_of(cast.neighbour))
    assert {line.place for line in records.lines(records.rows)} == {"", "第二党支部"}


@pytest.mark.parametrize("key", [Key.LECTURERS, Key.PERSONNEL_INSPECTION_MEMBERS])
def test_who_moved_out_of_reach_stands_with_the_branch_of_the_last_record(cast: Cast, key: Key) -> None:
    gone, stayed = cast.people["first1"], cast.people["first2"]
    lectured(held(cast.first, "party_lecture", DAYS[0]), gone, stayed)
    inspection(cast, "personnel_inspection", DAYS[0], ("市教育局",), "first1", "first2")
    Membership.objects.filter(person=gone).update(ends_on=DAYS[1])
    Membership.objects.create(person=gone, branch=cast.far, starts_on=DAYS[2])

    def places(user: User) -> dict[str, str]:
        records = records_of(key, cast.committee, 2020, TODAY, access_of(user))
        return {line.name: line.place for line in records.lines(records.rows)}

    first = cast.first.short_name
    assert places(cast.staff) == {gone.name: first, stayed.name: first}
    Membership.objects.filter(person=stayed).update(ends_on=DAYS[1])
    Membership.objects.create(person=stayed, branch=cast.second, starts_on=DAYS[2])
    assert places(cast.staff) == {gone.name: first, stayed.name: cast.second.short_name}
