from datetime import date

import pytest

from branches.rules.transfers import LetterState, days_of_effect, letter_state, valid_until


def test_the_day_of_the_letter_is_its_first() -> None:
    assert valid_until(letter_on=date(2020, 8, 3), valid_days=90) == date(2020, 10, 31)
    assert valid_until(letter_on=date(2020, 8, 3), valid_days=1) == date(2020, 8, 3)


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2020, 10, 15), LetterState.OPEN),
        (date(2020, 10, 16), LetterState.SOON),
        (date(2020, 10, 31), LetterState.SOON),
        (date(2020, 11, 1), LetterState.OVERDUE),
    ],
)
def test_a_letter_turns_amber_then_red(today: date, state: LetterState) -> None:
    assert letter_state(until=date(2020, 10, 31), today=today) == state


def test_a_year_back_and_half_a_year_ahead() -> None:
    assert days_of_effect(date(2020, 10, 26)) == (date(2019, 10, 26), date(2021, 4, 27))
