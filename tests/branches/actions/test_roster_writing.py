"""Writing a confirmed roster: what changed meanwhile, and what a killed worker leaves."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branches.actions import batches, roster_writing
from branches.models import Batch, Membership, Person
from foundation.encryption import blind_index
from foundation.models import AuditEntry
from tests.branches.imports.test_roster_plans import numbered
from tests.cast import TODAY, Cast
from tests.rosters import line, number, plan, rows, workbook, write


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
    monkeypatch.setattr(roster_writing, "CHUNK", 2)
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


def test_a_chunk_takes_the_same_queries_for_few_and_many_rows(cast: Cast) -> None:
    def queries(size: int, first: int) -> int:
        lines = [line(f"郝{at}", number(sequence=at * 2 + 1), cast.first.name) for at in range(first, first + size)]
        batch = planned(cast, *lines)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert roster_writing.write_chunk(batch) == size
        return len(captured)

    assert queries(3, 0) == queries(12, 100)


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
