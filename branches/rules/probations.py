"""The probation of a member: when it ends and what may be decided.

Source: 《中国共产党发展党员工作细则》 2014, articles 31 to 34, by reports unchanged in the edition of 2026: one year
from the meeting that admitted; at its end full membership on time, one extension of 6 to 12 months, or
cancellation, by the members' meeting and approved by the committee above.
"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.rules.days import months_after

PROBATION_MONTHS = 12
EXTENSION_MONTHS = (6, 12)
AHEAD_MONTHS = 3  # how long before its end a probation is listed as ending soon


class ProbationOutcome(models.TextChoices):
    FULL = "full", _("Became a full member on time")
    EXTENDED = "extended", _("Probation extended")
    CANCELLED = "cancelled", _("Probationary membership cancelled")


def due_on(joined_on: date, extended_until: date | None = None) -> date:
    """The day the probation ends: a year after admission, or the day to which it was extended."""
    return extended_until or months_after(joined_on, PROBATION_MONTHS)


def standing(due: date | None, today: date) -> str:
    """How near the end is, as a status: overdue (past without a decision), soon (within 3 months), open."""
    if due is None:
        return "na"
    if due < today:
        return "overdue"
    return "soon" if due <= months_after(today, AHEAD_MONTHS) else "open"


def problems_of(
    *,
    outcome: str,
    decided_on: date,
    due: date,
    was_extended: bool,
    full_on: date | None,
    extended_until: date | None,
    today: date,
) -> dict[str, str | Promise]:
    """What stands in the way of a decision, by the field it is mended at; {} if nothing does.

    Args:
        due: the day the probation ends; `was_extended`: it has been extended once.
        full_on, extended_until: what the outcome needs; the other one is not looked at.

    Source: the module's.
    """
    if decided_on > today:
        return {"decided_on": _("This day lies in the future. Choose today or an earlier day.")}
    if outcome == ProbationOutcome.CANCELLED:
        return {}
    if decided_on < due:
        return {"decided_on": _("The probation has not ended on this day; the meeting decides when it has.")}
    if outcome == ProbationOutcome.FULL:
        if full_on is None or not due <= full_on <= today:
            return {"full_on": _("Full membership begins when the probation has ended, and not in the future.")}
        return {}
    if was_extended:
        return {"outcome": _("The probation has been extended once; it cannot be extended again.")}
    first, last = (months_after(due, months) for months in EXTENSION_MONTHS)
    if extended_until is None or not first <= extended_until <= last:
        return {"extended_until": _("An extension takes at least half a year and at most one year.")}
    return {}
