from __future__ import annotations

from datetime import date

from branches.models import (
    Appointment,
    GroupMembership,
    Membership,
    MemberStatus,
    Office,
    OfficeAssignment,
    OfficeMembership,
    Person,
    Post,
)
from branches.queries.roster import Member, committee_on, in_flow_on, members_on
from tests.cast import START, TODAY, Cast


def of(members: list[Member], person: Person) -> Member:
    [found] = [member for member in members if member.person.pk == person.pk]
    return found


def test_a_group_and_an_office_of_another_branch_are_not_shown(cast: Cast) -> None:
    person = cast.people["first0"]
    person.memberships.update(ends_on=date(2020, 6, 30))
    Membership.objects.create(person=person, branch=cast.second, starts_on=date(2020, 7, 1))
    member = of(members_on([cast.second], TODAY), person)
    assert (member.group, member.office) == (None, "")
    before = of(members_on([cast.first], date(2020, 6, 30)), person)
    assert (before.group, before.office) == (cast.group_one, "办公室")


def test_an_office_that_forms_no_branch_is_one_of_every_branch_of_its_organ(cast: Cast) -> None:
    OfficeMembership.objects.create(
        person=cast.people["second0"], office=Office.objects.create(organ=cast.organ, name="财务科"), starts_on=START
    )
    OfficeMembership.objects.create(
        person=cast.people["second1"],
        office=Office.objects.create(organ=cast.far_organ, name="财务科"),
        starts_on=START,
    )
    members = members_on([cast.second], TODAY)
    assert of(members, cast.people["second0"]).office == "财务科"
    assert of(members, cast.people["second1"]).office == ""


def test_an_office_belongs_to_the_branch_it_formed_that_day(cast: Cast) -> None:
    OfficeAssignment.objects.update(ends_on=date(2019, 12, 31))
    office = Office.objects.get()
    OfficeAssignment.objects.create(office=office, branch=cast.second, starts_on=date(2020, 1, 1))
    person = cast.people["first0"]
    assert of(members_on([cast.first], date(2019, 12, 31)), person).office == "办公室"
    assert of(members_on([cast.first], TODAY), person).office == ""


def test_an_in_flow_member_brings_no_group_along(cast: Cast) -> None:
    person = cast.people["first5"]
    MemberStatus.objects.create(person=person, kind="flow_in", branch=cast.second, starts_on=START)
    assert in_flow_on(cast.second, TODAY)[0].group is None
    group = cast.second.groups.create(name="流动党员小组", starts_on=START)
    GroupMembership.objects.create(person=person, group=group, starts_on=START)
    assert in_flow_on(cast.second, TODAY)[0].group == group


def test_a_reason_from_before_is_the_former_branch_s(cast: Cast) -> None:
    person = cast.people["second1"]
    old = MemberStatus.objects.create(person=person, kind="excused", reason="家中有事", starts_on=date(2017, 1, 1))
    new = MemberStatus.objects.create(person=person, kind="excused", reason="住院", starts_on=date(2020, 1, 1))
    Appointment.objects.create(person=person, organisation=cast.committee, post=Post.COMMITTEE_MEMBER, starts_on=START)
    for member in (of(members_on([cast.second], TODAY), person), of(committee_on(cast.committee, TODAY), person)):
        assert (member.reason_of(old), member.reason_of(new)) == ("", "住院")
        assert not member.is_expected
