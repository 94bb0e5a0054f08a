"""Writing a confirmed roster: what changed meanwhile, and what a killed worker leaves."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branches.actions import batches, roster_writing
from branches.actions.batch_decisions import decide
from branches.actions.pacing import Pace
from branches.models import (
    Appointment,
    Batch,
    Education,
    GroupMembership,
    Membership,
    MemberStatus,
    Organisation,
    Person,
)
from foundation.encryption import blind_index
from foundation.models import AuditEntry
from tests.branches.imports.test_roster_plans import numbered
from tests.cast import START, TODAY, Cast, enlist
from tests.rosters import line, number, plan, rows, workbook, write

LOCK = connection.vendor == "postgresql"  # that of the branches is a query


def planned(cast: Cast, *lines: list[str]) -> Batch:
    return plan(workbook(lines), cast.committee, cast.staff)


def test_a_person_changed_meanwhile_is_left_alone_and_reported(cast: Cast) -> None:
    person = numbered(cast.people["first3"], number(), name="刘洋")
    known = line("刘洋", number(), cast.first.name, 学历="大专")
    batch = planned(cast, known, line("郝新民", number(sequence=3), cast.first.name))
    Person.objects.filter(pk=person.pk).update(version=person.version + 1, position_title="科长")
    write(batch)
    person.refresh_from_db()
    assert person.education is not None
    assert (person.education.name, person.position_title) == ("大学本科", "科长")
    assert [row.outcome for row in rows(batch).values()] == ["changed", "written"]
    assert (batch.counts["written"], batch.counts["changed"]) == (1, 1)


def test_a_person_moved_meanwhile_is_left_alone(cast: Cast) -> None:
    person = numbered(cast.people["second1"], number())
    batch = planned(cast, line("王建国", number(), cast.first.name))
    person.memberships.update(ends_on=date(2020, 10, 1))
    Membership.objects.create(person=person, branch=cast.retired, starts_on=date(2020, 10, 2))
    write(batch)
    assert person.memberships.get(ends_on=None).branch == cast.retired


def test_a_number_somebody_entered_meanwhile_is_not_entered_twice(cast: Cast) -> None:
    batch = planned(cast, line("郝新民", number(), cast.first.name))
    numbered(cast.people["first3"], number())
    write(batch)
    assert Person.objects.filter(identity_hash=blind_index(number())).count() == 1
    assert rows(batch)[2].outcome == "changed"


def test_a_new_member(cast: Cast) -> None:
    write(planned(cast, line("郝新民", number(), cast.first.name, 联系电话="13800001234", 入党时间="2010.07")))
    person = Person.objects.get(name="郝新民")
    assert (person.identity_number, person.phone) == (number(), "13800001234")
    assert (person.identity_hash, person.phone_hash) == (blind_index(number()), blind_index("13800001234"))
    assert (person.joined_on, person.joined_on_precision) == (date(2010, 7, 1), "month")
    assert (person.birth_date, person.category, person.version) == (date(1980, 1, 1), "full", 1)
    membership = person.memberships.get()
    assert (membership.branch, membership.starts_on, membership.start_kind) == (cast.first, TODAY, "entered")


def test_a_move_ends_the_old_membership_the_day_before(cast: Cast) -> None:
    person = numbered(cast.people["second1"], number())
    write(planned(cast, line("王建国", number(), cast.first.name)))
    old, new = person.memberships.order_by("starts_on")
    assert (old.branch, old.ends_on, old.end_kind) == (cast.second, TODAY - timedelta(days=1), "transferred")
    assert (new.branch, new.starts_on, new.ends_on, new.start_kind) == (cast.first, TODAY, None, "transferred")
    person.refresh_from_db()
    assert person.version == 2


def test_the_trail_tells_each_person_with_secrets_masked(cast: Cast) -> None:
    numbered(cast.people["first3"], number(), name="刘洋", phone="13800001234")
    write(
        planned(
            cast,
            line("刘洋", number(), cast.first.name, 联系电话="13900005678"),
            line("郝新民", number(sequence=3), cast.second.name, 联系电话="13800009999"),
        )
    )
    update = AuditEntry.objects.get(verb="person.roster_update")
    create = AuditEntry.objects.get(verb="person.roster_create")
    assert update.changes == {"phone": ["138****1234", "139****5678"]}
    assert (update.organisation_id, create.organisation_id) == (cast.first.pk, cast.second.pk)
    assert create.changes["branch"] == ["", cast.second.name]
    told = json.dumps([update.changes, create.changes])
    assert not any(secret in told for secret in ("13900005678", "13800009999", number(sequence=3)))


def test_a_killed_worker_s_rest_is_written_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roster_writing, "pace", Pace(size=2, most=2, least=2))
    lines = [line(f"郝{at}", number(sequence=at * 2 + 1), cast.first.name) for at in range(5)]
    batch = planned(cast, *lines)
    Batch.objects.filter(pk=batch.pk).update(state="applying", applied_by=cast.staff)
    batch.refresh_from_db()
    assert roster_writing.write_chunk(batch) == 2  # … and here the worker dies
    assert Person.objects.filter(name__startswith="郝").count() == 2
    batch = batches.resume(batch=batch, by=cast.staff) if batches.is_stuck(batch) else batch
    assert (batch.state, batch.counts["written"]) == ("applied", 5)
    assert Person.objects.filter(name__startswith="郝").count() == 5
    assert roster_writing.write_chunk(batch) == 0


def test_a_chunk_is_written_whole_or_not_at_all(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = planned(cast, line("郝新民", number(), cast.first.name))

    def fail(*args: Any, **kwargs: Any) -> None:
        raise OSError

    monkeypatch.setattr(roster_writing, "record_many", fail)
    with pytest.raises(OSError):
        roster_writing.write_chunk(batch)
    assert not Person.objects.filter(name="郝新民").exists()
    assert rows(batch)[2].outcome == ""


def queries_of(batch: Batch, size: int) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert roster_writing.write_chunk(batch) == size
    return len(captured)


@pytest.mark.parametrize("size", [2, 12])
def test_a_chunk_of_new_members_takes_the_same_queries(cast: Cast, size: int) -> None:
    """Batch, rows, people, numbers, branches; people, memberships, effects, outcomes twice, the trail; a savepoint."""
    lines = [line(f"郝{at}", number(sequence=at * 2 + 1), cast.first.name) for at in range(size)]
    assert queries_of(planned(cast, *lines), size) == 13 + LOCK


@pytest.mark.parametrize("size", [2, 12])
def test_a_chunk_of_updates_takes_the_same_queries(cast: Cast, size: int) -> None:
    for at in range(size):
        numbered(enlist(f"郝{at}", cast.first), number(sequence=at * 2 + 1))
    lines = [line(f"郝{at}", number(sequence=at * 2 + 1), cast.first.name, 学历="大专") for at in range(size)]
    assert queries_of(planned(cast, *lines), size) == 13 + LOCK


@pytest.mark.parametrize("size", [2, 12])
def test_a_chunk_of_moves_takes_the_same_queries(cast: Cast, size: int) -> None:
    for at in range(size):
        numbered(enlist(f"郝{at}", cast.second), number(sequence=at * 2 + 1))
    lines = [line(f"郝{at}", number(sequence=at * 2 + 1), cast.first.name) for at in range(size)]
    assert queries_of(planned(cast, *lines), size) == 28 + LOCK


def test_where_a_roster_and_a_person_stand_apart_for_good(cast: Cast) -> None:
    """Two rosters planned at the same time: the second finds the first one's people changed, and touches nothing."""
    person = numbered(cast.people["first3"], number(), name="刘洋")
    first = planned(cast, line("刘洋", number(), cast.first.name, 学历="大专"))
    second = planned(cast, line("刘洋", number(), cast.first.name, 学历="高中"))
    write(first)
    write(second)
    person.refresh_from_db()
    assert person.education is not None
    assert person.education.name == "大学专科"
    assert rows(second)[2].outcome == "changed"


