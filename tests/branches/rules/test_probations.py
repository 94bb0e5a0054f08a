from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from branches.rules.probations import ProbationOutcome, due_on, problems_of, standing
from foundation.rules.days import months_after

DUE = date(2020, 7, 1)
TODAY = date(2020, 10, 26)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2020, 2, 29), 12, date(2021, 2, 28)),
        (date(2020, 8, 31), 6, date(2021, 2, 28)),
        (date(2020, 12, 1), 1, date(2021, 1, 1)),
        (date(2020, 1, 31), -2, date(2019, 11, 30)),
    ],
)
def test_months_after(day: date, months: int, then: date) -> None:
    assert months_after(day, months) == then


def test_the_extension_moves_the_end() -> None:
    assert due_on(date(2019, 7, 1)) == DUE
    assert due_on(date(2019, 7, 1), date(2021, 1, 1)) == date(2021, 1, 1)


@pytest.mark.parametrize(
    ("due", "status"),
    [
        (None, "na"),
        (date(2020, 10, 25), "overdue"),
        (TODAY, "soon"),
        (date(2021, 1, 26), "soon"),
        (date(2021, 1, 27), "open"),
    ],
)
def test_how_near_the_end_is(due: date | None, status: str) -> None:
    assert standing(due, TODAY) == status


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"decided_on": date(2020, 10, 27)}, {"decided_on"}),
        ({"decided_on": date(2020, 6, 30)}, {"decided_on"}),
        ({"full_on": None}, {"full_on"}),
        ({"full_on": date(2020, 6, 30)}, {"full_on"}),
        ({"full_on": date(2020, 10, 27)}, {"full_on"}),
        ({"outcome": "extended", "extended_until": None}, {"extended_until"}),
        ({"outcome": "extended", "extended_until": date(2020, 12, 31)}, {"extended_until"}),
        ({"outcome": "extended", "extended_until": date(2021, 7, 2)}, {"extended_until"}),
        ({"outcome": "extended", "extended_until": date(2021, 1, 1), "was_extended": True}, {"outcome"}),
        ({"outcome": "extended", "extended_until": date(2021, 1, 1)}, set()),
        ({"outcome": "extended", "extended_until": date(2021, 7, 1)}, set()),
        ({"outcome": "cancelled", "decided_on": date(2020, 3, 1)}, set()),
        ({}, set()),
    ],
)
def test_what_may_be_decided(changed: dict[str, Any], fields: set[str]) -> None:
    given: dict[str, Any] = {
        "outcome": ProbationOutcome.FULL, "decided_on": date(2020, 7, 3), "due": DUE, "was_extended": False,
        "full_on": DUE, "extended_until": None, "today": TODAY,
    }  # fmt: skip
    assert set(problems_of(**given | changed)) == fields
