"""What a dated circumstance of a member asks for, and when the next step comes into question."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from branches.rules.people import StatusKind

# Decided on paper: the number of the decision belongs to the record.
NEEDS_DOCUMENT = frozenset({StatusKind.SUSPENDED, StatusKind.ON_PROBATION})
# What ends when the member moves to another branch; suspension and probation within the Party go along.
ENDED_BY_TRANSFER = frozenset({StatusKind.FLOW_OUT, StatusKind.FLOW_IN, StatusKind.LOST_CONTACT, StatusKind.EXCUSED})
LOST_MONTHS = 6
SUSPENDED_MONTHS = 24


class NextStep(StrEnum):
    SUSPEND = "suspend"
    REMOVE = "remove"


def next_step(since: Mapping[str, date], *, today: date) -> NextStep | None:
    """What comes into question for a member who cannot be reached; people decide.

    Without contact for half a year: membership may be suspended. Suspended for two years and still without contact:
    the name may be removed from the rolls as that of one who left by own will.

    Args:
        since: the kinds of circumstance that hold today, each with its first day.

    Source: 《中国共产党党员教育管理工作条例》2019, article 24.
    """
    lost, suspended = since.get(StatusKind.LOST_CONTACT), since.get(StatusKind.SUSPENDED)
    if lost is None:
        return None
    if suspended is not None:
        return NextStep.REMOVE if months_after(suspended, SUSPENDED_MONTHS) <= today else None
    return NextStep.SUSPEND if months_after(lost, LOST_MONTHS) <= today else None


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the month's last day where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