def held(person: Person, model: Any) -> list[Any]:
    return list(model.objects.filter(person=person, is_void=False).values_list("ends_on", flat=True))


def test_a_move_ends_what_was_held_and_keeps_what_it_was(cast: Cast) -> None:
    """As a transfer does: given back when the import is undone."""
    person = numbered(cast.people["first1"], number(), name="李秀英")
    status = MemberStatus.objects.create(person=person, kind=MemberStatus.Kind.FLOW_OUT, starts_on=START)
    batch = write(planned(cast, line("李秀英", number(), cast.second.name)))
    last = TODAY - timedelta(days=1)
    assert [held(person, model) for model in (GroupMembership, Appointment, MemberStatus)] == [[last]] * 3
    former = person.memberships.get(branch=cast.first)
    assert sorted(former.ended_with) == [
        ["appointment", person.appointments.get().pk, None],
        ["groupmembership", person.group_memberships.get().pk, None],
        ["memberstatus", status.pk, None],
    ]
    effect = batch.effects.get()
    assert (effect.former, effect.membership, effect.is_new) == (former, person.memberships.get(ends_on=None), False)


def test_a_return_leaves_the_membership_that_had_ended_alone(cast: Cast) -> None:
    person = numbered(cast.people["first3"], number(), name="刘洋")
    person.memberships.update(ends_on=date(2020, 1, 1), end_kind="transferred", ended_with=[["x", 1, None]])
    batch = write(planned(cast, line("刘洋", number(), cast.second.name)))
    former = person.memberships.get(branch=cast.first)
    assert (former.ends_on, former.ended_with) == (date(2020, 1, 1), [["x", 1, None]])
    assert batch.effects.get().former is None


