"""Two records of one person in two branches: on every day one of them counts."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from branches.actions.merges import undo_merge
from branches.models import (
    Appointment,
    GroupMembership,
    Membership,
    Office,
    OfficeAssignment,
    OfficeMembership,
    PartyGroup,
    Person,
    Post,
    Role,
    RoleAssignment,
)
from branches.queries.merges import sentences_of
from foundation.models import AuditEntry
from tests.branches.actions.test_merges import everything, merged
from tests.cast import START, TODAY, Cast, enlist

LATER = date(2019, 6, 1)


@pytest.fixture
def kept(cast: Cast) -> Person:
    return enlist("刘洋", cast.first)


@pytest.fixture
def other(cast: Cast) -> Person:
    return enlist("刘洋", cast.second)


def spans(person: Person) -> list[tuple[int, date, date | None]]:
    return list(person.memberships.valid().order_by("starts_on").values_list("branch", "starts_on", "ends_on"))


def test_an_earlier_membership_elsewhere_is_contradicted_by_nobody(cast: Cast, kept: Person) -> None:
    other = enlist("刘洋", cast.first, on=date(2019, 7, 1))
    Membership.objects.create(person=other, branch=cast.second, starts_on=START, ends_on=date(2019, 6, 30))
    before = everything()
    with pytest.raises(ValidationError):
        merged(cast, kept, other)
    assert everything() == before


def test_a_membership_longer_on_both_sides_is_the_one_to_keep(cast: Cast, kept: Person, other: Person) -> None:
    kept.memberships.update(starts_on=LATER, ends_on=date(2019, 8, 31))
    with override("zh-hans"), pytest.raises(ValidationError, match="请改为保留另一份记录"):
        merged(cast, kept, other)
    merged(cast, other, kept)
    assert spans(other) == [(cast.second.pk, START, None)]


def test_the_same_days_count_in_the_branch_of_the_record_kept(cast: Cast, kept: Person, other: Person) -> None:
    before = everything()
    with override("zh-hans"):
        done = merged(cast, kept, other)
        said, warned = sentences_of(done)
    assert spans(kept) == [(cast.first.pk, START, None)]
    assert not Membership.objects.active_on(TODAY).filter(branch=cast.second, person__name="刘洋").exists()
    assert said == ["组织关系以第一党支部的为准（2018年1月1日起）；第二党支部的组织关系作废。"]
    assert warned == []
    entry = AuditEntry.objects.get(verb="person.merge", organisation_id=cast.second.pk)
    assert entry.changes["branch"] == ["第二党支部", "第一党支部"]
    assert undo_merge(merge=done, by=cast.staff) == []
    assert everything() == before


def test_days_before_stay_with_the_other_branch(cast: Cast, kept: Person, other: Person) -> None:
    kept.memberships.update(starts_on=LATER)
    before = everything()
    with override("zh-hans"):
        done = merged(cast, kept, other)
        assert sentences_of(done)[0][0].endswith("第二党支部的组织关系只算2018年1月1日至2019年5月31日。")
    assert spans(kept) == [(cast.second.pk, START, date(2019, 5, 31)), (cast.first.pk, LATER, None)]
    assert kept.memberships.get(branch=cast.second).end_kind == Membership.End.TRANSFERRED
    assert undo_merge(merge=done, by=cast.staff) == []
    assert everything() == before


def test_days_after_stay_with_the_other_branch(cast: Cast, kept: Person, other: Person) -> None:
    kept.memberships.update(ends_on=date(2019, 5, 31), end_kind="transferred")
    before = everything()
    done = merged(cast, kept, other)
    assert spans(kept) == [(cast.first.pk, START, date(2019, 5, 31)), (cast.second.pk, LATER, None)]
    assert undo_merge(merge=done, by=cast.staff) == []
    assert everything() == before


def test_what_was_held_in_the_other_branch_ends_with_it_and_is_named(cast: Cast, kept: Person, other: Person) -> None:
    kept.memberships.update(starts_on=LATER)
    group = PartyGroup.objects.create(branch=cast.second, name="机关组", starts_on=START)
    office = Office.objects.create(organ=cast.second.parent, name="统计科")
    OfficeAssignment.objects.create(office=office, branch=cast.second, starts_on=START)
    GroupMembership.objects.create(person=other, group=group, starts_on=START)
    OfficeMembership.objects.create(person=other, office=office, starts_on=date(2020, 1, 1))
    Appointment.objects.create(person=other, organisation=cast.second, post=Post.PUBLICITY, starts_on=LATER)
    Appointment.objects.create(person=other, organisation=cast.second.parent, post=Post.PUBLICITY, starts_on=START)
    cast.nobody.person = other
    cast.nobody.save()
    RoleAssignment.objects.create(user=cast.nobody, role=Role.RECORDER, organisation=cast.second, starts_on=START)
    before = everything()
    with override("zh-hans"):
        done = merged(cast, kept, other)
        said, warned = sentences_of(done)
    assert said[1] == "此人这些日子在第二党支部的任职、党小组、科室随之终止或作废：机关组、宣传委员、统计科。"
    assert "第二党支部" in warned[0]
    assert [row.ends_on for row in GroupMembership.objects.filter(person=kept)] == [date(2019, 5, 31)]
    assert not OfficeMembership.objects.valid().filter(office=office).exists()
    assert list(Appointment.objects.active_on(TODAY).filter(person=kept).values_list("organisation", flat=True)) == [
        cast.second.parent_id
    ]
    assert undo_merge(merge=done, by=cast.staff) == []
    assert everything() == before
