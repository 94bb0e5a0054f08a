"""Yearly sheets as pages and papers show them: computed, self and review scores side by side, with what proves them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.utils.translation import override

from branches.models import Organisation
from reports.models import Indicator, Scheme, Score, Section, Sheet
from reports.queries.facts import facts_of, is_over, last_day_of
from reports.queries.schemes import schemes_for
from reports.rules.evidence import Evidence, evidence
from reports.rules.facts import Facts
from reports.rules.scores import Side, needs_reason
from reports.rules.scoring import Verdict, judge
from reports.rules.totals import Judged, Total, total
from reports.rules.words import PAPER_LANGUAGE


@dataclass(frozen=True)
class Line:
    """One indicator of a sheet."""

    indicator: Indicator
    number: str
    verdict: Verdict
    evidence: Evidence
    score: Score
    kept_reason: str = ""  # the verdict's, in the language of papers, as taking it over keeps it

    @property
    def full(self) -> Decimal:
        return self.indicator.points

    @property
    def computed(self) -> Decimal | None:
        return self.verdict.points

    @property
    def is_not_applicable(self) -> bool:
        return self.score.is_not_applicable

    @property
    def is_proposed(self) -> bool:
        """The system finds that the indicator does not apply; a person has still to confirm it."""
        return self.verdict.is_not_applicable and not self.is_not_applicable and self.review is None

    @property
    def self_score(self) -> Decimal | None:
        return self.score.self_score

    @property
    def review(self) -> Decimal | None:
        return self.score.review_score

    @property
    def review_says(self) -> str:
        """What the review adds to the records' own reason."""
        said = self.score.review_reason
        return "" if said in (self.verdict.reason, self.kept_reason) else said

    @property
    def lacks_reason(self) -> bool:
        """A review score that no longer is what the records give, and says nothing about it."""
        return needs_reason(self.review, self.computed) and not self.score.review_reason

    @property
    def is_open(self) -> bool:
        return not self.is_not_applicable and (self.review is None or self.lacks_reason)

    @property
    def standing(self) -> Decimal | None:
        """The score that speaks at the moment: the review's, before that the system's."""
        return self.computed if self.review is None else self.review

    @property
    def deducted(self) -> Decimal:
        if self.is_not_applicable or self.standing is None:
            return Decimal(0)
        return max(self.full - self.standing, Decimal(0))

    @property
    def differs(self) -> bool:
        given = {self.computed, self.self_score, self.review} - {None}
        return not self.is_not_applicable and len(given) > 1

    @property
    def judged(self) -> Judged:
        return Judged(
            full=self.full,
            computed=self.computed,
            self_score=self.self_score,
            review=self.review,
            is_not_applicable=self.is_not_applicable,
            is_proposed=self.is_proposed,
            is_open=self.is_open,
        )


@dataclass(frozen=True)
class SectionPart:
    """One section of a sheet with its lines and sums."""

    section: Section
    lines: tuple[Line, ...]

    @cached_property
    def total(self) -> Total:
        return total(line.judged for line in self.lines)


