from datetime import date

import pytest

from branches.rules.people import StatusKind
from branches.rules.statuses import NextStep, months_after, next_step

LOST, SUSPENDED = StatusKind.LOST_CONTACT, StatusKind.SUSPENDED


@pytest.mark.parametrize(
    ("since", "today", "step"),
    [
        ({}, date(2020, 10, 26), None),
        ({SUSPENDED: date(2010, 1, 1)}, date(2020, 10, 26), None),
        ({LOST: date(2020, 4, 27)}, date(2020, 10, 26), None),
        ({LOST: date(2020, 4, 26)}, date(2020, 10, 26), NextStep.SUSPEND),
        ({LOST: date(2015, 1, 1), SUSPENDED: date(2018, 10, 27)}, date(2020, 10, 26), None),
        ({LOST: date(2015, 1, 1), SUSPENDED: date(2018, 10, 26)}, date(2020, 10, 26), NextStep.REMOVE),
    ],
)
def test_the_next_step_comes_into_question_on_the_day(
    since: dict[str, date], today: date, step: NextStep | None
) -> None:
    assert next_step(since, today=today) == step


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2020, 8, 31), 6, date(2021, 2, 28)),
        (date(2019, 8, 31), 6, date(2020, 2, 29)),
        (date(2020, 12, 1), 24, date(2022, 12, 1)),
    ],
)
def test_months_end_where_the_month_does(day: date, months: int, later: date) -> None:
    assert months_after(day, months) == later
