from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from activities.models import Activity, Attendance, Forum, Guest, Talk, VolunteerService
from branches.actions.people import appoint, reveal_identity
from branches.models import Membership, MemberStatus, Post, User
from tests.activities.held import held
from tests.activities.results import honour
from tests.cast import Cast
from tests.reports.conftest import attend, lectured

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
MEETING = "members_meeting"


def _file(client: Client, pk: int, **query: Any) -> Any:
    return client.get(reverse("reports:person_file", args=[pk]), query)


def _listed(client: Client, pk: int, **query: Any) -> list[str]:
    page = client.get(reverse("reports:person_records", args=[pk]), query).context["page_obj"]
    return [row.title for row in page]


def _lines(response: Any) -> dict[tuple[int, str], dict[str, int]]:
    return {
        (line.year, line.kind.code if line.kind else ""): {part.value: number for part, number in line.cells if number}
        for line in response.context["lines"]
    }


def _year(cast: Cast) -> dict[str, Activity]:
    """A year of 张伟: present, on leave and made up, absent, unrecorded; one of two kinds, one belonging to 2019."""
    person = [cast.people["first2"]]
    held_on = {
        "present": held(cast.first, MEETING, date(2020, 3, 4), also=("party_lecture",), title="到会"),
        "leave": held(cast.first, MEETING, date(2020, 5, 6), title="请假"),
        "absent": held(cast.first, MEETING, date(2020, 7, 8), title="缺席"),
        "unrecorded": held(cast.first, MEETING, date(2020, 9, 9), title="未登记"),
    }
    for presence, activity in held_on.items():
        attend(activity, person, presence, cast.first)
    Attendance.objects.filter(activity=held_on["leave"]).update(made_up_by=held_on["present"])
    life = held(cast.first, MEETING, date(2020, 1, 8), belongs_to_year=2019, title="组织生活会")
    attend(life, person, "present", cast.first)
    return held_on


def test_who_never_belonged_to_a_branch_in_reach_has_no_file(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.stranger)
    for name in ("person_file", "person_records"):
        assert client.get(reverse(f"reports:{name}", args=[cast.people["first2"].pk])).status_code == 404
        assert client.get(reverse(f"reports:{name}", args=[0])).status_code == 404


def test_drafts_returned_and_discarded_records_enter_no_number(cast: Cast, sign_in: SignIn) -> None:
    person = cast.people["first2"]
    for state in ("draft", "returned", "discarded"):
        record = held(cast.first, MEETING, date(2020, 3, 4), state=state, title=state)
        attend(record, [person], "present", cast.first)
        Activity.objects.filter(pk=record.pk).update(chair=person, recorder=person)
        lectured(record, person)
    client = sign_in(cast.secretary)
    context = _file(client, person.pk).context
    assert (context["lines"], context["led"], list(context["lectures"])) == ([], [], [])
    assert _listed(client, person.pk) == []


def test_who_was_not_expected_enters_no_number(cast: Cast, sign_in: SignIn) -> None:
    person = cast.people["first2"]
    record = held(cast.first, MEETING, date(2020, 3, 4))
    Attendance.objects.create(activity=record, person=person, branch=cast.first, presence="present", is_expected=False)
    Guest.objects.create(activity=record, name=person.name, person=person)
    client = sign_in(cast.secretary)
    assert _file(client, person.pk).context["lines"] == []
    assert _listed(client, person.pk) == []


