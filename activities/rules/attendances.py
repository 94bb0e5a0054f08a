"""Counting who was expected and who came."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from activities.rules.activities import Presence


@dataclass(frozen=True)
class Row:
    """One person's attendance as the counts see it."""

    presence: str
    has_vote: bool
    is_expected: bool = True


@dataclass(frozen=True)
class Tally:
    """Numbers of people. `voters` and `voters_present` have a vote; `visitors` are in-flow members who came."""

    expected: int = 0
    present: int = 0
    leave: int = 0
    absent: int = 0
    unrecorded: int = 0
    voters: int = 0
    voters_present: int = 0
    visitors: int = 0

    @property
    def recorded(self) -> int:
        return self.expected - self.unrecorded

    @property
    def rate(self) -> float | None:
        """Present over recorded, between 0 and 1; None while nobody is recorded. Unrecorded people are never absent."""
        return self.present / self.recorded if self.recorded else None

    @property
    def is_complete(self) -> bool:
        return self.unrecorded == 0


def tally(rows: Iterable[Row]) -> Tally:
    """Count attendance. Only expected people enter the numbers; others who came are `visitors` and never vote."""
    rows = list(rows)
    expected = [row for row in rows if row.is_expected]
    voters = [row for row in expected if row.has_vote]

    def count(presence: str) -> int:
        return sum(row.presence == presence for row in expected)

    return Tally(
        expected=len(expected),
        present=count(Presence.PRESENT),
        leave=count(Presence.LEAVE),
        absent=count(Presence.ABSENT),
        unrecorded=count(Presence.UNRECORDED),
        voters=len(voters),
        voters_present=sum(row.presence == Presence.PRESENT for row in voters),
        visitors=sum(row.presence == Presence.PRESENT for row in rows if not row.is_expected),
    )
