"""What the records of one branch-year say: the only input of the scoring rules and of the evidence behind a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from activities.rules.periods import Period


@dataclass(frozen=True)
class Record:
    """One activity a branch took part in, or whose attendance its members are credited with.

    `is_own`: held by the branch itself; only those tell whether it writes down first agenda items and enters in time.
    `present`, `expected`, `unrecorded` count the branch's own people; `expected` leaves the unrecorded out.
    """

    activity_id: int
    title: str
    held_on: date
    state: str
    kinds: tuple[str, ...] = ()
    is_own: bool = True
    is_meeting: bool = False
    has_first_item: bool = False
    entered_on: date | None = None
    is_late: bool = False
    present: int = 0
    expected: int = 0
    unrecorded: int = 0
    lecturers: tuple[str, ...] = ()


class Asked(StrEnum):
    """Whether a duty was asked in a period."""

    OWED = "owed"
    EXEMPT = "exempt"
    NOT_APPLICABLE = "na"


@dataclass(frozen=True)
class DutyPeriod:
    """One duty in one period.

    `missing` counts what was not held (of every party group, where each owes it), `waits` the records in review
    that it takes to fulfil it. `status` is the duty's status as the branch's own page shows it, `reason` why nothing
    is asked.
    """

    period: Period
    asked: Asked
    has_ended: bool
    status: str = ""
    missing: int = 0
    waits: int = 0
    reason: str = ""
    missing_groups: tuple[str, ...] = ()
    records: tuple[int, ...] = ()

    @property
    def is_judged(self) -> bool:
        return self.has_ended and self.asked == Asked.OWED


@dataclass(frozen=True)
class Share:
    """`part` of `whole`; `outside` are rows that say nothing yet and stay out of both."""

    part: int
    whole: int
    outside: int = 0


@dataclass(frozen=True)
class Facts:
    """One branch in one year, as far as it has gone.

    `is_over`: the year has ended, so only accepted records count; `waiting` are then those still in review.
    `members` are those expected at meetings on the last day looked at, `lecturers` those of them who lectured.
    """

    is_over: bool
    records: tuple[Record, ...] = ()
    attended: tuple[Record, ...] = ()
    duties: Mapping[str, tuple[DutyPeriod, ...]] = field(default_factory=dict)
    members: Mapping[int, str] = field(default_factory=dict)
    lecturers: frozenset[int] = frozenset()
    waiting: int = 0

    @property
    def own(self) -> tuple[Record, ...]:
        return tuple(record for record in self.records if record.is_own)

    @property
    def meetings(self) -> tuple[Record, ...]:
        return tuple(record for record in self.own if record.is_meeting)

    @property
    def lectures(self) -> tuple[Record, ...]:
        return tuple(record for record in self.records if record.lecturers)
