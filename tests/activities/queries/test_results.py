from __future__ import annotations

from activities.models import Result
from activities.queries.results import counts_by_kind, current_brand, listed, members_to_honour, results_below
from branches.rights import access_of
from tests.activities.results import DAY, evidence, honour, written
from tests.cast import TODAY, Cast


def test_results_beyond_reach_are_neither_listed_nor_counted(cast: Cast) -> None:
    written(cast)
    written(cast, organisation=cast.far)
    honour(cast, organisation=cast.committee)
    assert counts_by_kind(results_below(cast.committee, access_of(cast.staff)))["brand"] == 1
    assert counts_by_kind(results_below(cast.first, access_of(cast.neighbour))) == dict.fromkeys(Result.Kind, 0)
    assert [row.kind for row in results_below(cast.first, access_of(cast.staff))] == ["brand"]
    assert not results_below(cast.far, access_of(cast.staff)).exists()


def test_each_counts_once_however_many_files_it_has(cast: Cast) -> None:
    result = honour(cast)
    for _ in range(3):
        evidence(cast, result)
    rows = results_below(cast.committee, access_of(cast.staff))
    assert counts_by_kind(rows)["honour"] == 1
    assert [row.papers for row in listed(rows)] == [3]  # type: ignore[attr-defined]


def test_a_brand_that_ended_is_current_no_more(cast: Cast) -> None:
    written(cast, ended_on=DAY)
    assert current_brand(cast.first) is None
    brand = written(cast, title="枢纽先锋")
    assert current_brand(cast.first) == brand


def test_only_a_branch_has_members_to_honour(cast: Cast) -> None:
    assert members_to_honour(cast.committee, TODAY) == []
    assert len(members_to_honour(cast.first, TODAY)) == 7
