"""What somebody typed on a sheet, kept exactly as typed until it can be written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from reports.queries.sheets import BranchSheet, Line
from reports.rules.scores import Judgement, Side, problem_with
from reports.rules.words import plain

_NUMBER = re.compile(r"[0-9]{1,4}(\.[0-9]{1,6})?")


@dataclass(frozen=True)
class Entry:
    """The inputs of one line: as typed, or as stored. `part` is the input a problem belongs to."""

    line: Line
    score: str = ""
    reason: str = ""
    is_not_applicable: bool = False
    judgement: Judgement = field(default_factory=Judgement)
    part: str = ""
    problem: str = ""

    @property
    def anchor(self) -> str:
        return f"{self.part}-{self.line.indicator.pk}"


class ScoresForm:
    """The inputs of one side. Only lines whose score was sent are read; the others keep what they have."""

    def __init__(self, sheet: BranchSheet, side: Side, data: Mapping[str, str] | None = None) -> None:
        self.side = side
        self.is_bound = data is not None
        self.entries = {
            line.indicator.pk: stored(line, side) if data is None else typed(line, side, data) for line in sheet.lines
        }
        self.sent = {pk for pk in self.entries if data is not None and f"score-{pk}" in data}

    @property
    def judgements(self) -> dict[int, Judgement]:
        return {pk: self.entries[pk].judgement for pk in self.sent}

    @property
    def problems(self) -> list[tuple[str, str]]:
        """(what to mend, anchor of the input), in the order of the sheet."""
        return [
            (_("%(number)s %(name)s: %(problem)s") % {
                "number": entry.line.number, "name": entry.line.indicator.label, "problem": entry.problem
            }, entry.anchor)
            for pk, entry in self.entries.items()
            if pk in self.sent and entry.problem
        ]  # fmt: skip


def stored(line: Line, side: Side) -> Entry:
    """What is kept; a reviewer finds “not applicable” ticked where the system says so, and saves it or not."""
    score, reason = line.self_score, line.score.self_reason
    if side == Side.REVIEW:
        score, reason = line.review, line.score.review_reason
        if line.is_proposed:
            return Entry(line, reason=line.verdict.reason, is_not_applicable=True)
    return Entry(
        line,
        score="" if score is None else plain(score),
        reason=reason,
        is_not_applicable=side == Side.REVIEW and line.is_not_applicable,
    )


def typed(line: Line, side: Side, data: Mapping[str, str]) -> Entry:
    pk = line.indicator.pk
    if f"score-{pk}" not in data:
        return stored(line, side)
    score, reason = data[f"score-{pk}"], data.get(f"reason-{pk}", "").replace("\x00", "").strip()
    is_not_applicable = side == Side.REVIEW and bool(data.get(f"na-{pk}"))
    text = unicodedata.normalize("NFKC", score).strip()
    if text and not _NUMBER.fullmatch(text):
        problem: tuple[str, str] | None = ("score", _("Please give points as a number, such as 8 or 7.5."))
        judgement = Judgement()
    else:
        judgement = Judgement(Decimal(text) if text else None, reason, is_not_applicable)
        problem = problem_with(judgement, side=side, full=line.full, computed=line.computed)
    part, message = problem or ("", "")
    return Entry(line, score, reason, is_not_applicable, judgement, part, message)
