"""What an organisation above branches holds: who is named, who is credited, whose duty it fulfils."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from activities.actions.activities import save_draft
from activities.models import Activity, Attendance, ReviewStep
from activities.queries.attendances import branches_of, sheet_on
from activities.queries.branch import recent_activities
from activities.queries.content import content_of, gaps_on
from activities.queries.duties import cells
from activities.queries.figures import figures
from activities.rules.activities import Presence, State
from activities.rules.checks import stops
from activities.rules.content import Content, Mark, differing
from activities.rules.duties import DutyStatus
from activities.rules.services import ServiceEntry
from branches.actions.organisations import move
from branches.models import Membership, Organisation, User
from branches.rights import access_of
from tests.cast import TODAY, Cast

SignIn = Callable[[User], Client]
ON = date(2020, 10, 20)


def joint(cast: Cast, *, state: str = State.SUBMITTED, **changes: Any) -> Activity:
    """A party day of the committee with volunteer service: second is named, two of first and one of second came."""
    came = ("first3", "first4", "second1")
    content = Content(
        **{
            "kinds": ("volunteer_service",),
            "title": "机关党员联合开展河道清理",
            "held_on": ON,
            "place": "东湖",
            "marks": tuple(Mark(cast.people[name].pk, Presence.PRESENT) for name in came),
            "taking_part": (cast.second.pk,),
            "people_from": (cast.first.pk,),
            "service": ServiceEntry(served="东湖社区", beneficiaries=40, problems_solved=3),
        }
        | changes
    )
    activity = save_draft(organisation=cast.committee, content=content, by=cast.staff)
    Activity.objects.filter(pk=activity.pk).update(state=state)
    activity.refresh_from_db()
    return activity


def test_nobody_of_a_branch_that_was_not_chosen_is_on_the_sheet(cast: Cast) -> None:
    record = joint(cast, people_from=())
    assert set(record.attendances.values_list("person__name", flat=True)) == {"王建国"}
    assert record.attendances.get().person == cast.people["second1"]


def test_no_branch_of_another_tree_can_be_named(cast: Cast) -> None:
    kinds = Activity.kinds.rel.model.objects.filter(code="volunteer_service")
    sheet = sheet_on(cast.committee, ON, kinds, taking_part=[cast.far.pk], people_from=[cast.far.pk])
    assert (sheet.branches, sheet.all_seats) == ((), ())


def test_without_anybody_named_it_cannot_be_handed_in(cast: Cast) -> None:
    record = joint(cast, marks=())
    assert "attendance" in [gap.anchor for gap in stops(gaps_on(record))]


def test_what_is_written_is_what_is_read(cast: Cast) -> None:
    record = joint(cast)
    stored = content_of(record)
    assert (stored.taking_part, stored.people_from) == ((cast.second.pk,), (cast.first.pk,))
    assert stored.service == ServiceEntry("东湖社区", None, 40, 3, None)
    again = save_draft(
        organisation=cast.committee,
        content=stored,
        by=cast.staff,
        activity=Activity.objects.create(organisation=cast.committee, held_on=ON, entered_on=ON, entered_by=cast.staff),
        version=1,
    )
    assert differing(stored, content_of(again)) == []


def test_a_kind_that_is_taken_off_takes_its_part_along(cast: Cast) -> None:
    record = joint(cast, state=State.DRAFT)
    content = Content(kinds=("study_session",), title="学习", held_on=ON, taking_part=(cast.second.pk,))
    save_draft(organisation=cast.committee, content=content, by=cast.staff, activity=record, version=record.version)
    assert not hasattr(Activity.objects.get(pk=record.pk), "service")


def test_only_those_named_are_expected_and_each_branch_of_the_day_is_credited(cast: Cast) -> None:
    moved = cast.people["first3"].memberships.get()
    moved.ends_on = date(2020, 10, 22)
    moved.save()
    Membership.objects.create(person=cast.people["first3"], branch=cast.second, starts_on=date(2020, 10, 23))
    record = joint(cast)
    credited = set(record.attendances.values_list("person_id", "branch__code", "is_expected"))
    people = cast.people
    assert credited == {
        (people["first3"].pk, "first", True),
        (people["first4"].pk, "first", True),
        (people["second1"].pk, "second", True),
    }


def test_a_joint_members_meeting_expects_all_members_of_the_branches_named(cast: Cast) -> None:
    record = joint(cast, kinds=("themed_party_day",), marks=())
    expected = Attendance.objects.filter(activity=record, is_expected=True)
    assert set(expected.values_list("branch__code", flat=True)) == {"second"}
    assert expected.count() == 3


def test_it_fulfils_the_duty_only_where_the_branch_is_named(cast: Cast) -> None:
    joint(cast, kinds=("themed_party_day",))
    found = {
        branch.code: next(
            cell
            for cell in cells([branch], 2020, TODAY, code="themed_party_day")[branch.pk]
            if cell.period.number == 10
        )
        for branch in (cast.first, cast.second)
    }
    assert found["second"].status == DutyStatus.PENDING
    assert found["first"].held == 0


def test_the_organ_counts_it_once(cast: Cast) -> None:
    joint(cast, taking_part=(cast.first.pk, cast.second.pk), people_from=())
    whole = figures(cast.committee, date(2020, 1, 1), TODAY)
    assert (whole.activities, whole.attendance.present) == (1, 3)
    parts = [figures(branch, date(2020, 1, 1), TODAY) for branch in (cast.first, cast.second)]
    assert [(part.activities, part.attendance.present) for part in parts] == [(1, 2), (1, 1)]


# --- who reads it -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["stranger", "nobody"])
def test_out_of_reach_it_does_not_exist(cast: Cast, sign_in: SignIn, name: str) -> None:
    url = reverse("activities:activity", args=[joint(cast).pk])
    assert sign_in(cast.users[name]).get(url).status_code == 404


def test_a_draft_of_the_committee_is_not_told_to_the_branches(cast: Cast, sign_in: SignIn) -> None:
    url = reverse("activities:activity", args=[joint(cast, state=State.DRAFT).pk])
    assert sign_in(cast.neighbour).get(url).status_code == 404


def test_a_branch_not_concerned_does_not_read_it(cast: Cast, sign_in: SignIn) -> None:
    url = reverse("activities:activity", args=[joint(cast, people_from=()).pk])
    assert sign_in(cast.secretary).get(url).status_code == 404


def test_a_branch_that_took_part_reads_it_with_its_own_people(cast: Cast, sign_in: SignIn) -> None:
    record = joint(cast)
    page = sign_in(cast.neighbour).get(reverse("activities:activity", args=[record.pk]))
    assert [row.person for row in page.context["present"]] == [cast.people["second1"]]
    assert page.context["others"] == 2
    assert "刘洋" not in page.content.decode()
    for name in ("edit", "submit", "accept"):
        assert sign_in(cast.neighbour).post(reverse(f"activities:{name}", args=[record.pk])).status_code == 404


def test_staff_read_everybody(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.staff).get(reverse("activities:activity", args=[joint(cast).pk]))
    assert (len(page.context["present"]), page.context["others"]) == (3, 0)


def test_it_stands_in_the_list_of_the_branch_named(cast: Cast, sign_in: SignIn) -> None:
    joint(cast)
    page = sign_in(cast.neighbour).get(reverse("activities:list", args=["second"]))
    assert [row.title for row in page.context["page_obj"]] == ["机关党员联合开展河道清理"]


def test_a_branch_that_took_part_is_not_told_the_words_of_the_review(cast: Cast, sign_in: SignIn) -> None:
    record = joint(cast)
    ReviewStep.objects.create(activity=record, step="returned", by=cast.staff, on=TODAY, reason="刘洋当天请假，请核对")
    page = reverse("activities:activity", args=[record.pk])
    assert "刘洋当天请假" in sign_in(cast.staff).get(page).content.decode()
    assert "刘洋" not in sign_in(cast.neighbour).get(page).content.decode()


def test_people_of_a_branch_that_has_moved_away_stay_on_the_record(cast: Cast) -> None:
    record = joint(cast, state=State.RETURNED)
    move(organisation=cast.second, parent=cast.city, on=date(2020, 10, 23), by=cast.admin)
    record = Activity.objects.get(pk=record.pk)
    stored = content_of(record)
    assert gaps_on(record) is not None
    save_draft(
        organisation=record.organisation, content=replace(stored, place="南湖"), by=cast.staff, activity=record,
        version=record.version,
    )  # fmt: skip
    assert set(record.attendances.values_list("branch__code", flat=True)) == {"first", "second"}


def test_a_branch_is_not_offered_for_a_day_it_stood_elsewhere(cast: Cast) -> None:
    move(organisation=cast.second, parent=cast.city, on=date(2020, 3, 1), by=cast.admin)
    cast.second.refresh_from_db()
    move(organisation=cast.second, parent=Organisation.objects.get(code="committee"), on=date(2020, 10, 23), by=None)
    committee = Organisation.objects.get(code="committee")
    assert [branch.code for branch in branches_of(committee, ON)] == ["first", "retired"]
    assert [branch.code for branch in branches_of(committee, TODAY)] == ["first", "retired", "second"]


def test_saving_the_page_again_is_no_change(cast: Cast, sign_in: SignIn) -> None:
    record = joint(cast, state=State.DRAFT, taking_part=(cast.first.pk, cast.second.pk), people_from=(), marks=())
    client = sign_in(cast.staff)
    sent = {
        "kinds": ["volunteer_service"], "title": record.title, "held_on": "2020-10-20", "place": "东湖",
        "taking_part": [cast.second.pk, cast.first.pk, cast.second.pk], "people_from": [cast.first.pk],
        "service-served": "东湖社区", "service-beneficiaries": "40", "service-problems_solved": "3",
        "version": record.version, "agenda-TOTAL_FORMS": 0, "agenda-INITIAL_FORMS": 0, "lectures-TOTAL_FORMS": 0,
        "lectures-INITIAL_FORMS": 0, "guests-TOTAL_FORMS": 0, "guests-INITIAL_FORMS": 0,
    }  # fmt: skip
    assert client.post(reverse("activities:edit", args=[record.pk]), sent).status_code == 302
    assert Activity.objects.get(pk=record.pk).version == record.version


@pytest.mark.parametrize("bad", ["9" * 30, "-1", "１"])
@pytest.mark.parametrize("name", ["taking_part", "people_from"])
def test_a_branch_that_is_none_is_named_as_wrong(cast: Cast, sign_in: SignIn, name: str, bad: str) -> None:
    sent = {
        "kinds": ["volunteer_service"], "title": "清理", "held_on": "2020-10-20", name: [bad],
        "agenda-TOTAL_FORMS": 0, "agenda-INITIAL_FORMS": 0, "lectures-TOTAL_FORMS": 0,
        "lectures-INITIAL_FORMS": 0, "guests-TOTAL_FORMS": 0, "guests-INITIAL_FORMS": 0,
    }  # fmt: skip
    page = sign_in(cast.staff).post(reverse("activities:new", args=["committee"]), sent)
    assert page.status_code == 200
    assert name in page.context["record"].basics.errors
    assert not Activity.objects.exists()


def test_a_lecture_typed_before_its_kind_was_taken_off_does_not_count(cast: Cast, sign_in: SignIn) -> None:
    sent = {
        "kinds": ["volunteer_service"], "title": "清理", "held_on": "2020-10-20", "taking_part": [cast.second.pk],
        "agenda-TOTAL_FORMS": 0, "agenda-INITIAL_FORMS": 0, "guests-TOTAL_FORMS": 0, "guests-INITIAL_FORMS": 0,
        "lectures-TOTAL_FORMS": 1, "lectures-INITIAL_FORMS": 0, "lectures-0-topic": "微党课",
        "lectures-0-method": "lecture", "lectures-0-duration": "很久",
    }  # fmt: skip
    assert sign_in(cast.staff).post(reverse("activities:new", args=["committee"]), sent).status_code == 302
    assert not Activity.objects.get().lectures.exists()


def test_marks_that_a_branch_taken_off_would_drop_are_told_before_saving(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.staff)
    sent = {
        "kinds": ["volunteer_service"], "title": "清理", "held_on": "2020-10-20", "taking_part": [cast.second.pk],
        f"presence-{cast.people['second1'].pk}": "present", f"presence-{cast.people['first3'].pk}": "present",
    }  # fmt: skip
    url = reverse("activities:expected", args=["committee"])
    assert 'id="set-aside"' in client.post(url, sent).content.decode()
    del sent[f"presence-{cast.people['first3'].pk}"]
    assert 'id="set-aside"' not in client.post(url, sent).content.decode()


def test_the_branch_counts_its_own_people_in_its_lists(cast: Cast, sign_in: SignIn) -> None:
    joint(cast)
    row = sign_in(cast.neighbour).get(reverse("activities:list", args=["second"])).context["page_obj"][0]
    assert (row.present, row.expected) == (1, 1)
    held = recent_activities(cast.second, access_of(cast.neighbour))
    assert [(one.attendance.present, one.attendance.expected) for one in held] == [(1, 1)]
    whole = sign_in(cast.staff).get(reverse("activities:list", args=["committee"])).context["page_obj"][0]
    assert (whole.present, whole.expected) == (3, 3)
