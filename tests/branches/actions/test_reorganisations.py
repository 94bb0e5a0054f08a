from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from branches.actions.organisations import found
from branches.actions.reorganisations import merge, split
from branches.models import (
    Appointment,
    GroupMembership,
    Membership,
    MemberStatus,
    OfficeAssignment,
    OfficeMembership,
    Organisation,
    PartyGroup,
    Placement,
    RoleAssignment,
    Succession,
    Term,
    Transfer,
)
from branches.queries.roster import members_on
from foundation.models import AuditEntry
from tests.cast import START, TODAY, Cast, enlist
from tests.tree import invalid_nodes

pytestmark = pytest.mark.django_db
ON, LAST = date(2020, 9, 1), date(2020, 8, 31)


def _merge(cast: Cast, **fields: object) -> Organisation:
    values = {"branches": [cast.first], "into": cast.second, "on": ON, "by": cast.admin, "document_number": "批5号"}
    return merge(**(values | fields))  # type: ignore[arg-type]


def _new(cast: Cast, on: date = ON) -> Organisation:
    return found(
        code="fourth", kind=Organisation.Kind.BRANCH, name="第四党支部", short_name="第四党支部",
        parent=cast.committee, on=on, by=cast.admin,
    )  # fmt: skip


@pytest.mark.parametrize("on", [date(2017, 1, 1), START, date(2020, 10, 27)])
def test_days_on_which_it_cannot_be_are_refused(cast: Cast, on: date) -> None:
    with pytest.raises(ValidationError) as refused:
        _merge(cast, on=on)
    assert "on" in refused.value.error_dict


def test_a_branch_is_not_merged_into_itself_nor_into_what_is_no_branch(cast: Cast) -> None:
    for into in (cast.first, cast.committee):
        with pytest.raises(ValidationError):
            _merge(cast, into=into)
    assert not Succession.objects.exists()


def test_somebody_who_came_later_than_the_day_stands_in_the_way(cast: Cast) -> None:
    enlist("后来的", cast.first, on=date(2020, 10, 1))
    with pytest.raises(ValidationError) as refused:
        _merge(cast)
    assert "2020年10月1日" in str(refused.value)
    assert Membership.objects.active_on(TODAY).filter(branch=cast.first).count() == 8


def test_an_open_transfer_stands_in_the_way(cast: Cast) -> None:
    Transfer.objects.create(
        person=cast.people["first5"], direction=Transfer.Direction.INSIDE, from_branch=cast.first,
        to_branch=cast.second, effective_on=TODAY, asked_on=TODAY, asked_by=cast.secretary,
    )  # fmt: skip
    with pytest.raises(ValidationError) as refused:
        _merge(cast)
    assert "赵磊" in str(refused.value)


def test_it_is_merged_once(cast: Cast) -> None:
    _merge(cast)
    with pytest.raises(ValidationError):
        _merge(cast, into=cast.retired)
    assert Succession.objects.count() == 1


def test_merging_ends_and_begins_everything_on_the_day(cast: Cast) -> None:
    guest = cast.people["retired0"]
    MemberStatus.objects.create(person=guest, kind=MemberStatus.Kind.FLOW_IN, branch=cast.first, starts_on=START)
    _merge(cast)
    first = Organisation.objects.get(pk=cast.first.pk)
    assert (first.ended_on, first.ending_document) == (LAST, "批5号")
    old = Membership.objects.filter(branch=first)
    assert {(row.ends_on, row.end_kind, row.end_document) for row in old} == {(LAST, "reorganised", "批5号")}
    new = Membership.objects.active_on(ON).filter(branch=cast.second, start_kind="reorganised")
    assert {row.starts_on for row in new} == {ON}
    assert new.count() == 7
    assert len(members_on([cast.second], ON)) >= 10
    assert not Appointment.objects.active_on(ON).filter(organisation=first).exists()
    assert not PartyGroup.objects.active_on(ON).filter(branch=first).exists()
    assert not GroupMembership.objects.active_on(ON).filter(group__branch=first).exists()
    assert not Term.objects.active_on(ON).filter(organisation=first).exists()
    assert not RoleAssignment.objects.active_on(TODAY).filter(organisation=first).exists()
    assert OfficeAssignment.objects.active_on(ON).get().branch_id == cast.second.pk
    assert OfficeMembership.objects.active_on(ON).get().person_id == cast.people["first0"].pk
    assert MemberStatus.objects.active_on(ON).get(person=guest).branch_id == cast.second.pk
    assert MemberStatus.objects.active_on(LAST).get(person=guest).branch_id == first.pk
    assert Placement.objects.get(organisation=first).ends_on == LAST
    assert Succession.objects.get().kind == Succession.Kind.MERGED
    assert invalid_nodes() == []


