"""Who is on record in the branches of a file and not in it: nobody of another branch or out of reach first."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from branches.actions.batch_decisions import decide
from branches.actions.merges import merge
from branches.models import Batch, Membership, Person
from branches.queries.leavers import leavers_of
from tests.branches.imports.test_roster_plans import numbered
from tests.cast import TODAY, Cast, enlist
from tests.rosters import line, number, plan, workbook, write

SECOND = ["周敏", "王建国", "吴强"]


def planned(cast: Cast, *lines: list[str]) -> Batch:
    return plan(workbook(lines), cast.committee, cast.staff)


def names(batch: Batch) -> list[str]:
    return [membership.person.name for membership in leavers_of(batch)]


def test_branches_the_file_does_not_speak_of_are_not_looked_at(cast: Cast) -> None:
    assert names(planned(cast, line("郝新民", number(), cast.second.name))) == SECOND
    assert names(planned(cast, line("郝新民", number()[:-1], cast.second.name))) == []


def test_a_branch_that_went_out_of_the_importer_s_organisation_is_left_out(cast: Cast) -> None:
    batch = planned(cast, line("郝新民", number(), cast.second.name))
    batch.rows.update(organisation=cast.far)
    assert names(batch) == []


def test_whoever_has_taken_in_the_record_of_a_row_is_no_leaver(cast: Cast) -> None:
    twin = numbered(enlist("周敏", cast.second), number(), birth_date=date(1980, 1, 1))
    batch = write(planned(cast, line("周敏", number(), cast.second.name, 学历="大专")))
    assert names(batch) == SECOND
    merge(kept=cast.people["second0"], merged=twin, reason="同一人", by=cast.staff)
    assert names(batch) == ["王建国", "吴强"]


def test_whoever_is_in_the_file_is_no_leaver(cast: Cast) -> None:
    numbered(cast.people["second0"], number(), name="周敏")
    assert names(planned(cast, line("周敏", number(), cast.second.name))) == SECOND[1:]


def test_whoever_the_import_has_added_is_no_leaver(cast: Cast) -> None:
    batch = write(planned(cast, line("郝新民", number(), cast.second.name)))
    assert Person.objects.filter(name="郝新民").exists()
    assert names(batch) == SECOND


def test_who_moves_within_the_file_is_no_leaver(cast: Cast) -> None:
    numbered(cast.people["second0"], number(), name="周敏")
    lines = [line("周敏", number(), cast.first.name), line("郝新民", number(sequence=3), cast.second.name)]
    assert "周敏" not in names(planned(cast, *lines))


def test_whom_a_skipped_or_refused_row_is_about_is_no_leaver(cast: Cast) -> None:
    numbered(cast.people["second0"], number(), name="周敏")
    lines = [
        line("周敏", number(), cast.second.name, 学历="大专"),
        line("吴强", number()[:-1], cast.second.name),
        line("郝新民", number(sequence=3), cast.second.name),
    ]
    batch = planned(cast, *lines)
    decide(batch=batch, position=0, decision="skip", by=cast.staff)
    assert names(batch) == ["王建国"]


def test_who_left_since_or_came_later_is_no_leaver(cast: Cast) -> None:
    cast.people["second0"].memberships.update(ends_on=date(2020, 10, 1), end_kind="transferred")
    Membership.objects.filter(person=cast.people["second1"]).update(starts_on=TODAY)
    Person.objects.filter(pk=cast.people["second2"].pk).update(merged_into=cast.people["first0"])
    content = workbook([line("郝新民", number(), cast.second.name)])
    assert names(plan(content, cast.committee, cast.staff, as_of=date(2020, 9, 1))) == []


@pytest.mark.parametrize("size", [1, 20])
def test_leavers_are_looked_up_at_once(cast: Cast, size: int, django_assert_num_queries: Any) -> None:
    for at in range(size):
        enlist(f"离{at}", cast.second)
    batch = planned(cast, line("郝新民", number(), cast.second.name), line("坏", "1", cast.second.name))
    assert batch.organisation == cast.committee
    with django_assert_num_queries(2):
        found = list(leavers_of(batch))
        assert len({membership.branch.short_name for membership in found}) == 1
    assert len(found) == len(SECOND) + size
