"""Whether a meeting may vote, and what a vote decided."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from django.db import models
from django.utils.translation import gettext_lazy as _

from activities.rules.activities import VoteRule

# 《支部工作条例（试行）》 2018, articles 11 and 12: at least half of those entitled must be present.
# 《基层组织选举工作条例》 2020: an election needs four fifths.
SHARE_PRESENT: dict[str, Fraction] = {VoteRule.DECISION: Fraction(1, 2), VoteRule.ELECTION: Fraction(4, 5)}
SHARE_PASSING = Fraction(1, 2)


class Outcome(models.TextChoices):
    OPEN = "open", _("Not counted yet")
    NO_QUORUM = "no_quorum", _("No quorum")
    PASSED = "passed", _("Passed")
    REJECTED = "rejected", _("Not passed")


@dataclass(frozen=True)
class Verdict:
    """What a vote came to, with the numbers it was judged by: `voters` were expected, `present` of them came."""

    outcome: Outcome
    rule: str
    votes_for: int
    voters: int
    present: int


def has_quorum(rule: str, *, voters: int, present: int) -> bool:
    """Whether `present` of `voters` expected people with a vote are enough: half for a decision, 4/5 for an election.

    “半数以上” and “不少于五分之四” both include the exact share. Nobody expected is no quorum.

    Source: 《支部工作条例（试行）》 articles 11, 12; 《基层组织选举工作条例》 2020 (elections).
    """
    return voters > 0 and Fraction(present, voters) >= SHARE_PRESENT[rule]


def passes(*, votes_for: int, voters: int) -> bool:
    """Whether `votes_for` exceed half of the people with a vote who were *expected*, not only of those present.

    Source: 《支部工作条例（试行）》 article 11. For elections sources differ between expected and present; the stricter
    base is taken.
    """
    return voters > 0 and Fraction(votes_for, voters) > SHARE_PASSING


def verdict(
    rule: str, *, votes_for: int | None, votes_against: int | None, abstentions: int | None, voters: int, present: int
) -> Verdict | None:
    """What a vote decided; None where the item was not voted on, or more votes were cast than people were present.

    Votes not filled in count as not counted yet.
    """
    if rule == VoteRule.NONE:
        return None
    cast = votes_cast(votes_for=votes_for, votes_against=votes_against, abstentions=abstentions)
    if votes_for is None:
        outcome = Outcome.OPEN
    elif not has_quorum(rule, voters=voters, present=present):
        outcome = Outcome.NO_QUORUM
    elif cast > present:
        return None
    else:
        outcome = Outcome.PASSED if passes(votes_for=votes_for, voters=voters) else Outcome.REJECTED
    return Verdict(outcome, rule, votes_for or 0, voters, present)


def votes_cast(*, votes_for: int | None, votes_against: int | None, abstentions: int | None) -> int:
    return (votes_for or 0) + (votes_against or 0) + (abstentions or 0)