def test_merging_leaves_its_trail_at_both(cast: Cast) -> None:
    _merge(cast)
    verbs = set(AuditEntry.objects.filter(organisation_id=cast.first.pk).values_list("verb", flat=True))
    assert {"organisation.revoke", "person.reorganise", "appointment.end", "role.end"} <= verbs
    entry = AuditEntry.objects.get(verb="organisation.merge")
    assert (entry.organisation_id, entry.changes["merged"][1]) == (cast.second.pk, ["第一党支部"])


def test_a_membership_that_has_ended_since_ends_the_same_day_in_the_new_branch(cast: Cast) -> None:
    person = cast.people["first6"]
    Membership.objects.filter(person=person).update(ends_on=date(2020, 10, 1), end_kind="deceased")
    _merge(cast)
    rows = list(Membership.objects.filter(person=person).order_by("starts_on"))
    assert [(row.branch_id, row.ends_on, row.end_kind) for row in rows] == [
        (cast.first.pk, LAST, "reorganised"),
        (cast.second.pk, date(2020, 10, 1), "deceased"),
    ]


@pytest.mark.parametrize("more", [0, 30])
def test_as_many_queries_for_many_members_as_for_few(cast: Cast, more: int, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    for _number in range(more):
        enlist("某某", cast.first)
    with django_assert_num_queries(37 + (connection.vendor == "postgresql")):  # its lock of the tree is a query
        _merge(cast)


def test_nobody_or_everybody_cannot_be_split_off(cast: Cast) -> None:
    fourth = _new(cast)
    everybody = [cast.people[f"first{number}"] for number in range(7)]
    for people in ([], everybody, [cast.people["second0"]]):
        with pytest.raises(ValidationError) as refused:
            split(branch=cast.first, into=fourth, people=people, on=ON, by=cast.admin)
        assert "people" in refused.value.error_dict


def test_a_split_takes_members_an_office_and_a_group(cast: Cast) -> None:
    fourth = _new(cast)
    office = OfficeAssignment.objects.get().office
    split(
        branch=cast.first, into=fourth, people=[cast.people["first1"]], offices=[office], groups=[cast.group_two],
        on=ON, by=cast.admin, document_number="批6号",
    )  # fmt: skip
    gone = Membership.objects.active_on(ON).filter(branch=fourth).values_list("person_id", flat=True)
    assert set(gone) == {cast.people[f"first{number}"].pk for number in (0, 1, 4, 5, 6)}
    assert Membership.objects.active_on(ON).filter(branch=cast.first).count() == 2
    assert OfficeMembership.objects.active_on(ON).get(person=cast.people["first0"]).office == office
    assert [row.branch_id for row in OfficeAssignment.objects.active_on(ON)] == [fourth.pk]
    assert list(PartyGroup.objects.active_on(ON).values_list("branch_id", "name").order_by("name")) == [
        (cast.first.pk, "第一党小组"),
        (fourth.pk, "第二党小组"),
    ]
    assert GroupMembership.objects.active_on(ON).filter(group__branch=fourth).count() == 3
    assert GroupMembership.objects.active_on(LAST).filter(group=cast.group_two).count() == 3
    assert not Appointment.objects.active_on(ON).filter(organisation=cast.first, post="secretary").exists()
    succession = Succession.objects.get()
    assert (succession.kind, succession.predecessor_id, succession.successor_id) == ("split", cast.first.pk, fourth.pk)
    assert Organisation.objects.get(pk=cast.first.pk).ended_on is None