def test_a_moved_member_is_seen_by_each_branch_as_far_as_it_reaches(cast: Cast, sign_in: SignIn) -> None:
    person = cast.people["first2"]
    Membership.objects.filter(person=person).update(ends_on=date(2020, 6, 30))
    Membership.objects.create(person=person, branch=cast.far, starts_on=date(2020, 7, 1))
    MemberStatus.objects.create(person=person, kind="excused", reason="长期病假", starts_on=date(2020, 2, 1))
    appoint(person=person, organisation=cast.far, post=Post.PUBLICITY, on=date(2020, 8, 1), by=cast.stranger)
    for branch, on, title in ((cast.first, date(2020, 3, 4), "旧支部会"), (cast.far, date(2020, 9, 9), "新支部会")):
        record = held(branch, MEETING, on, title=title)
        attend(record, [person], "present", branch)
        Activity.objects.filter(pk=record.pk).update(chair=person)
        lectured(record, person)
    for user, mine, other in ((cast.secretary, "旧支部会", "新支部会"), (cast.stranger, "新支部会", "旧支部会")):
        client = sign_in(user)
        response = _file(client, person.pk)
        assert _lines(response) == {
            (2020, ""): {"expected": 1, "present": 1},
            (2020, MEETING): {"expected": 1, "present": 1},
        }
        assert [line.cells for line in response.context["led"]] == [[("chaired", 1), ("recorded", 0)]]
        assert [row.activity.title for row in response.context["lectures"]] == [mine]
        assert _listed(client, person.pk) == [mine]
        assert other not in response.content.decode()
        assert ("长期病假" in response.content.decode()) is False
    page = _file(sign_in(cast.secretary), person.pk).content.decode()
    assert "农业局" not in page
    assert "宣传委员" not in page
    assert "第一党小组" in page
    assert "第一党小组" not in _file(sign_in(cast.stranger), person.pk).content.decode()


def test_each_number_opens_the_activities_it_counts(cast: Cast, sign_in: SignIn) -> None:
    _year(cast)
    pk = cast.people["first2"].pk
    client = sign_in(cast.secretary)
    response = _file(client, pk)
    assert _lines(response) == {
        (2020, ""): {"expected": 4, "present": 1, "leave": 1, "absent": 1, "unrecorded": 1, "made_up": 1},
        (2020, MEETING): {"expected": 4, "present": 1, "leave": 1, "absent": 1, "unrecorded": 1, "made_up": 1},
        (2020, "party_lecture"): {"expected": 1, "present": 1},
        (2019, ""): {"expected": 1, "present": 1},
        (2019, MEETING): {"expected": 1, "present": 1},
    }
    for line in response.context["lines"]:
        for part, number in line.cells:
            kind = {"kind": line.kind.code} if line.kind else {}
            assert len(_listed(client, pk, part=part, year=line.year, **kind)) == number
    link = f"{reverse('reports:person_records', args=[pk])}?part=absent&amp;year=2020&amp;kind={MEETING}"
    assert link in response.content.decode()
    assert _listed(client, pk, part="absent", year=2020) == ["缺席"]
    assert _listed(client, pk, part="made_up") == ["请假"]


def test_filters_nobody_offered_filter_nothing(cast: Cast, sign_in: SignIn) -> None:
    _year(cast)
    client = sign_in(cast.secretary)
    query = {"part": "x", "kind": "x", "year": "x", "page": "x"}
    assert len(_listed(client, cast.people["first2"].pk, **query)) == 5
    assert _listed(client, cast.people["first2"].pk, year=2011) == []


def test_meetings_led_are_counted_by_year_and_listed(cast: Cast, sign_in: SignIn) -> None:
    person = cast.people["first0"]
    for number, year in enumerate((2019, 2020, 2020)):
        record = held(cast.first, MEETING, date(year, 3 + number, 4), title=f"会{number}")
        Activity.objects.filter(pk=record.pk).update(chair=person, recorder=person if number == 1 else None)
    client = sign_in(cast.secretary)
    led = {line.year: dict(line.cells) for line in _file(client, person.pk).context["led"]}
    assert led == {2020: {"chaired": 2, "recorded": 1}, 2019: {"chaired": 1, "recorded": 0}}
    assert _listed(client, person.pk, part="chaired", year=2020) == ["会2", "会1"]
    assert _listed(client, person.pk, part="recorded") == ["会1"]


