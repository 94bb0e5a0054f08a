import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.rules.activities import VoteRule
from activities.rules.quorum import Outcome, has_quorum, passes, verdict

people = st.integers(min_value=0, max_value=500)


@pytest.mark.parametrize(
    ("rule", "voters", "present", "enough"),
    [
        (VoteRule.DECISION, 0, 0, False),
        (VoteRule.DECISION, 11, 5, False),
        (VoteRule.DECISION, 11, 6, True),
        (VoteRule.DECISION, 12, 6, True),  # 半数以上 includes the half
        (VoteRule.ELECTION, 11, 8, False),
        (VoteRule.ELECTION, 11, 9, True),
        (VoteRule.ELECTION, 10, 8, True),  # 不少于五分之四 includes the four fifths
        (VoteRule.ELECTION, 10, 7, False),
    ],
)
def test_quorum(rule: str, voters: int, present: int, enough: bool) -> None:
    assert has_quorum(rule, voters=voters, present=present) is enough


@pytest.mark.parametrize(
    ("votes_for", "voters", "passed"), [(6, 12, False), (7, 12, True), (5, 11, False), (6, 11, True), (0, 0, False)]
)
def test_passing_needs_more_than_half_of_those_expected(votes_for: int, voters: int, passed: bool) -> None:
    assert passes(votes_for=votes_for, voters=voters) is passed


@given(voters=people, present=people, votes_for=people)
def test_a_vote_never_passes_without_quorum(voters: int, present: int, votes_for: int) -> None:
    for rule in (VoteRule.DECISION, VoteRule.ELECTION):
        found = verdict(
            rule, votes_for=votes_for, votes_against=0, abstentions=0, voters=voters, present=min(present, voters)
        )
        if found is None:
            assert votes_for > min(present, voters)
        elif found.outcome == Outcome.PASSED:
            assert min(present, voters) * 2 >= voters
            assert votes_for * 2 > voters


@given(voters=people, present=people)
def test_whoever_may_elect_may_also_decide(voters: int, present: int) -> None:
    if has_quorum(VoteRule.ELECTION, voters=voters, present=present):
        assert has_quorum(VoteRule.DECISION, voters=voters, present=present)


def test_more_votes_than_people_present_decide_nothing() -> None:
    assert verdict(VoteRule.DECISION, votes_for=9, votes_against=1, abstentions=0, voters=11, present=9) is None
    assert verdict(VoteRule.DECISION, votes_for=9, votes_against=0, abstentions=0, voters=11, present=9) is not None


def test_no_vote_has_no_verdict_and_no_votes_are_not_yet_one() -> None:
    numbers = {"votes_against": None, "abstentions": None, "voters": 11, "present": 9}
    assert verdict(VoteRule.NONE, votes_for=9, **numbers) is None
    found = verdict(VoteRule.DECISION, votes_for=None, **numbers)
    assert found is not None
    assert found.outcome == Outcome.OPEN
