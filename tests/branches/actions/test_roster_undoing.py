from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.models import Activity, Attendance
from branches.actions.batches import resume
from branches.actions.giving_back import give_back
from branches.actions.roster_undoing import undo_chunk
from branches.actions.undoing import begin_undo
from branches.models import (
    Appointment,
    Batch,
    BatchEffect,
    GroupMembership,
    Membership,
    MemberStatus,
    Organisation,
    PartyGroup,
    Person,
    PersonMerge,
    Post,
    Role,
    RoleAssignment,
    Transfer,
    User,
)
from branches.queries.undoing import kept_effects, undo_preview
from branches.rights import access_of
from branches.rules.people import StatusKind
from branches.rules.undoing import Reason
from foundation.actions import jobs
from foundation.encryption import blind_index
from foundation.models import AuditEntry
from tests.cast import PASSWORD, START, TODAY, Cast
from tests.rosters import line, number, plan, workbook, write

State, Outcome = Batch.State, BatchEffect.Outcome
NUMBERED = [(f"郝新{name}", number(sequence=at)) for name, at in (("民", 1), ("国", 3), ("庆", 5))]


def brought_in(cast: Cast, *rows: list[str], as_of: date = TODAY) -> Batch:
    return write(plan(workbook(rows), cast.committee, cast.staff, as_of=as_of))


def three_new(cast: Cast) -> Batch:
    return brought_in(cast, *(line(name, identity, cast.first.name) for name, identity in NUMBERED))


def undo(batch: Batch, cast: Cast, also: list[int] | None = None) -> Batch:
    begin_undo(batch=batch, also=also or [], by=cast.staff)
    batch.refresh_from_db()
    return batch


def effect_of(batch: Batch, name: str) -> BatchEffect:
    return batch.effects.get(person__name=name)


def attend(person: Person, branch: Organisation) -> Attendance:
    by = User.objects.get(username="staff")
    activity = Activity.objects.create(
        organisation=branch, title="学习", held_on=TODAY, entered_on=TODAY, entered_by=by
    )
    return Attendance.objects.create(activity=activity, person=person, branch=branch)


def moved(cast: Cast) -> tuple[Batch, Person]:
    """李秀英, whose party group and post in the first branch end as the roster of the second lists her."""
    person = cast.people["first1"]
    Person.objects.filter(pk=person.pk).update(
        identity_number=NUMBERED[0][1], identity_hash=blind_index(NUMBERED[0][1])
    )
    batch = brought_in(cast, line("李秀英", NUMBERED[0][1], cast.second.name))
    person.refresh_from_db()
    assert person.memberships.get(ends_on__isnull=True, is_void=False).branch == cast.second
    return batch, person


@pytest.mark.parametrize("state", [State.PLANNED, State.ABANDONED, State.FAILED])
def test_what_was_not_written_cannot_be_undone(cast: Cast, state: str) -> None:
    batch = plan(workbook([line("郝新民", number(), cast.first.name)]), cast.committee, cast.staff)
    Batch.objects.filter(pk=batch.pk).update(state=state)
    batch.refresh_from_db()
    assert not undo_preview(batch, access_of(cast.staff)).is_possible
    with pytest.raises(ValidationError):
        begin_undo(batch=batch, also=[], by=cast.staff)


def test_of_two_clicks_the_second_is_told(cast: Cast) -> None:
    batch = three_new(cast)
    undo(batch, cast)
    with pytest.raises(ValidationError):
        undo(batch, cast)
    assert AuditEntry.objects.filter(verb="batch.undone").count() == 1


def test_people_nobody_used_are_void_and_their_numbers_free(cast: Cast) -> None:
    batch = three_new(cast)
    preview = undo_preview(batch, access_of(cast.staff))
    assert (preview.created, preview.number, preview.kept) == (3, 3, [])
    batch = undo(batch, cast)
    assert (batch.state, batch.counts["undone"], batch.counts["kept"]) == (State.UNDONE, 3, 0)
    assert batch.undone_by == cast.staff
    assert not Person.objects.valid().filter(name__startswith="郝新").exists()
    assert not Membership.objects.valid().filter(person__name__startswith="郝新").exists()
    assert AuditEntry.objects.filter(verb="person.roster_undo").count() == 3
    again = three_new(cast)
    assert again.counts["create"] == 3


def test_where_nothing_would_be_undone_it_is_said(cast: Cast) -> None:
    batch = three_new(cast)
    for name, _identity in NUMBERED:
        attend(Person.objects.get(name=name), cast.first)
    with pytest.raises(ValidationError):
        begin_undo(batch=batch, also=[], by=cast.staff)
    assert undo(batch, cast, also=[effect_of(batch, "郝新国").pk]).counts["undone"] == 1


