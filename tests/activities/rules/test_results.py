from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from activities.rules.results import ASKED, REQUIRED, Problem, ResultKind, kinds_of, problems

TODAY = date(2020, 10, 26)
USUAL: dict[str, Any] = {
    "kind": "honour", "is_branch": True, "stood_then": True, "achieved_on": TODAY, "year": 2020, "today": TODAY,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"kind": "brand", "is_branch": False}, {"kind": Problem.NOT_A_BRANCH}),
        ({"kind": "medal"}, {"kind": Problem.NOT_A_BRANCH}),
        ({"achieved_on": date(2020, 10, 27)}, {"achieved_on": Problem.NOT_YET}),
        ({"stood_then": False}, {"achieved_on": Problem.NOT_STANDING}),
        ({"year": 2021}, {"year": Problem.YEAR_AFTER}),
        ({"year": 1948}, {"year": Problem.YEAR_BEFORE}),
        ({"year": 2019}, {}),
        ({"kind": "brand"}, {}),
        ({"is_branch": False}, {}),
    ],
)
def test_what_speaks_against_a_result(changes: dict[str, Any], wanted: dict[str, Problem]) -> None:
    assert problems(**(USUAL | changes)) == wanted


def test_only_a_branch_is_offered_a_brand() -> None:
    assert set(kinds_of(is_branch=True)) - set(kinds_of(is_branch=False)) == {ResultKind.BRAND}


def test_nothing_is_required_that_is_not_asked() -> None:
    assert set(ASKED) == set(ResultKind)
    for kind, names in REQUIRED.items():
        assert names <= ASKED[kind]
