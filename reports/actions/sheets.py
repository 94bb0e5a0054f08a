"""Writing people's judgements onto a sheet; what the records give is derived, and written only where taken over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from branches.models import Organisation, User
from foundation.actions.audit import difference, record
from foundation.clock import business_date
from reports.models import Score, Sheet
from reports.queries.sheets import BranchSheet, sheet_of
from reports.rules.scores import Judgement, Side, problem_with
from reports.rules.words import PAPER_LANGUAGE


class StaleSheetError(Exception):
    """Somebody else wrote on the sheet since the page was opened."""


@transaction.atomic
def set_scores(
    *, branch: Organisation, year: int, side: Side, judgements: Mapping[int, Judgement], version: int, by: User
) -> Sheet:
    """Write one side's judgements, by indicator id; indicators not named keep what they have.

    Raises:
        StaleSheetError: the sheet is no longer at `version` (0: nobody had judged anything); nothing is written.
        ValidationError: by indicator id, what is wrong with a judgement; nothing is written.
    """
    today = business_date()
    sheet = _locked(branch, year, version)
    seen = sheet_of(branch, year, today)
    _check(seen, side, judgements)
    sheet = sheet or _begin(seen)
    _write(sheet, seen, side, judgements, by=by, today=today)
    return sheet


@transaction.atomic
def take_over_computed(*, branch: Organisation, year: int, side: Side, version: int, by: User) -> int:
    """Adopt the system's verdict as this side's score wherever it has given none yet; returns on how many lines.

    A review also adopts "not applicable" where the records show that the duty was not asked.

    Raises:
        StaleSheetError: as `set_scores`.
    """
    today = business_date()
    sheet = _locked(branch, year, version)
    with override(PAPER_LANGUAGE):  # the reason is kept as data
        seen = sheet_of(branch, year, today)
    judgements = {
        line.indicator.pk: Judgement(score=line.computed)
        if line.computed is not None
        else Judgement(reason=line.verdict.reason, is_not_applicable=True)
        for line in seen.adoptable(side)
    }
    if judgements:
        _write(sheet or _begin(seen), seen, side, judgements, by=by, today=today)
    return len(judgements)


@transaction.atomic
def note_export(*, organisation: Organisation, year: int, by: User) -> None:
    """Put on record who takes the year's assessment of an organisation out as a file."""
    record(verb="sheet.export", target=organisation, by=by, organisation=organisation, changes={"year": (None, year)})


def _locked(branch: Organisation, year: int, version: int) -> Sheet | None:
    # The branch's row is the lock, so that two people cannot both begin a sheet.
    Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=branch.pk)
    sheet = Sheet.objects.filter(organisation=branch, year=year).first()
    if (sheet.version if sheet else 0) != version:
        raise StaleSheetError
    return sheet


def _check(seen: BranchSheet, side: Side, judgements: Mapping[int, Judgement]) -> None:
    problems: dict[str, str] = {}
    for indicator_id, judgement in judgements.items():
        line = seen.line(indicator_id)
        if line is None:
            problems[str(indicator_id)] = _("This indicator is not on the sheet; please open the sheet again.")
            continue
        problem = problem_with(judgement, side=side, full=line.full, computed=line.computed)
        if problem:
            problems[str(indicator_id)] = problem[1]
    if problems:
        raise ValidationError(problems)


def _begin(seen: BranchSheet) -> Sheet:
    if seen.scheme is None:
        raise ValidationError(_("There is no scheme for this year yet."))
    return Sheet.objects.create(scheme=seen.scheme, organisation=seen.branch, year=seen.year, version=0)


def _write(
    sheet: Sheet, seen: BranchSheet, side: Side, judgements: Mapping[int, Judgement], *, by: User, today: date
) -> None:
    scores = {score.indicator_id: score for score in sheet.scores.all()}
    changes: dict[str, tuple[Any, Any]] = {}
    changed = []
    for indicator_id, judgement in judgements.items():
        line = seen.line(indicator_id)
        score = scores.get(indicator_id) or Score(sheet=sheet, indicator_id=indicator_id)
        before = _state(score, side)
        _apply(score, side, judgement, by=by, today=today)
        new = difference(before, _state(score, side))
        if new and line is not None:
            changed.append(score)
            changes |= {f"{line.number} {line.indicator} {field}": pair for field, pair in new.items()}
    if not changed:
        return
    for score in changed:
        score.save()
    sheet.version += 1
    sheet.save(update_fields=["version"])
    record(verb=f"sheet.{side}_score", target=sheet, by=by, organisation=sheet.organisation, changes=changes)


def _state(score: Score, side: Side) -> dict[str, Any]:
    if side == Side.SELF:
        return {"self_score": score.self_score, "self_reason": score.self_reason}
    return {
        "review_score": score.review_score,
        "review_reason": score.review_reason,
        "is_not_applicable": score.is_not_applicable,
    }


def _apply(score: Score, side: Side, judgement: Judgement, *, by: User, today: date) -> None:
    before = _state(score, side)
    if side == Side.SELF:
        score.self_score, score.self_reason = judgement.score, judgement.reason.strip()
    else:
        score.review_score, score.review_reason = judgement.score, judgement.reason.strip()
        score.is_not_applicable = judgement.is_not_applicable
    if _state(score, side) != before:
        setattr(score, f"{side}_by", None if judgement.is_empty else by)
        setattr(score, f"{side}_on", None if judgement.is_empty else today)