@dataclass(frozen=True)
class BranchSheet:
    """One branch's sheet of one year, as of a day. `version` is 0 until somebody has judged anything."""

    branch: Organisation
    year: int
    scheme: Scheme | None
    version: int
    facts: Facts
    as_of: date
    is_over: bool
    sections: tuple[SectionPart, ...]

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        return tuple(line for section in self.sections for line in section.lines)

    @cached_property
    def total(self) -> Total:
        return total(line.judged for line in self.lines)

    @property
    def computed_count(self) -> int:
        return sum(line.computed is not None for line in self.lines)

    @property
    def deducted(self) -> list[Line]:
        return [line for line in self.lines if line.deducted]

    @property
    def differing(self) -> list[Line]:
        return [line for line in self.lines if line.differs]

    @property
    def open(self) -> list[Line]:
        return [line for line in self.lines if line.is_open]

    @property
    def unjudged_count(self) -> int:
        """Lines a person has still to judge, without those where only “not applicable” is to be confirmed."""
        return len(self.open) - self.total.proposed.count

    @property
    def applicable(self) -> list[Line]:
        return [line for line in self.lines if not line.is_not_applicable and not line.is_proposed]

    @property
    def without_verdict(self) -> list[Line]:
        return [line for line in self.applicable if line.computed is None]

    @property
    def is_self_scored(self) -> bool:
        return bool(self.lines) and all(line.self_score is not None for line in self.applicable)

    @property
    def is_reviewed(self) -> bool:
        return bool(self.lines) and not self.open

    def adoptable(self, side: str) -> list[Line]:
        """Lines this side ("self" or "review") has not judged and the system has: one click takes them over."""
        if side == Side.SELF:
            return [line for line in self.applicable if line.self_score is None and line.computed is not None]
        return [line for line in self.open if line.review is None and (line.computed is not None or line.is_proposed)]

    def line(self, indicator_id: int) -> Line | None:
        return next((line for line in self.lines if line.indicator.pk == indicator_id), None)

    def signed(self, side: str) -> tuple[str, date] | None:
        """Who wrote the latest score of this side ("self" or "review"), and when."""
        rows = [line.score for line in self.lines if getattr(line.score, f"{side}_on")]
        if not rows:
            return None
        latest = max(rows, key=lambda score: getattr(score, f"{side}_on"))
        return str(getattr(latest, f"{side}_by") or ""), getattr(latest, f"{side}_on")


def sheet_of(branch: Organisation, year: int, today: date) -> BranchSheet:
    """`branch`'s sheet of `year` as of `today`."""
    return sheets_of([branch], year, today)[branch.pk]


def sheets_of(branches: Iterable[Organisation], year: int, today: date) -> dict[int, BranchSheet]:
    """The sheets of `branches` in `year` as of `today`, by branch id, begun or not. A flat number of queries."""
    branches = list(branches)
    begun = {sheet.organisation_id: sheet for sheet in Sheet.objects.filter(organisation__in=branches, year=year)}
    schemes = schemes_for(branches, year, sheets=begun.values())
    scores: dict[int, dict[int, Score]] = defaultdict(dict)
    for score in Score.objects.filter(sheet__in=begun.values()).select_related("self_by", "review_by"):
        scores[score.sheet_id][score.indicator_id] = score
    facts = facts_of(branches, year, today)
    found: dict[int, BranchSheet] = {}
    for branch in branches:
        sheet = begun.get(branch.pk)
        scheme = schemes[branch.pk]
        found[branch.pk] = BranchSheet(
            branch=branch,
            year=year,
            scheme=scheme,
            version=sheet.version if sheet else 0,
            facts=facts[branch.pk],
            as_of=last_day_of(branch, year, today),
            is_over=is_over(year, today),
            sections=_sections(scheme, facts[branch.pk], scores[sheet.pk] if sheet else {}),
        )
    return found


def _sections(scheme: Scheme | None, facts: Facts, scores: dict[int, Score]) -> tuple[SectionPart, ...]:
    if scheme is None:
        return ()
    return tuple(
        SectionPart(section, _lines(section.indicators.all(), number, facts, scores))
        for number, section in enumerate(scheme.sections.all(), start=1)
    )


def _lines(indicators: Iterable[Indicator], section: int, facts: Facts, scores: dict[int, Score]) -> tuple[Line, ...]:
    return tuple(
        _line(indicator, f"{section}.{number}", facts, scores.get(indicator.pk))
        for number, indicator in enumerate(indicators, start=1)
    )


def _line(indicator: Indicator, number: str, facts: Facts, score: Score | None) -> Line:
    verdict = judge(indicator.scoring, indicator.points, indicator.parameters, facts)
    kept = verdict
    if verdict.is_not_applicable:
        with override(PAPER_LANGUAGE):
            kept = judge(indicator.scoring, indicator.points, indicator.parameters, facts)
    return Line(
        indicator=indicator,
        number=number,
        verdict=verdict,
        evidence=evidence(indicator.scoring, indicator.parameters, facts),
        score=score or Score(indicator=indicator),
        kept_reason=kept.reason,
    )
