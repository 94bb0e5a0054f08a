from __future__ import annotations

from datetime import date

import pytest

from branches.rules.elections import Tally, Vote, problems_of_votes, standing, term_end, term_months

TODAY = date(2020, 10, 26)
SINGLE = frozenset({"secretary"})


@pytest.mark.parametrize(
    ("expected", "quorum", "majority"), [(1, 1, 1), (5, 4, 3), (7, 6, 4), (12, 10, 7), (50, 40, 26)]
)
def test_who_must_come_and_what_elects(expected: int, quorum: int, majority: int) -> None:
    tally = Tally(expected, expected, expected, expected)
    assert (tally.quorum, tally.majority) == (quorum, majority)


@pytest.mark.parametrize(
    ("tally", "fields"),
    [
        (Tally(10, 11, 10, 10), {"voters_present"}),
        (Tally(10, 7, 7, 7), {"voters_present"}),
        (Tally(10, 8, 9, 8), {"ballots_issued"}),
        (Tally(10, 8, 8, 9), {"ballots_returned"}),
        (Tally(10, 8, 8, 7), set()),
    ],
)
def test_numbers_that_void_an_election(tally: Tally, fields: set[str]) -> None:
    assert set(tally.problems()) == fields


def _vote(number: int = 1, post: str = "secretary", votes: int = 6, *, elected: bool = True, may: bool = True) -> Vote:
    return Vote(f"党员{number}", number, post, votes, elected, may)


@pytest.mark.parametrize(
    ("votes", "wrong"),
    [
        ([], 1),
        ([_vote(elected=False)], 1),
        ([_vote(), _vote()], 2),
        ([_vote(), _vote(2)], 1),
        ([_vote(votes=8)], 1),
        ([_vote(may=False)], 1),
        ([_vote(), _vote(2, elected=False)], 0),
        ([_vote(post="committee_member"), _vote(2, "committee_member"), _vote()], 0),
    ],
)
def test_candidates(votes: list[Vote], wrong: int) -> None:
    assert len(problems_of_votes(votes, Tally(8, 7, 7, 7), SINGLE)) == wrong


def test_five_years_for_committees_three_for_branches() -> None:
    assert [term_months(kind) for kind in ("committee", "work_committee", "general_branch", "branch")] == [
        60,
        60,
        36,
        36,
    ]


@pytest.mark.parametrize(("kind", "ends"), [("branch", date(2023, 10, 23)), ("committee", date(2025, 10, 23))])
def test_a_term_ends_the_day_before_its_anniversary(kind: str, ends: date) -> None:
    assert term_end(date(2020, 10, 24), kind) == ends


@pytest.mark.parametrize(
    ("expires_on", "status"),
    [
        (None, "na"),
        (date(2020, 10, 25), "overdue"),
        (TODAY, "soon"),
        (date(2021, 4, 26), "soon"),
        (date(2021, 4, 27), "met"),
    ],
)
def test_reminders_begin_six_months_ahead(expires_on: date | None, status: str) -> None:
    assert standing(expires_on, TODAY) == status