def test_what_was_before_is_kept_of_every_field_changed(cast: Cast) -> None:
    person = numbered(cast.people["first3"], number(), name="刘洋", phone="13800001234")
    batch = write(planned(cast, line("刘洋", number(), cast.first.name, 联系电话="13900005678", 学历="大专")))
    effect = batch.effects.get()
    graduate, college = (Education.objects.get(name=name) for name in ("大学本科", "大学专科"))
    assert json.loads(effect.details) == {
        "before": {"phone": "13800001234", "education": graduate.pk},
        "after": {"phone": "13900005678", "education": college.pk},
    }
    person.refresh_from_db()
    assert (effect.version, effect.membership, effect.person) == (person.version, None, person)
    assert person.phone_hash == blind_index("13900005678")


@pytest.mark.parametrize("change", ["suspended", "post", "branch"])
def test_a_move_that_cannot_be_made_any_more_is_left_alone(cast: Cast, change: str) -> None:
    person = numbered(cast.people["second1"], number())
    batch = planned(cast, line("王建国", number(), cast.first.name))
    if change == "suspended":
        MemberStatus.objects.create(person=person, kind=MemberStatus.Kind.SUSPENDED, starts_on=START)
    elif change == "post":
        Appointment.objects.create(person=person, organisation=cast.second, post="organisation", starts_on=TODAY)
    else:
        Organisation.objects.filter(pk=cast.first.pk).update(ended_on=TODAY)
    write(batch)
    assert rows(batch)[2].outcome == "changed"
    assert person.memberships.get().branch == cast.second


def test_nobody_is_brought_into_a_branch_dissolved_meanwhile(cast: Cast) -> None:
    batch = planned(cast, line("郝新民", number(), cast.first.name))
    Organisation.objects.filter(pk=cast.first.pk).update(ended_on=TODAY)
    write(batch)
    assert (rows(batch)[2].outcome, Person.objects.filter(name="郝新民").exists()) == ("changed", False)


def test_somebody_without_a_number_entered_meanwhile_is_not_entered_twice(cast: Cast) -> None:
    batch = planned(cast, line("郝新民", "", cast.first.name))
    enlist("郝新民", cast.first, joined_on=date(2010, 7, 1))
    write(batch)
    assert (rows(batch)[2].outcome, Person.objects.filter(name="郝新民").count()) == ("changed", 1)


def test_a_number_given_twice_after_all_is_written_once(cast: Cast) -> None:
    """Whatever the plan says: the chunk is not lost, and the second row is reported."""
    batch = planned(
        cast, line("郝新民", number(), cast.first.name), line("郝为民", number(sequence=3), cast.first.name)
    )
    row = rows(batch)[3]
    row.payload = rows(batch)[2].payload
    row.save()
    write(batch)
    assert [row.outcome for row in rows(batch).values()] == ["written", "changed"]


def test_a_candidate_changed_after_the_choice_is_left_alone(cast: Cast) -> None:
    twin = enlist("刘洋", cast.first, joined_on=date(2004, 7, 1))
    batch = planned(cast, line("刘洋", "", cast.first.name, 入党时间="2004.07", 学历="大专"))
    decide(batch=batch, position=0, decision="2", by=cast.staff)
    batch.refresh_from_db()
    assert rows(batch)[2].person == twin
    Person.objects.filter(pk=twin.pk).update(version=2, position_title="科长")
    write(batch)
    twin.refresh_from_db()
    assert (rows(batch)[2].outcome, twin.education) == ("changed", None)


def test_a_candidate_chosen_is_updated_and_another_person_is_entered(cast: Cast) -> None:
    twin = enlist("刘洋", cast.first, joined_on=date(2004, 7, 1))
    lines = [line("刘洋", number(sequence=at), cast.first.name, 入党时间="2004.07") for at in (1, 3)]
    batch = planned(cast, *lines)
    decide(batch=batch, position=0, decision="2", by=cast.staff)
    decide(batch=batch, position=1, decision="3", by=cast.staff)
    batch.refresh_from_db()
    write(batch)
    twin.refresh_from_db()
    assert twin.identity_number == number()
    assert Person.objects.get(identity_hash=blind_index(number(sequence=3))).name == "刘洋"
    assert (batch.counts["written"], Person.objects.filter(name="刘洋").count()) == (2, 3)


def test_the_pace_follows_the_time_a_chunk_took() -> None:
    pace = Pace(size=500, least=50, most=2500, seconds=0.5)
    for rows_written, seconds, size in ((500, 1.0, 250), (250, 0.01, 2500), (2500, 100.0, 50), (3, 0.1, 50)):
        pace.note(rows_written, seconds)
        assert pace.size == size
