"""The records and gaps behind one number of the sheet: counted from the same facts as the number itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from activities.rules.periods import Period
from reports.rules.facts import DutyPeriod, Facts, Record
from reports.rules.schemes import Scoring
from reports.rules.words import listed, percent, period_name, stated


@dataclass(frozen=True)
class Proof:
    """A record that counts, and what it shows."""

    record: Record
    note: str = ""


@dataclass(frozen=True)
class Gap:
    """What is missing or wrong: in a period, in a record, or with a person."""

    text: str
    when: str = ""
    status: str = ""
    record: Record | None = None
    period: Period | None = None
    duty: str = ""


@dataclass(frozen=True)
class Evidence:
    """`gap_text` says in a few words what the gaps come to; empty where there is none."""

    proofs: tuple[Proof, ...] = ()
    gaps: tuple[Gap, ...] = ()
    gap_text: str = ""


def evidence(scoring: str, parameters: Mapping[str, Any], facts: Facts) -> Evidence:
    match scoring:
        case Scoring.DUTY:
            code = str(parameters.get("rule", ""))
            return _of_duty(code, facts.duties.get(code, ()), facts)
        case Scoring.FIRST_ITEM:
            return _of_first_items(facts)
        case Scoring.ATTENDANCE:
            return _of_attendance(facts.attended)
        case Scoring.LECTURERS:
            return _of_lecturers(facts)
        case Scoring.TIMELINESS:
            return _of_timeliness(facts.own)
        case _manual:
            return Evidence()


def _of_duty(code: str, periods: Sequence[DutyPeriod], facts: Facts) -> Evidence:
    known = {record.activity_id: record for record in facts.records}
    proofs = [
        Proof(known[pk], period_name(period.period)) for period in periods for pk in period.records if pk in known
    ]
    gaps = [
        Gap(
            _gap_of(period),
            when=period_name(period.period),
            status=period.status,
            period=period.period,
            duty=code,
        )
        for period in periods
        if period.is_judged and period.missing
    ]
    missing = sum(period.missing for period in periods if period.is_judged)
    return Evidence(tuple(proofs), tuple(gaps), _missing(missing) if missing else "")


def _gap_of(period: DutyPeriod) -> str:
    text = _missing(period.missing)
    return stated([text, listed(period.missing_groups)]) if period.missing_groups else text


def _of_first_items(facts: Facts) -> Evidence:
    proofs = tuple(
        Proof(meeting, _("First agenda item written down")) for meeting in facts.meetings if meeting.has_first_item
    )
    gaps = tuple(
        Gap(_("No first agenda item written down"), record=meeting)
        for meeting in facts.meetings
        if not meeting.has_first_item
    )
    text = ngettext("%(count)d meeting without", "%(count)d meetings without", len(gaps)) % {"count": len(gaps)}
    return Evidence(proofs, gaps, text if gaps else "")


def _of_attendance(attended: Sequence[Record]) -> Evidence:
    proofs = tuple(
        Proof(
            row,
            pgettext("one activity", "%(whole)d expected, %(part)d present, %(share)s")
            % {"part": row.present, "whole": row.expected, "share": percent(row.present, row.expected)},
        )
        for row in attended
        if row.expected
    )
    gaps = tuple(
        Gap(
            ngettext("%(count)d member not recorded", "%(count)d members not recorded", row.unrecorded)
            % {"count": row.unrecorded},
            record=row,
        )
        for row in attended
        if row.unrecorded
    )
    number = sum(row.unrecorded for row in attended)
    text = ngettext("%(count)d person not recorded", "%(count)d persons not recorded", number) % {"count": number}
    return Evidence(proofs, gaps, text if number else "")


def _of_lecturers(facts: Facts) -> Evidence:
    proofs = tuple(
        Proof(record, _("Lecturers: %(names)s") % {"names": listed(record.lecturers)}) for record in facts.lectures
    )
    silent = [name for pk, name in facts.members.items() if pk not in facts.lecturers]
    gaps = tuple(Gap(_("%(name)s has not lectured") % {"name": name}) for name in silent)
    text = ngettext("%(count)d member without", "%(count)d members without", len(gaps)) % {"count": len(gaps)}
    return Evidence(proofs, gaps, text if gaps else "")


def _of_timeliness(own: Sequence[Record]) -> Evidence:
    proofs = tuple(Proof(record, _("Entered in time")) for record in own if not record.is_late)
    gaps = tuple(Gap(_("Entered late"), record=record) for record in own if record.is_late)
    text = ngettext("%(count)d entered late", "%(count)d entered late", len(gaps)) % {"count": len(gaps)}
    return Evidence(proofs, gaps, text if gaps else "")


def _missing(number: int) -> str:
    return ngettext("%(count)d time missing", "%(count)d times missing", number) % {"count": number}
