from __future__ import annotations

from datetime import date
from typing import Any

from activities.models import ActivityKind
from activities.queries.attendances import Sheet, sheet_on
from branches.models import Appointment, Membership, MemberStatus, Organisation, Person, Post
from branches.rules.people import Category, StatusKind
from tests.cast import START, TODAY, Cast, enlist


def sheet(at: Organisation, *codes: str, day: date = TODAY, group: int | None = None) -> Sheet:
    return sheet_on(at, day, list(ActivityKind.objects.filter(code__in=codes)), group)


def names(people: Any) -> list[str]:
    return [person.name for person in people]


def mark(person: Person, kind: str, **values: Any) -> None:
    MemberStatus.objects.create(person=person, kind=kind, starts_on=START, **values)


def test_without_a_kind_nobody_is_expected(cast: Cast) -> None:
    assert sheet(cast.first).seats == ()


def test_without_its_group_a_group_meeting_expects_nobody(cast: Cast) -> None:
    assert sheet(cast.first, "group_meeting").seats == ()


def test_those_away_are_listed_apart_with_the_reason(cast: Cast) -> None:
    mark(cast.people["first3"], StatusKind.FLOW_OUT, reason="驻村帮扶")
    mark(cast.people["first4"], StatusKind.SUSPENDED)
    mark(cast.people["first5"], StatusKind.EXCUSED, reason="长期病休")
    found = sheet(cast.first, "members_meeting")
    assert names(found.seats) == ["王建国", "李秀英", "张伟", "孙丽"]
    assert [(person.name, "驻村帮扶" in person.reason) for person in found.away] == [
        ("刘洋", True), ("陈静", False), ("赵磊", False),
    ]  # fmt: skip
    assert all(person.reason for person in found.away)


def test_who_belonged_that_day_decides(cast: Cast) -> None:
    enlist("马晓东", cast.first, on=date(2020, 10, 1))
    gone = Membership.objects.get(person=cast.people["first6"])
    gone.ends_on = date(2020, 9, 30)
    gone.save()
    assert "马晓东" in names(sheet(cast.first, "members_meeting").seats)
    assert "孙丽" not in names(sheet(cast.first, "members_meeting").seats)
    in_september = names(sheet(cast.first, "members_meeting", day=date(2020, 9, 30)).seats)
    assert "马晓东" not in in_september
    assert "孙丽" in in_september


def test_several_kinds_expect_everybody_of_their_bodies_once(cast: Cast) -> None:
    deputy = enlist("外支部委员", cast.second)
    Appointment.objects.create(person=deputy, organisation=cast.first, post=Post.COMMITTEE_MEMBER, starts_on=START)
    found = names(sheet(cast.first, "members_meeting", "committee_meeting").seats)
    assert sorted(found) == sorted({*names(sheet(cast.first, "members_meeting").seats), "外支部委员"})
    assert names(sheet(cast.first, "committee_meeting").seats)[:3] == ["王建国", "李秀英", "张伟"]


def test_a_group_expects_its_members_and_is_chaired_by_its_leader(cast: Cast) -> None:
    Appointment.objects.create(
        person=cast.people["first5"], organisation=cast.first, post=Post.GROUP_LEADER, group=cast.group_two,
        starts_on=START,
    )  # fmt: skip
    found = sheet(cast.first, "group_meeting", group=cast.group_two.pk)
    assert sorted(names(found.seats)) == sorted(["陈静", "赵磊", "孙丽"])
    assert found.chairs["group"] == cast.people["first5"].pk
    assert found.chairs["members"] == cast.people["first0"].pk


def test_votes_are_derived_not_asked(cast: Cast) -> None:
    probationary = cast.people["first6"]
    probationary.full_on, probationary.category = None, Category.PROBATIONARY
    probationary.save()
    mark(cast.people["first5"], StatusKind.ON_PROBATION)
    found = {seat.name: seat for seat in sheet(cast.first, "members_meeting").seats}
    assert [name for name, seat in found.items() if not seat.has_vote] == ["赵磊", "孙丽"]
    assert all(seat.is_expected for seat in found.values())


def test_those_floating_in_come_without_a_vote_and_are_not_expected(cast: Cast) -> None:
    mark(cast.people["far1"], StatusKind.FLOW_IN, branch=cast.first)
    found = sheet(cast.first, "members_meeting")
    assert [(seat.name, seat.has_vote, seat.is_expected) for seat in found.visitors] == [("卫红", False, False)]
    assert "卫红" not in names(found.seats)
    assert sheet(cast.first, "committee_meeting").visitors == ()


def test_a_committee_above_branches_expects_its_own_committee_only(cast: Cast) -> None:
    Appointment.objects.create(
        person=cast.people["second0"], organisation=cast.committee, post=Post.SECRETARY, starts_on=START
    )
    assert names(sheet(cast.committee, "committee_meeting", "members_meeting").seats) == ["周敏"]


def test_queries_do_not_grow_with_the_branch(cast: Cast, django_assert_num_queries: Any) -> None:
    kinds = list(ActivityKind.objects.filter(code="members_meeting"))
    for number in range(20):
        enlist(f"党员{number}", cast.first)
    with django_assert_num_queries(13):
        sheet_on(cast.first, TODAY, kinds)