def test_any_batch_can_be_undone_not_only_the_last(cast: Cast) -> None:
    first = three_new(cast)
    brought_in(cast, line("马建军", number(sequence=9), cast.second.name))
    assert undo(first, cast).counts["undone"] == 3
    assert Person.objects.valid().filter(name="马建军").exists()


@pytest.mark.parametrize("use", ["attendance", "post", "group", "status", "account", "transfer", "guest"])
def test_whoever_is_used_since_is_named_and_kept(cast: Cast, use: str) -> None:
    batch = three_new(cast)
    person = Person.objects.get(name="郝新国")
    if use == "attendance":
        attend(person, cast.first)
    elif use == "post":
        Appointment.objects.create(person=person, organisation=cast.first, post=Post.PUBLICITY, starts_on=TODAY)
    elif use == "group":
        GroupMembership.objects.create(person=person, group=cast.group_one, starts_on=TODAY)
    elif use == "status":
        MemberStatus.objects.create(person=person, kind=StatusKind.EXCUSED, starts_on=TODAY)
    elif use == "account":
        cast.nobody.person = person
        cast.nobody.save()
    elif use == "transfer":
        Transfer.objects.create(
            person=person,
            direction=Transfer.Direction.INSIDE,
            from_branch=cast.first,
            to_branch=cast.second,
            effective_on=TODAY,
            asked_on=TODAY,
            asked_by=cast.secretary,
        )
    else:
        attend(cast.people["second1"], cast.second).activity.guests.create(person=person)
    preview = undo_preview(batch, access_of(cast.staff))
    [kept] = kept_effects(preview.kept)
    assert (preview.created, kept.name, kept.number, kept.reason) == (2, "郝新国", 3, Reason.IN_USE)
    assert len(kept.uses) == 1
    batch = undo(batch, cast)
    assert (batch.counts["undone"], batch.counts["kept"]) == (2, 1)
    person.refresh_from_db()
    assert not person.is_void
    assert effect_of(batch, "郝新国").outcome == Outcome.KEPT


def test_what_was_taken_back_is_no_use(cast: Cast) -> None:
    batch = three_new(cast)
    person = Person.objects.get(name="郝新国")
    MemberStatus.objects.create(person=person, kind=StatusKind.EXCUSED, starts_on=TODAY, is_void=True)
    assert undo(batch, cast).counts["kept"] == 0


def test_whoever_was_edited_since_is_kept_also_by_a_later_import(cast: Cast) -> None:
    batch = three_new(cast)
    later = brought_in(cast, line("郝新国", NUMBERED[1][1], cast.first.name, 学历="大专"))
    assert later.counts["update"] == 1
    [(pk, reason)] = undo_preview(batch, access_of(cast.staff)).kept
    assert (pk, reason) == (effect_of(batch, "郝新国").pk, Reason.EDITED)
    assert undo(batch, cast).counts["kept"] == 1
    undo(later, cast)
    assert undo(batch, cast, also=[pk]).counts == batch.counts | {"undone": 3, "kept": 0}


def test_one_may_decide_otherwise_at_once_or_afterwards(cast: Cast) -> None:
    batch = three_new(cast)
    for name in ("郝新国", "郝新庆"):
        attend(Person.objects.get(name=name), cast.first)
    Appointment.objects.create(
        person=Person.objects.get(name="郝新国"), organisation=cast.first, post=Post.PUBLICITY, starts_on=TODAY
    )
    batch = undo(batch, cast, also=[effect_of(batch, "郝新国").pk])
    assert (batch.counts["undone"], batch.counts["kept"]) == (2, 1)
    person = Person.objects.get(name="郝新国")
    assert person.is_void
    assert not Appointment.objects.valid().filter(person=person).exists()
    assert Attendance.objects.filter(person=person).exists(), "what was recorded stays on record"
    batch = undo(batch, cast, also=[effect_of(batch, "郝新庆").pk])
    assert (batch.state, batch.counts["undone"], batch.counts["kept"]) == (State.UNDONE, 3, 0)


def test_effects_of_another_batch_cannot_be_slipped_in(cast: Cast) -> None:
    batch, other = three_new(cast), brought_in(cast, line("马建军", number(sequence=9), cast.second.name))
    attend(Person.objects.get(name="马建军"), cast.second)
    undo(batch, cast, also=[effect_of(other, "马建军").pk])
    assert effect_of(other, "马建军").reason == ""


def test_fields_are_given_back(cast: Cast) -> None:
    three_new(cast)
    person = Person.objects.get(name="郝新国")
    before = {field.attname: getattr(person, field.attname) for field in person._meta.concrete_fields}
    row = line("郝新国", NUMBERED[1][1], cast.first.name, 学历="大专", 联系电话="13800000001", 入党时间="2011.08.02")
    batch = brought_in(cast, row)
    assert undo_preview(batch, access_of(cast.staff)).changed == 1
    undo(batch, cast)
    person.refresh_from_db()
    after = {field.attname: getattr(person, field.attname) for field in person._meta.concrete_fields}
    assert after == before | {"version": before["version"] + 2}
    entry = AuditEntry.objects.get(verb="person.roster_undo")
    assert entry.changes["education"] == ["大学专科", "大学本科"]
    assert "13800000001" not in str(entry.changes)


