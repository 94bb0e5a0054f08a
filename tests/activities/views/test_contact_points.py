from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from activities.actions.guidance import judge, remark
from activities.models import Activity, AgendaItem, Guidance
from activities.rules.activities import State
from activities.rules.guidance import agenda_digest
from branches.models import Role, RoleAssignment, User
from tests.activities.held import held
from tests.activities.supervision import MEETING, planned
from tests.cast import START, TODAY, Cast

SignIn = Callable[[User], Client]
MINE = reverse("activities:contact_points_mine")


def approve(client: Client, activity: Activity, **changes: object) -> object:
    data: dict[str, object] = {"version": 0, "title": activity.title, "verdict": "approved"}
    return client.post(reverse("activities:guidance_judge", args=[activity.pk]), data | changes)


def test_a_leader_begins_with_the_next_meetings_and_never_sees_the_draft(cast: Cast, sign_in: SignIn) -> None:
    told, hidden = planned(cast), planned(cast, told=False)
    Activity.objects.filter(pk=hidden.pk).update(title="还没公布的会")
    client = sign_in(cast.contact)
    assert client.get("/").headers["Location"] == MINE
    page = client.get(MINE).content.decode()
    assert told.title in page
    assert "还没公布的会" not in page
    plan = client.get(reverse("activities:plan", args=[told.pk])).content.decode()
    assert "会前不公开的记录" not in plan
    assert client.get(reverse("activities:edit", args=[told.pk])).status_code == 404
    assert client.get(reverse("activities:activity", args=[told.pk])).status_code == 404


def test_who_writes_for_a_branch_or_works_in_the_office_begins_there(cast: Cast, sign_in: SignIn) -> None:
    for user, start in ((cast.secretary, "activities:branch"), (cast.staff, "activities:desk")):
        RoleAssignment.objects.create(user=user, role=Role.CONTACT_LEADER, organisation=cast.second, starts_on=START)
        code = "first" if user == cast.secretary else "committee"
        assert sign_in(user).get("/").headers["Location"] == reverse(start, args=[code])


def test_one_tap_approves_and_the_branch_reads_it(cast: Cast, sign_in: SignIn) -> None:
    activity = planned(cast)
    approve(sign_in(cast.contact), activity)
    assert Guidance.objects.get().verdict == "approved"
    Activity.objects.filter(pk=activity.pk).update(title="研究发展党员工作")
    client = sign_in(cast.recorder)
    for name, args in (("branch", ["first"]), ("activity", [activity.pk]), ("edit", [activity.pk])):
        page = client.get(reverse(f"activities:{name}", args=args)).content.decode()
        assert "同意议题" in page, name
        assert "研究第四季度工作安排" in page, name


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999"])
def test_a_version_that_is_none_is_refused_in_words(cast: Cast, sign_in: SignIn, version: str) -> None:
    activity = planned(cast)
    assert approve(sign_in(cast.contact), activity, version=version).status_code == 422  # type: ignore[attr-defined]
    assert not Guidance.objects.exists()


def test_a_title_changed_meanwhile_is_shown_before_it_is_approved(cast: Cast, sign_in: SignIn) -> None:
    activity = planned(cast)
    Activity.objects.filter(pk=activity.pk).update(title="研究发展党员工作")
    response = approve(sign_in(cast.contact), activity)
    assert response.status_code == 422  # type: ignore[attr-defined]
    assert 'value="研究发展党员工作"' in response.content.decode()  # type: ignore[attr-defined]


def test_what_was_typed_for_a_meeting_held_meanwhile_is_answered(cast: Cast, sign_in: SignIn) -> None:
    activity = planned(cast)
    Activity.objects.filter(pk=activity.pk).update(state=State.SUBMITTED, held_on=TODAY)
    response = approve(sign_in(cast.contact), activity)
    assert response.status_code == 422  # type: ignore[attr-defined]
    assert "不能再审定议题" in response.content.decode()  # type: ignore[attr-defined]


def test_remarks_come_back_where_the_choice_is_missing(cast: Cast, sign_in: SignIn) -> None:
    activity = held(cast.first, "members_meeting", TODAY)
    url = reverse("activities:guidance_remark", args=[activity.pk])
    response = sign_in(cast.contact).post(url, {"version": 0, "remarks": "讨论充分"})
    assert response.status_code == 422
    assert "讨论充分" in response.content.decode()


