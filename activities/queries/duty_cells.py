"""What a page or a sheet knows about one duty of one branch in one period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from activities.models import DutyRule, Exemption
from activities.rules.activities import State
from activities.rules.duties import DONE, OWED, DutyStatus, Obstacle, closes_on, deadline
from activities.rules.periods import Period
from branches.models import Organisation, PartyGroup


class Record(NamedTuple):
    """One activity as a duty sees it. `late`: entered later than the rule's working days after the day held."""

    activity_id: int
    held_on: date
    state: str
    title: str
    late: bool
    group_id: int | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One duty of one branch in one period. `counted` are the records handed in, those waiting for review included."""

    branch: Organisation
    rule: DutyRule
    period: Period
    today: date
    status: DutyStatus
    held: int = 0
    counted: tuple[Record, ...] = ()
    returned: tuple[Record, ...] = ()
    drafts: tuple[Record, ...] = ()
    groups: tuple[PartyGroup, ...] = ()
    missing_groups: tuple[PartyGroup, ...] = ()
    hindered_by: Obstacle | None = None
    exemption: Exemption | None = None

    @property
    def needed(self) -> int:
        """How many are asked; with party groups: of each group."""
        return self.rule.times

    @property
    def short(self) -> int:
        """How many are still missing; with party groups: of the group that has fewest."""
        return max(self.needed - self.held, 0)

    @property
    def group_counts(self) -> list[tuple[PartyGroup, int]]:
        """How often each party group met."""
        return [(group, sum(record.group_id == group.pk for record in self.counted)) for group in self.groups]

    @property
    def waiting(self) -> tuple[Record, ...]:
        return tuple(record for record in self.counted if record.state == State.SUBMITTED)

    @property
    def late(self) -> bool:
        return any(record.late for record in self.counted)

    @property
    def is_owed(self) -> bool:
        return self.status in OWED

    @property
    def is_done(self) -> bool:
        return self.status in DONE

    @property
    def is_gap(self) -> bool:
        """Owed, not done and past its day."""
        return self.status in {DutyStatus.OVERDUE, DutyStatus.MISSED}

    @property
    def is_future(self) -> bool:
        return self.period.first > self.today

    @property
    def is_current(self) -> bool:
        return self.period.contains(self.today)

    @property
    def has_ended(self) -> bool:
        return self.period.last < self.today

    @property
    def due_on(self) -> date:
        return deadline(self.period, self.rule.fixed_day)

    @property
    def closes_on(self) -> date:
        return closes_on(self.period, self.rule.grace_days)

    @property
    def days_left(self) -> int:
        """Days until it falls due; after that day, negative."""
        return (self.due_on - self.today).days

    @property
    def days_over(self) -> int:
        return -self.days_left

    @property
    def reason(self) -> str:
        """Why nothing is asked: the exemption's reason, or what stands against the rule."""
        if self.status == DutyStatus.EXEMPT and self.exemption is not None:
            return self.exemption.reason
        if self.status == DutyStatus.NOT_APPLICABLE and self.hindered_by is not None:
            is_waived = self.hindered_by == Obstacle.WAIVED
            return self.rule.note if is_waived and self.rule.note else str(self.hindered_by.label)
        return ""


@dataclass(frozen=True)
class Summary:
    """Of the periods that have ended and were owed: how many were done (waiting for review included)."""

    done: int
    ended: int
    running: int

    @property
    def short(self) -> int:
        return self.ended - self.done


def year_summary(cells: Iterable[Cell]) -> Summary:
    owed = [cell for cell in cells if cell.is_owed]
    ended = [cell for cell in owed if cell.has_ended]
    return Summary(
        done=sum(cell.is_done for cell in ended),
        ended=len(ended),
        running=sum(cell.is_current for cell in owed),
    )