def test_a_field_somebody_wrote_since_is_left_as_it_is(cast: Cast) -> None:
    three_new(cast)
    batch = brought_in(cast, line("郝新国", NUMBERED[1][1], cast.first.name, 学历="大专", 联系电话="13800000001"))
    person = Person.objects.get(name="郝新国")
    Person.objects.filter(pk=person.pk).update(phone="13900000002", version=person.version + 1)
    undo(batch, cast, also=[effect_of(batch, "郝新国").pk])
    person.refresh_from_db()
    assert person.education is not None
    assert (person.education.name, person.phone) == ("大学本科", "13900000002")


def test_a_person_moved_goes_back_with_all_that_ended(cast: Cast) -> None:
    held = Appointment.objects.valid().filter(person=cast.people["first1"], organisation=cast.first)
    status = MemberStatus.objects.create(
        person=cast.people["first1"], kind=StatusKind.FLOW_OUT, starts_on=date(2020, 1, 1), ends_on=date(2021, 1, 1)
    )
    groups = GroupMembership.objects.valid().filter(person=cast.people["first1"])
    before = (list(held.values()), list(groups.values()))
    assert before[0]
    assert before[1]
    batch, person = moved(cast)
    assert not held.filter(ends_on__isnull=True).exists()
    assert undo_preview(batch, access_of(cast.staff)).moved == 1
    undo(batch, cast)
    membership = person.memberships.get(ends_on__isnull=True, is_void=False)
    assert (membership.branch, membership.end_kind) == (cast.first, "")
    assert (list(held.values()), list(groups.values())) == before
    status.refresh_from_db()
    assert status.ends_on == date(2021, 1, 1)


@pytest.mark.parametrize("use", ["attendance", "group", "membership"])
def test_whoever_is_used_in_the_new_branch_stays_there(cast: Cast, use: str) -> None:
    batch, person = moved(cast)
    attend(person, cast.first)  # before the move, or as a guest: nothing of the new branch
    assert not undo_preview(batch, access_of(cast.staff)).kept
    if use == "attendance":
        attend(person, cast.second)
    elif use == "group":
        group = PartyGroup.objects.create(branch=cast.second, name="第一党小组", starts_on=TODAY)
        GroupMembership.objects.create(person=person, group=group, starts_on=TODAY)
    else:
        now = person.memberships.get(ends_on__isnull=True, is_void=False)
        now.ends_on = TODAY + timedelta(days=9)
        now.save()
        Membership.objects.create(person=person, branch=cast.retired, starts_on=TODAY + timedelta(days=10))
    [(pk, reason)] = undo_preview(batch, access_of(cast.staff)).kept
    assert reason == Reason.IN_USE
    batch = undo(batch, cast, also=[pk])
    assert batch.counts["undone"] == 1
    valid = list(person.memberships.valid().order_by("starts_on").values_list("branch", "ends_on"))
    if use == "membership":
        assert valid == [(cast.first.pk, TODAY + timedelta(days=9)), (cast.retired.pk, None)]
    else:
        assert valid == [(cast.first.pk, None)]
        assert not GroupMembership.objects.valid().filter(person=person, group__branch=cast.second).exists()


def test_nobody_goes_back_to_a_branch_that_is_no_more(cast: Cast) -> None:
    batch, person = moved(cast)
    Organisation.objects.filter(pk=cast.first.pk).update(ended_on=date(2020, 9, 30))
    [(pk, reason)] = undo_preview(batch, access_of(cast.staff)).kept
    assert reason == Reason.BRANCH_GONE
    with pytest.raises(ValidationError):
        undo(batch, cast)
    assert undo(batch, cast, also=[pk]).counts["kept"] == 1
    assert person.memberships.get(ends_on__isnull=True, is_void=False).branch == cast.second


def officer(name: str, at: Organisation) -> User:
    user = User.objects.create_user(username=name, password=PASSWORD, name=name, must_change_password=False)
    RoleAssignment.objects.create(user=user, role=Role.STAFF, organisation=at, starts_on=START)
    return user