def test_changes_are_shown_to_those_who_see_the_trail_there(cast: Cast, sign_in: SignIn) -> None:
    person = cast.people["first3"]
    appoint(person=person, organisation=cast.first, post=Post.YOUTH, on=date(2020, 8, 1), by=cast.staff)
    reveal_identity(person=person, branch=cast.first, by=cast.staff, reason="核对党员信息")
    appoint(
        person=cast.people["first4"], organisation=cast.first, post=Post.PUBLICITY, on=date(2020, 8, 1), by=cast.staff
    )
    assert "修改记录" not in _file(sign_in(cast.recorder), person.pk).content.decode()
    assert [row.entry.verb for row in _file(sign_in(cast.secretary), person.pk).context["rows"]] == [
        "person.identity_revealed",
        "appointment.begin",
    ]
    Membership.objects.filter(person=person).update(ends_on=date(2020, 8, 31))
    Membership.objects.create(person=person, branch=cast.far, starts_on=date(2020, 9, 1))
    assert _file(sign_in(cast.stranger), person.pk).context["rows"] == []


def test_service_study_and_talks_open_the_records_they_count(cast: Cast, sign_in: SignIn) -> None:
    person, other = cast.people["first2"], cast.people["first3"]
    for month, kind, hours in ((3, "volunteer_service", 2.5), (4, "volunteer_service", None), (5, "forum", None)):
        record = held(cast.first, kind, date(2020, month, 4), title=f"{month}月")
        attend(record, [person], "present", cast.first)
        if hours:
            VolunteerService.objects.create(activity=record, hours=hours)
    Forum.objects.create(activity=record).lecturers.add(person)
    absent = held(cast.first, "volunteer_service", date(2020, 6, 4), title="缺席")
    attend(absent, [person], "absent", cast.first)
    VolunteerService.objects.create(activity=absent, hours=8)
    talk = held(cast.first, "heart_to_heart", date(2020, 7, 8), title="谈心")
    Talk.objects.create(activity=talk, position=1, first=other, second=person)
    client = sign_in(cast.secretary)
    context = _file(client, person.pk).context
    [line] = context["contributions"]
    assert (line.year, line.hours, line.cells) == (2020, 2.5, [("served", 2), ("studied", 1), ("spoke", 1)])
    for part, number in line.cells:
        assert len(_listed(client, person.pk, part=part, year=2020)) == number
    assert _listed(client, person.pk, part="served") == ["4月", "3月"]
    assert [(row.activity_id, who) for row, who in context["talks"]] == [(talk.pk, other)]
    assert _listed(client, person.pk, part="talked") == ["谈心"]
    assert "谈心" in _listed(client, person.pk)
    assert _file(sign_in(cast.neighbour), person.pk).status_code == 404


def test_honours_of_a_member_stand_in_the_file_and_on_the_page(cast: Cast, sign_in: SignIn) -> None:
    person = cast.people["first2"]
    honour(cast, person=person, title="优秀共产党员")
    honour(cast, person=person, title="误录", withdrawn_on=date(2020, 7, 1), withdrawn_by=cast.secretary)
    honour(cast, person=person, title="远山荣誉", organisation=cast.far)
    client = sign_in(cast.secretary)
    for url in (reverse("reports:person_file", args=[person.pk]), reverse("branches:person", args=[person.pk])):
        response = client.get(url)
        assert [row.title for row in response.context["honours"]] == ["优秀共产党员"]


@pytest.mark.parametrize("meetings", [1, 30])
def test_a_file_takes_the_same_queries_however_long(
    meetings: int, cast: Cast, sign_in: SignIn, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    person = cast.people["first2"]
    for number in range(meetings):
        record = held(cast.first, MEETING, date(2020 - number % 3, 3, 4))
        attend(record, [person], "present", cast.first)
        lectured(record, person)
        honour(cast, person=person)
        Talk.objects.create(activity=record, position=1, first=person, second=cast.people["first3"])
        Activity.objects.filter(pk=record.pk).update(chair=person)
        reveal_identity(person=person, branch=cast.first, by=cast.staff, reason="核对党员信息")
    client = sign_in(cast.secretary)
    for name, number in (("person_file", 32), ("person_records", 21)):
        url = reverse(f"reports:{name}", args=[person.pk])
        client.get(url)
        with django_assert_num_queries(number):
            client.get(url)
