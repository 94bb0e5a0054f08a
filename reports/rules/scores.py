"""What may be written as a self-score or a review score."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from reports.rules.words import TENTH, plain


class Side(StrEnum):
    """Whose judgement it is: the branch's own or its superior's."""

    SELF = "self"
    REVIEW = "review"


@dataclass(frozen=True)
class Judgement:
    """What somebody wrote on one line. `is_not_applicable` is the reviewer's decision to leave the indicator out."""

    score: Decimal | None = None
    reason: str = ""
    is_not_applicable: bool = False

    @property
    def is_empty(self) -> bool:
        return self.score is None and not self.reason and not self.is_not_applicable


REASON_LENGTH = 300


def needs_reason(score: Decimal | None, computed: Decimal | None) -> bool:
    """A review score the records do not give by themselves: one that differs, or one where there is no verdict."""
    return score is not None and score != computed


def problem_with(
    judgement: Judgement, *, side: Side, full: Decimal, computed: Decimal | None
) -> tuple[str, str] | None:
    """Why `judgement` cannot stand, as (part of the line: "score" or "reason", what to mend), or None."""
    score, reason = judgement.score, judgement.reason.strip()
    if len(reason) > REASON_LENGTH:
        return "reason", _("The reason is longer than %(limit)d characters; please shorten it.") % {
            "limit": REASON_LENGTH
        }
    if judgement.is_not_applicable:
        if side == Side.SELF:
            return "score", _("Whether an indicator applies is decided in the review.")
        if score is not None:
            return "score", _("Either a score or “not applicable”; please clear one of the two.")
        return None if reason else ("reason", _("Please say why the indicator does not apply."))
    if score is None:
        return ("score", _("A reason needs a score beside it.")) if reason else None
    if not score.is_finite() or score < 0 or score > full:
        return "score", _("Please give points from 0 to %(full)s.") % {"full": plain(full)}
    if score != score.quantize(TENTH):
        return "score", _("Please give points with at most one decimal.")
    if not reason and side == Side.REVIEW and needs_reason(score, computed):
        if computed is None:
            return "reason", _("The system has no verdict here; please say why these points.")
        return "reason", _("Differs from the %(points)s points of the records; please say why.") % {
            "points": plain(computed)
        }
    if not reason and side == Side.SELF and computed is None:
        return "reason", _("The system has no verdict here; please say why these points.")
    return None