def test_nobody_moves_people_back_beyond_their_reach(cast: Cast) -> None:
    batch, person = moved(cast)
    narrow = officer("narrow", cast.second)
    [(pk, reason)] = undo_preview(batch, access_of(narrow)).kept
    assert reason == Reason.OUT_OF_REACH
    [kept] = kept_effects([(pk, reason)])
    assert (kept.may_be_decided, kept.uses, cast.first.name in kept.words) == (False, (), False)
    assert undo_preview(batch, access_of(cast.staff)).moved == 1
    begin_undo(batch=batch, also=[pk], by=narrow)
    batch.refresh_from_db()
    assert (batch.counts["undone"], batch.counts["kept"]) == (0, 1)
    assert batch.effects.get().reason == Reason.OUT_OF_REACH
    assert person.memberships.get(ends_on__isnull=True, is_void=False).branch == cast.second
    assert undo(batch, cast).counts["undone"] == 1, "whoever reaches both may"


def test_reach_is_judged_when_the_work_runs(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    batch, person = moved(cast)
    monkeypatch.setitem(jobs._handlers, "batch.undo", lambda job: None)
    undo(batch, cast)
    monkeypatch.undo()
    RoleAssignment.objects.filter(user=cast.staff).update(organisation=cast.second)
    assert undo_chunk(batch) == 1
    assert batch.effects.get().reason == Reason.OUT_OF_REACH
    assert person.memberships.get(ends_on__isnull=True, is_void=False).branch == cast.second


def test_nobody_gives_fields_back_to_somebody_beyond_their_reach(cast: Cast) -> None:
    three_new(cast)
    batch = brought_in(cast, line("郝新国", NUMBERED[1][1], cast.first.name, 学历="大专"))
    narrow = officer("narrow", cast.second)
    assert [reason for _pk, reason in undo_preview(batch, access_of(narrow)).kept] == [Reason.OUT_OF_REACH]
    assert undo_preview(batch, access_of(officer("near", cast.first))).changed == 1


@pytest.mark.parametrize("ended", ["group", "before", "void"])
def test_what_was_held_in_a_group_that_is_no_more_is_not_given_back(cast: Cast, ended: str) -> None:
    groups = GroupMembership.objects.valid().filter(person=cast.people["first1"])
    batch, _person = moved(cast)
    before = groups.get().ends_on
    assert before == TODAY - timedelta(days=1)
    last = TODAY + timedelta(days=3) if ended == "group" else before - timedelta(days=9)
    PartyGroup.objects.filter(pk=cast.group_one.pk).update(
        ends_on=None if ended == "void" else last, is_void=ended == "void"
    )
    assert undo(batch, cast).counts["undone"] == 1
    assert groups.get().ends_on == (last if ended == "group" else before)


def test_a_post_in_an_organisation_that_is_no_more_is_not_given_back(cast: Cast) -> None:
    posts = Appointment.objects.filter(person=cast.people["first1"])
    branch, committee = (
        posts.get(),
        Appointment.objects.create(
            person=cast.people["first1"], organisation=cast.committee, post=Post.COMMITTEE_MEMBER, starts_on=START
        ),
    )
    membership = Membership.objects.get(person=cast.people["first1"])
    last = TODAY - timedelta(days=30)
    posts.update(ends_on=last)
    membership.ended_with = [["appointment", row.pk, None] for row in (branch, committee)]
    Organisation.objects.filter(pk=cast.committee.pk).update(ended_on=TODAY - timedelta(days=8))
    give_back([(membership, last)])
    assert [row.ends_on for row in posts.order_by("pk")] == [None, TODAY - timedelta(days=8)]


def test_somebody_merged_with_another_is_not_undone_before_the_merger(cast: Cast) -> None:
    batch = three_new(cast)
    entered = Person.objects.get(name="郝新国")
    merge = PersonMerge.objects.create(
        kept=entered, merged=cast.people["first1"], reason="同一人", merged_by=cast.staff
    )
    [(pk, reason)] = undo_preview(batch, access_of(cast.staff)).kept
    assert reason == Reason.MERGED
    assert undo(batch, cast, also=[pk]).counts["kept"] == 1
    PersonMerge.objects.filter(pk=merge.pk).update(undone_at=merge.merged_at)
    assert undo(batch, cast).counts["undone"] == 3


def test_the_preview_costs_the_same_however_long_the_file(cast: Cast) -> None:
    numbers = []
    for batch in (brought_in(cast, line("马建军", number(sequence=9), cast.second.name)), three_new(cast)):
        with CaptureQueriesContext(connection) as queries:
            undo_preview(batch, access_of(cast.staff))
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


def test_whoever_goes_on_with_an_undoing_answers_for_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    batch, _person = moved(cast)
    monkeypatch.setitem(jobs._handlers, "batch.undo", lambda job: None)
    undo(batch, cast)
    monkeypatch.undo()
    RoleAssignment.objects.filter(user=cast.staff).update(organisation=cast.far)
    batch = resume(batch=batch, by=cast.users["city_staff"])
    batch.refresh_from_db()
    assert (batch.state, batch.undone_by, batch.counts["undone"]) == (State.UNDONE, cast.users["city_staff"], 1)
