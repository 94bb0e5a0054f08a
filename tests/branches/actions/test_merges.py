"""Two records of one person become one and two again; nothing counts twice and nothing is lost."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from activities.models import Attendance, Forum
from activities.rules.activities import Presence
from branches.actions.merge_rows import naming_people
from branches.actions.merges import merge, undo_merge
from branches.models import GroupMembership, Membership, Person, PersonMerge
from foundation.encryption import blind_index
from foundation.models import AuditEntry
from tests.activities.records import written
from tests.cast import START, TODAY, Cast, enlist
from tests.rosters import number

NUMBER = number()


def numbered(person: Person, identity: str = NUMBER) -> Person:
    person.identity_number, person.identity_hash = identity, blind_index(identity)
    person.phone, person.phone_hash = "13900001234", blind_index("13900001234")
    person.save()
    return person


def merged(cast: Cast, kept: Person, other: Person) -> PersonMerge:
    return merge(kept=kept, merged=other, reason="同一人重复录入", by=cast.staff)


def everything() -> dict[str, Any]:
    """All rows that name a person, and the people, without versions."""
    rows = {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model, _name in naming_people()
        if model is not Person
    }
    people = [
        {name: value for name, value in row.items() if name != "version"}
        for row in Person.objects.order_by("pk").values()
    ]
    return rows | {"people": people}


def test_two_numbers_are_two_people(cast: Cast) -> None:
    first, second = numbered(cast.people["first3"]), numbered(cast.people["first4"], number(sequence=3))
    with pytest.raises(ValidationError):
        merged(cast, first, second)


def test_nobody_is_merged_with_oneself_or_twice(cast: Cast) -> None:
    kept, other = cast.people["first3"], enlist("刘洋", cast.first)
    with pytest.raises(ValidationError):
        merged(cast, kept, kept)
    merged(cast, kept, other)
    with pytest.raises(ValidationError):
        merged(cast, kept, other)


def test_a_double_in_the_branch_is_one_member_with_the_data_of_both(cast: Cast) -> None:
    kept, other = cast.people["first3"], numbered(enlist("刘洋", cast.first, on=date(2019, 1, 1)))
    before = Membership.objects.active_on(TODAY).filter(branch=cast.first).count()
    done = merged(cast, kept, other)
    kept.refresh_from_db()
    other.refresh_from_db()
    assert Membership.objects.active_on(TODAY).filter(branch=cast.first).count() == before - 1
    assert (kept.identity_number, kept.identity_hash, kept.phone) == (NUMBER, blind_index(NUMBER), "13900001234")
    assert (other.merged_into, other.identity_number, other.identity_hash) == (kept, "", None)
    assert (kept.version, other.version) == (2, 2)
    assert NUMBER not in json.dumps(list(AuditEntry.objects.filter(verb="person.merge").values("changes")))
    assert done.reason == "同一人重复录入"


def test_a_former_membership_elsewhere_is_moved_and_an_earlier_start_counts(cast: Cast) -> None:
    kept, other = cast.people["first3"], Person.objects.create(name="刘洋")
    Membership.objects.create(
        person=other, branch=cast.second, starts_on=date(2015, 1, 1), ends_on=date(2017, 5, 31), end_kind="transferred"
    )
    Membership.objects.create(person=other, branch=cast.first, starts_on=date(2017, 6, 1))
    merged(cast, kept, other)
    spans = kept.memberships.valid().order_by("starts_on").values_list("branch", "starts_on", "ends_on")
    assert list(spans) == [
        (cast.second.pk, date(2015, 1, 1), date(2017, 5, 31)),
        (cast.first.pk, date(2017, 6, 1), None),
    ]


def test_the_attendance_of_both_at_one_activity_counts_once_and_as_the_better(cast: Cast) -> None:
    kept, other = cast.people["first3"], enlist("刘洋", cast.first)
    activity, alone = written(cast), written(cast)
    Attendance.objects.all().delete()
    mine = Attendance.objects.create(activity=activity, person=kept, branch=cast.first, presence=Presence.ABSENT)
    Attendance.objects.create(activity=activity, person=other, branch=cast.first, presence=Presence.PRESENT)
    Attendance.objects.create(activity=alone, person=other, branch=cast.first, presence=Presence.LEAVE)
    merged(cast, kept, other)
    mine.refresh_from_db()
    assert mine.presence == Presence.PRESENT
    assert list(Attendance.objects.filter(person=kept).values_list("activity", flat=True).order_by("activity")) == [
        activity.pk,
        alone.pk,
    ]
    assert not Attendance.objects.filter(person=other).exists()


def test_a_lecturer_named_twice_is_named_once(cast: Cast) -> None:
    kept, other = cast.people["first3"], enlist("刘洋", cast.first)
    forum = Forum.objects.create(activity=written(cast))
    forum.lecturers.set([kept, other])
    merged(cast, kept, other)
    assert list(forum.lecturers.all()) == [kept]


def test_undone_everything_is_as_it_was(cast: Cast) -> None:
    kept, other = cast.people["first3"], numbered(enlist("刘洋", cast.first, on=date(2017, 1, 1)))
    GroupMembership.objects.create(person=other, group=cast.group_two, starts_on=START)
    activity = written(cast)
    Attendance.objects.all().delete()
    for person, presence in ((kept, Presence.ABSENT), (other, Presence.PRESENT)):
        Attendance.objects.create(activity=activity, person=person, branch=cast.first, presence=presence)
    forum = Forum.objects.create(activity=activity)
    forum.lecturers.set([kept, other])
    cast.nobody.person = other
    cast.nobody.save()
    before = everything()
    done = merged(cast, kept, other)
    assert everything() != before
    assert undo_merge(merge=done, by=cast.staff) == []
    assert everything() == before
    with pytest.raises(ValidationError):
        undo_merge(merge=done, by=cast.staff)


def test_what_was_changed_since_stays_and_is_named(cast: Cast) -> None:
    kept, other = cast.people["first3"], numbered(enlist("刘洋", cast.first, on=date(2017, 1, 1)))
    done = merged(cast, kept, other)
    kept.refresh_from_db()
    kept.phone, kept.phone_hash = "13811112222", blind_index("13811112222")
    kept.save()
    kept.memberships.valid().update(starts_on=date(2016, 1, 1))
    still = undo_merge(merge=done, by=cast.staff)
    kept.refresh_from_db()
    other.refresh_from_db()
    assert len(still) == 2
    assert kept.phone == "13811112222"
    assert (kept.identity_hash, other.identity_hash) == (None, blind_index(NUMBER))


def test_a_chain_is_undone_from_its_end(cast: Cast) -> None:
    kept, other, third = cast.people["first3"], enlist("刘洋", cast.first), enlist("刘洋", cast.first)
    first, second = merged(cast, other, third), merged(cast, kept, other)
    third.refresh_from_db()
    assert third.merged_into == kept
    with pytest.raises(ValidationError):
        undo_merge(merge=first, by=cast.staff)
    undo_merge(merge=second, by=cast.staff)
    third.refresh_from_db()
    assert third.merged_into == other


def test_a_former_branch_is_not_named_to_whoever_may_not_know_it(cast: Cast) -> None:
    kept, other = cast.people["first3"], enlist("刘洋", cast.first, on=date(2019, 1, 1))
    Membership.objects.create(
        person=other, branch=cast.far, starts_on=date(2018, 6, 1), ends_on=date(2018, 12, 31), end_kind="transferred"
    )
    with pytest.raises(ValidationError) as refused:
        merged(cast, kept, other)
    assert "农业局" not in str(refused.value)