def test_staff_see_the_plan_of_a_meeting_and_are_led_to_the_record_afterwards(cast: Cast, sign_in: SignIn) -> None:
    activity = planned(cast)
    client = sign_in(cast.staff)
    url = reverse("activities:plan", args=[activity.pk])
    page = client.get(url).content.decode()
    assert activity.title in page
    assert "同意议题" not in page
    Activity.objects.filter(pk=activity.pk).update(state=State.SUBMITTED)
    assert client.get(url).headers["Location"] == reverse("activities:activity", args=[activity.pk])


def test_an_assignment_that_cannot_be_keeps_what_was_chosen(cast: Cast, sign_in: SignIn) -> None:
    url = reverse("activities:contact_point_new", args=["committee"])
    data = {"account": cast.contact.pk, "organisation": cast.first.pk, "starts_on": "2020-10-26", "ends_on": "x"}
    for changes in ({}, {"ends_on": ""}, {"account": cast.stranger.pk}, {"organisation": cast.far.pk}):
        assert sign_in(cast.staff).post(url, data | changes).status_code == 422
    assert RoleAssignment.objects.filter(role=Role.CONTACT_LEADER).count() == 1


def test_presence_and_remarks_of_this_year_are_counted(cast: Cast, sign_in: SignIn) -> None:
    for day in (TODAY, TODAY - timedelta(days=400)):
        remark(
            activity=held(cast.first, "members_meeting", day),
            was_present=True,
            remarks="讨论充分",
            version=0,
            by=cast.contact,
        )
    page = sign_in(cast.staff).get(reverse("activities:contact_points", args=["committee"]))
    point = page.context["shown"].rows[0].points[0]
    assert (point.present, point.remarks) == (1, 1)
    assert "2 个支部没有联系点领导" in page.content.decode()


