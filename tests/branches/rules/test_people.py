from __future__ import annotations

from datetime import date

import pytest

from branches.rules.people import (
    NO_VOTE,
    NOT_EXPECTED,
    Category,
    Precision,
    StatusKind,
    category_on,
    date_words,
    has_vote,
    is_expected,
    iso_words,
)


def test_without_a_day_the_declared_category_speaks() -> None:
    assert category_on(declared="probationary", full_on=None, day=date(2020, 1, 1)) == Category.PROBATIONARY


def test_a_member_is_full_from_the_very_day() -> None:
    day = date(2020, 6, 30)
    assert category_on(declared="full", full_on=day, day=date(2020, 6, 29)) == Category.PROBATIONARY
    assert category_on(declared="probationary", full_on=day, day=day) == Category.FULL


@pytest.mark.parametrize("kind", StatusKind.values)
def test_each_circumstance_takes_what_it_takes(kind: str) -> None:
    assert has_vote(category=Category.FULL, statuses=frozenset({kind})) == (kind not in NO_VOTE)
    assert is_expected(frozenset({kind})) == (kind not in NOT_EXPECTED)


def test_probationary_members_are_expected_but_do_not_vote() -> None:
    assert not has_vote(category=Category.PROBATIONARY, statuses=frozenset())
    assert is_expected(frozenset())


@pytest.mark.parametrize(
    ("precision", "words"),
    [(Precision.YEAR, "1998年"), (Precision.MONTH, "1998年7月"), (Precision.DAY, "1998年7月1日")],
)
def test_a_date_is_said_as_exactly_as_it_is_known(precision: str, words: str) -> None:
    assert date_words(date(1998, 7, 1), precision) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("1998.7", "1998.7"),
        ("98-7", "98-7"),
        ("1998-07-01-02", "1998-07-01-02"),
        ("1998", "1998年"),
        ("1998-07", "1998年7月"),
        ("1998-07-01", "1998年7月1日"),
    ],
)
def test_a_stored_date_in_words(text: str, words: str) -> None:
    assert iso_words(text) == words
