"""A plan is written by what its importer may do when it is written, not by what was allowed when it was made."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from branches.actions import batches
from branches.actions.organisations import move
from branches.models import Batch, BatchRow, Organisation, Person, RoleAssignment
from tests.branches.imports.test_roster_plans import numbered
from tests.cast import START, TODAY, Cast, enlist
from tests.rosters import line, number, plan, rows, workbook, write


def end_roles(cast: Cast, **where: object) -> None:
    RoleAssignment.objects.filter(user=cast.staff, **where).update(ends_on=TODAY - timedelta(days=1))


def outcomes(batch: Batch) -> list[str]:
    return [row.outcome for row in rows(batch).values()]


def test_a_member_who_lies_out_of_reach_by_then_is_not_taken(cast: Cast) -> None:
    RoleAssignment.objects.create(user=cast.staff, role="staff", organisation=cast.far_organ, starts_on=START)
    mover = numbered(cast.people["far1"], number())
    lines = [line("卫红", number(), cast.first.name), line("郝新民", number(sequence=3), cast.first.name)]
    batch = plan(workbook(lines), cast.committee, cast.staff)
    assert [row.action for row in rows(batch).values()] == [BatchRow.Action.MOVE, BatchRow.Action.CREATE]
    end_roles(cast, organisation=cast.far_organ)
    write(batch)
    assert outcomes(batch) == ["changed", "written"]
    assert mover.memberships.get().branch == cast.far


def test_a_branch_that_was_moved_out_of_reach_is_not_written(cast: Cast) -> None:
    known = numbered(enlist("郝为民", cast.second), number(sequence=3))
    lines = [
        line("郝新民", number(), cast.second.name),
        line("郝为民", number(sequence=3), cast.second.name, 学历="大专"),
        line("郝爱民", number(sequence=5), cast.first.name),
    ]
    batch = plan(workbook(lines), cast.committee, cast.staff)
    branch, to = Organisation.objects.get(pk=cast.second.pk), Organisation.objects.get(pk=cast.city.pk)
    move(organisation=branch, parent=to, on=TODAY, by=cast.admin)
    write(batch)
    assert outcomes(batch) == ["changed", "changed", "written"]
    known.refresh_from_db()
    assert known.version == 1
    assert not Person.objects.filter(name="郝新民").exists()


@pytest.mark.parametrize("is_active", [True, False])
def test_nothing_is_written_for_somebody_whose_role_has_ended(cast: Cast, is_active: bool) -> None:
    batch = plan(workbook([line("郝新民", number(), cast.first.name)]), cast.committee, cast.staff)
    if is_active:
        end_roles(cast)
    else:
        type(cast.staff).objects.filter(pk=cast.staff.pk).update(is_active=False)
    write(batch)
    assert (outcomes(batch), Person.objects.filter(name="郝新民").exists()) == (["changed"], False)


def test_a_colleague_who_goes_on_after_the_importer_has_left_answers_for_the_rest(cast: Cast) -> None:
    batch = plan(workbook([line("郝新民", number(), cast.first.name)]), cast.committee, cast.staff)
    Batch.objects.filter(pk=batch.pk).update(state="applying", applied_by=cast.staff, job=None)
    end_roles(cast)
    batches.resume(batch=batch, by=cast.city_staff)
    batch.refresh_from_db()
    assert (outcomes(batch), batch.applied_by) == (["written"], cast.city_staff)
    assert Person.objects.get(name="郝新民").memberships.get().starts_on == date(2020, 10, 26)