@pytest.mark.parametrize("times", [1, 4])
def test_as_many_queries_for_many_meetings_as_for_one(
    cast: Cast, sign_in: SignIn, times: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(times):
        told = planned(cast, on=MEETING + timedelta(days=number))
        judge(activity=told, verdict="approved", seen_title=told.title, version=0, by=cast.contact)
        held(cast.first, "members_meeting", TODAY - timedelta(days=number))
        said = held(cast.first, "party_lecture", TODAY - timedelta(days=number))
        remark(activity=said, was_present=True, remarks="好", version=0, by=cast.contact)
    client = sign_in(cast.contact)
    client.get(MINE)
    with django_assert_num_queries(19):
        client.get(MINE)


def test_who_only_reads_sees_the_leaders_and_changes_none(cast: Cast, sign_in: SignIn) -> None:
    RoleAssignment.objects.create(user=cast.nobody, role=Role.SECRETARY, organisation=cast.committee, starts_on=START)
    url = reverse("activities:contact_points", args=["committee"])
    for user in (cast.auditor, cast.admin, cast.nobody):
        page = sign_in(user).get(url).content.decode()
        assert cast.contact.name in page
        assert reverse("activities:contact_point_new", args=["committee"]) not in page
        assert "/end/" not in page
        assert reverse("activities:work_lists", args=["committee"]) in page


def test_an_assignment_is_ended_on_a_chosen_day(cast: Cast, sign_in: SignIn) -> None:
    assignment = RoleAssignment.objects.get(user=cast.contact)
    url = reverse("activities:contact_point_end", args=["committee", assignment.pk])
    client = sign_in(cast.staff)
    for wrong in ("x", "2017-12-31", "9999-12-31"):
        response = client.post(url, {"last_day": wrong})
        assert response.status_code == 422, wrong
    page = client.post(url, {"last_day": "2020-10-31"}, follow=True).content.decode()
    assert "10月31日" in page
    assignment.refresh_from_db()
    assert assignment.ends_on == TODAY + timedelta(days=5)


@pytest.mark.parametrize("name", ["secretary", "recorder", "staff", "admin", "auditor"])
def test_who_guides_besides_other_work_gets_to_it_from_the_first_screen(cast: Cast, sign_in: SignIn, name: str) -> None:
    user = cast.users[name]
    client = sign_in(user)
    page = client.get("/", follow=True).content.decode()
    assert f'href="{MINE}"' not in page
    RoleAssignment.objects.create(user=user, role=Role.CONTACT_LEADER, organisation=cast.second, starts_on=START)
    response = client.get("/", follow=True)
    if response.request["PATH_INFO"] != MINE:
        assert f'href="{MINE}"' in response.content.decode()


def test_the_way_back_to_the_committee_stands_with_ones_contact_points(cast: Cast, sign_in: SignIn) -> None:
    RoleAssignment.objects.create(user=cast.contact, role=Role.SECRETARY, organisation=cast.committee, starts_on=START)
    page = sign_in(cast.contact).get(MINE).content.decode()
    assert f'href="{MINE}" aria-current="true"' in page
    assert reverse("activities:work_lists", args=["committee"]) in page


def test_nothing_is_asked_of_the_days_before_one_guided(cast: Cast, sign_in: SignIn) -> None:
    earlier = held(cast.first, "members_meeting", TODAY - timedelta(days=2))
    own = held(cast.first, "party_lecture", TODAY - timedelta(days=1))
    RoleAssignment.objects.filter(user=cast.contact).update(starts_on=TODAY - timedelta(days=1))
    awaiting = sign_in(cast.contact).get(MINE).context["awaiting"]
    assert [meeting.activity for meeting in awaiting] == [own]
    assert earlier not in [meeting.activity for meeting in awaiting]


def test_a_leader_of_all_is_counted_with_every_branch_and_not_with_what_was_given_up(
    cast: Cast, sign_in: SignIn
) -> None:
    RoleAssignment.objects.filter(user=cast.contact).update(organisation=cast.committee)
    for branch in (cast.first, cast.second, cast.retired):
        activity = held(branch, "members_meeting", TODAY)
        remark(activity=activity, was_present=True, remarks="好", version=0, by=cast.contact)
    Activity.objects.filter(pk=activity.pk).update(state=State.DISCARDED)
    page = sign_in(cast.staff).get(reverse("activities:contact_points", args=["committee"]))
    assert [(point.present, point.remarks) for point in page.context["shown"].above] == [(2, 2)]


def test_a_meeting_without_a_theme_is_not_approved(cast: Cast, sign_in: SignIn) -> None:
    activity = planned(cast)
    Activity.objects.filter(pk=activity.pk).update(title="")
    response = approve(sign_in(cast.contact), activity, title="")
    assert response.status_code == 422  # type: ignore[attr-defined]
    assert "没有主题" in response.content.decode()  # type: ignore[attr-defined]
    assert not Guidance.objects.exists()


def test_words_sent_with_an_approval_are_read_and_old_advice_is_not_sent_again(cast: Cast, sign_in: SignIn) -> None:
    activity = planned(cast)
    leader = sign_in(cast.contact)
    approve(leader, activity, verdict="advised", advice="补充整改时限")
    Activity.objects.filter(pk=activity.pk).update(title="研究整改时限")
    plan = leader.get(reverse("activities:plan", args=[activity.pk]))
    assert plan.context["verdict_form"]["advice"].value() == ""
    approve(leader, activity, version=1, title="研究整改时限", advice="会后请报送纪要")
    assert "会后请报送纪要" in sign_in(cast.recorder).get(reverse("activities:branch", args=["first"])).content.decode()


def test_an_agenda_changed_after_the_approval_asks_again(cast: Cast, sign_in: SignIn) -> None:
    activity = planned(cast)
    item = AgendaItem.objects.create(activity=activity, position=1, title="研究培训计划")
    leader, seen = sign_in(cast.contact), agenda_digest([item.title])
    approve(leader, activity, agenda=seen)
    assert "议题已改" not in leader.get(MINE).content.decode()
    AgendaItem.objects.filter(pk=item.pk).update(title="研究基建项目")
    plan, branch = reverse("activities:plan", args=[activity.pk]), reverse("activities:branch", args=["first"])
    assert "议题已改" in sign_in(cast.recorder).get(branch).content.decode()
    leader = sign_in(cast.contact)
    assert "议题已改" in leader.get(plan).content.decode()
    page = leader.get(MINE).content.decode()
    assert "议题已改" in page
    assert 'value="approved"' in page
    assert approve(leader, activity, version=1, agenda=seen).status_code == 422  # type: ignore[attr-defined]
    approve(leader, activity, version=1, agenda=agenda_digest(["研究基建项目"]))
    assert "议题已改" not in leader.get(MINE).content.decode()


def test_no_day_of_the_real_clock_stands_beside_a_word(cast: Cast, sign_in: SignIn) -> None:
    activity = planned(cast)
    approve(sign_in(cast.contact), activity)
    at = Guidance.objects.get().verdict_at
    page = sign_in(cast.recorder).get(reverse("activities:branch", args=["first"])).content.decode()
    assert at is not None
    assert "同意议题" in page
    assert f'<time datetime="{at.year}' not in page
