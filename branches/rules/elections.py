"""Elections of a leading group: who must come, what is valid, how long a term lasts.

Source: 《中国共产党基层组织选举工作条例》 2020; terms: 《中国共产党支部工作条例（试行）》 article 21 and
《中国共产党党和国家机关基层组织工作条例》 2019, articles 5 to 7; reminder six months ahead: article 22 of the former.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from branches.rules.organisations import OrganisationKind
from foundation.rules.days import months_after

REMINDER_MONTHS = 6
COMMITTEE_FROM = 7  # full members from which a branch elects a committee
Problems = dict[str, str | Promise]


@dataclass(frozen=True)
class Tally:
    """What was counted at an election, in voters and ballots."""

    voters_expected: int
    voters_present: int
    ballots_issued: int
    ballots_returned: int

    @property
    def quorum(self) -> int:
        """How many voters must be present: four fifths of those expected, rounded up."""
        return -(-self.voters_expected * 4 // 5)

    @property
    def majority(self) -> int:
        """Votes that elect on the stricter reading: more than half of the voters expected."""
        return self.voters_expected // 2 + 1

    @property
    def majority_of_present(self) -> int:
        """Votes that elect on the milder reading: more than half of the voters present."""
        return self.voters_present // 2 + 1

    def problems(self) -> Problems:
        """What makes the election void or the numbers impossible, by the field it is mended at."""
        if self.voters_present > self.voters_expected:
            return {"voters_present": _("More voters came than were expected. Check both numbers.")}
        if self.voters_present < self.quorum:
            return {"voters_present": _("Fewer than four fifths of the voters came; the election cannot be held.")}
        if self.ballots_issued > self.voters_present:
            return {"ballots_issued": _("More ballots were issued than voters came. Check both numbers.")}
        if self.ballots_returned > self.ballots_issued:
            return {"ballots_returned": _("More ballots came back than were issued: the election is void; vote again.")}
        return {}


@dataclass(frozen=True)
class Vote:
    """One candidate for one post as the rules see it."""

    name: str
    person_id: int
    post: str
    votes_for: int
    is_elected: bool
    may_stand: bool  # a full member with the right to be elected on the day


def problems_of_votes(votes: Sequence[Vote], tally: Tally, single: frozenset[str]) -> list[str]:
    """What is wrong with the candidates, in words; `single` are posts only one person holds."""
    found = []
    if not any(vote.is_elected for vote in votes):
        found.append(str(_("Nobody was elected. Enter at least one candidate and mark who was elected.")))
    seen: set[tuple[int, str]] = set()
    for vote in votes:
        if (vote.person_id, vote.post) in seen:
            found.append(_("%(name)s is entered twice for the same post.") % {"name": vote.name})
        seen.add((vote.person_id, vote.post))
        if vote.votes_for > tally.ballots_returned:
            found.append(_("%(name)s has more votes than ballots came back.") % {"name": vote.name})
        if not vote.may_stand:
            text = _("%(name)s cannot be elected: probationary, or without the right to be elected on that day.")
            found.append(text % {"name": vote.name})
    elected = [vote.post for vote in votes if vote.is_elected and vote.post in single]
    if len(elected) != len(set(elected)):
        found.append(str(_("Only one person can be elected to each post; mark one of them.")))
    return found


def term_months(kind: str) -> int:
    """How long a term lasts by kind of organisation: five years for committees, else three."""
    committees = (OrganisationKind.COMMITTEE, OrganisationKind.WORK_COMMITTEE)
    return 12 * (5 if kind in committees else 3)


def term_end(begins_on: date, kind: str) -> date:
    """The last day of a term by kind of organisation: the day before its anniversary."""
    return months_after(begins_on, term_months(kind)) - timedelta(days=1)


def standing(expires_on: date | None, today: date) -> str:
    """How a term stands, as a status: na (none on record), overdue, soon (within six months), met."""
    if expires_on is None:
        return "na"
    if expires_on < today:
        return "overdue"
    return "soon" if expires_on <= months_after(today, REMINDER_MONTHS) else "met"
