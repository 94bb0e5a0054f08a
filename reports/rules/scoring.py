"""How counted facts become points. Pure: no database, no clock.

Unknown is not zero: where there is nothing to judge a rule gives no verdict, never full or no marks. No indicator falls
below 0 or rises above its full score. The kinds and their parameters are described in `fixtures/defaults/schemes.toml`;
scoring by deduction with a floor, by steps of a share and by levels follows the assessment papers organs use.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.rules.facts import Asked, DutyPeriod, Facts, Share
from reports.rules.schemes import Scoring
from reports.rules.words import listed, percent, period_name, plain, stated, tenths

ZERO = Decimal(0)
Parameters = Mapping[str, Any]


@dataclass(frozen=True)
class Verdict:
    """What the system makes of one indicator: points, or None where it has no verdict, and why."""

    points: Decimal | None
    reason: str = ""
    is_not_applicable: bool = False


NO_VERDICT = Verdict(None)
UNREADABLE = (KeyError, TypeError, ValueError, InvalidOperation)


def judge(scoring: str, full: Decimal, parameters: Parameters, facts: Facts) -> Verdict:
    """The verdict on one indicator. A scheme whose parameters cannot be read gives none, and says so."""
    try:
        verdict = _judge(scoring, full, parameters, facts)
    except UNREADABLE:
        return Verdict(None, _("The scheme does not say fully how these points come about; please judge by hand."))
    if facts.waiting and scoring not in (Scoring.DUTY, Scoring.MANUAL):
        return replace(verdict, reason=stated(filter(None, [verdict.reason, _waiting(facts.waiting)])))
    return verdict


def _judge(scoring: str, full: Decimal, parameters: Parameters, facts: Facts) -> Verdict:
    match scoring:
        case Scoring.DUTY:
            return by_duty(full, parameters, facts.duties.get(parameters["rule"], ()), is_over=facts.is_over)
        case Scoring.FIRST_ITEM:
            written = sum(meeting.has_first_item for meeting in facts.meetings)
            return by_first_item(full, parameters, Share(written, len(facts.meetings)))
        case Scoring.ATTENDANCE:
            rows = facts.attended
            expected, present = sum(row.expected for row in rows), sum(row.present for row in rows)
            return by_attendance(full, parameters, Share(present, expected, sum(row.unrecorded for row in rows)))
        case Scoring.LECTURERS:
            return by_lecturers(full, parameters, Share(len(facts.lecturers), len(facts.members)))
        case Scoring.TIMELINESS:
            late = sum(record.is_late for record in facts.own)
            return by_timeliness(full, parameters, records=len(facts.own), late=late)
        case _manual:
            return NO_VERDICT


def by_duty(full: Decimal, parameters: Parameters, periods: Sequence[DutyPeriod], *, is_over: bool) -> Verdict:
    """`deduct` points off for each time a duty was not fulfilled in a period that has ended.

    Exempt periods and those in which the duty did not apply are left out; if nothing else is left the indicator is not
    applicable. Records in review count while the year runs; once it is over the verdict waits for their review.
    """
    deduct = _number(parameters, "deduct")
    if not periods:
        return Verdict(None, _("The duty this indicator rests on does not exist this year; please judge by hand."))
    owed = [period for period in periods if period.asked == Asked.OWED]
    if not owed:
        reasons = dict.fromkeys(str(period.reason) for period in periods if period.reason)
        return Verdict(None, listed(reasons) or _("Not required this year."), is_not_applicable=True)
    judged = [period for period in owed if period.is_judged]
    if not judged:
        return Verdict(None, _("No period has ended yet."))
    waits = sum(period.waits for period in judged)
    if is_over and waits:
        return Verdict(None, _waiting(waits))
    short = [period for period in judged if period.missing]
    missing = sum(period.missing for period in short)
    points = _within(full - deduct * missing, full)
    said = []
    if missing:
        said.append(
            ngettext(
                "%(periods)s: %(count)d time missing, −%(points)s",
                "%(periods)s: %(count)d times missing, −%(points)s",
                missing,
            )
            % {
                "periods": listed(period_name(period.period) for period in short),
                "count": missing,
                "points": plain(full - points),
            }
        )
    if waits:
        said.append(_waiting(waits))
    return Verdict(points, stated(said))


def by_first_item(full: Decimal, parameters: Parameters, meetings: Share) -> Verdict:
    """Full marks from a share of `full_at`; `deduct` points off for each whole `step` below."""
    if not meetings.whole:
        return Verdict(None, _("No meeting on record yet."))
    reason = _("%(whole)d meetings, first agenda item written down in %(part)d, %(share)s") % _of(meetings)
    return Verdict(_by_steps(full, parameters, meetings), reason)


def by_attendance(full: Decimal, parameters: Parameters, attendance: Share) -> Verdict:
    """Present of expected, by steps as above. Leave is expected; unrecorded is neither, and the reason says so."""
    if not attendance.whole:
        return Verdict(None, _left_out(attendance.outside) if attendance.outside else _("No attendance on record yet."))
    reason = _("%(whole)d expected, %(part)d present, %(share)s") % _of(attendance)
    if attendance.outside:
        reason = stated([reason, _left_out(attendance.outside)])
    return Verdict(_by_steps(full, parameters, attendance), reason)


def by_lecturers(full: Decimal, parameters: Parameters, members: Share) -> Verdict:
    """The points of the highest level [share from, points] the share of members who lectured reaches; below all, 0."""
    levels = [(_decimal(at), _decimal(points)) for at, points in parameters["levels"]]
    if not members.whole:
        return Verdict(None, _("The branch has no members on its roster."))
    reached = [points for at, points in levels if members.part >= at * members.whole]
    reason = _("%(part)d of %(whole)d members lectured, %(share)s") % _of(members)
    return Verdict(_within(max(reached, default=ZERO), full), reason)


def by_timeliness(full: Decimal, parameters: Parameters, *, records: int, late: int) -> Verdict:
    """`deduct` points off for each record entered late."""
    deduct = _number(parameters, "deduct")
    if not records:
        return Verdict(None, _("No record yet."))
    points = _within(full - deduct * late, full)
    if not late:
        return Verdict(points)
    text = ngettext("%(count)d record entered late, −%(points)s", "%(count)d records entered late, −%(points)s", late)
    return Verdict(points, text % {"count": late, "points": plain(full - points)})


def _by_steps(full: Decimal, parameters: Parameters, share: Share) -> Decimal:
    full_at, step, deduct = (_number(parameters, name) for name in ("full_at", "step", "deduct"))
    if step <= 0:
        raise ValueError("step must be above 0")
    # Multiplied out, so that 47 of 50 at steps of 0.05 is not a rounding accident.
    below = full_at * share.whole - share.part
    steps = int(below // (step * share.whole)) if below > 0 else 0
    return _within(full - deduct * steps, full)


def _within(points: Decimal, full: Decimal) -> Decimal:
    return tenths(min(max(points, ZERO), full))


def _number(parameters: Parameters, name: str) -> Decimal:
    value = _decimal(parameters[name])
    if not value.is_finite() or value < 0:
        raise ValueError(f"{name} must be a number from 0")
    return value


def _decimal(value: Any) -> Decimal:
    return Decimal(str(value))


def _of(share: Share) -> dict[str, Any]:
    return {"part": share.part, "whole": share.whole, "share": percent(share.part, share.whole)}


def _waiting(number: int) -> str:
    return ngettext("%(count)d record waits for review", "%(count)d records wait for review", number) % {
        "count": number
    }


def _left_out(number: int) -> str:
    text = ngettext(
        "%(count)d person not recorded and left out: the rate is incomplete",
        "%(count)d persons not recorded and left out: the rate is incomplete",
        number,
    )
    return text % {"count": number}
