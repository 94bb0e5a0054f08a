"""What only the pages of records need."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext as _

from activities.models import ReviewStep
from activities.rules.activities import VoteRule
from activities.rules.quorum import Outcome, Verdict

register = template.Library()


@register.inclusion_tag("activities/_gap.html", takes_context=True)
def gap(context: dict[str, Any], anchor: str) -> dict[str, Any]:
    """What keeps the record from being handed in, said again at the field it speaks of."""
    texts = [text for text, target in context.get("more_errors") or [] if target == anchor]
    if texts and "record" in context:
        said = context["record"].own_words
        texts = [text for text in texts if text not in said]
    return {"texts": texts, "anchor": anchor}


@register.filter
def at(sequence: Any, index: int) -> Any:
    """The element of a list at `index`, or None."""
    return sequence[index] if 0 <= index < len(sequence) else None


@register.filter
def in_words(verdict: Verdict) -> str:
    """“9 票，超过应到 11 人的半数，通过”: the result of a vote with its base."""
    words = {"votes": verdict.votes_for, "voters": verdict.voters, "present": verdict.present}
    if verdict.outcome == Outcome.OPEN:
        return _("Fill in the votes")
    if verdict.outcome == Outcome.NO_QUORUM:
        if verdict.rule == VoteRule.ELECTION:
            return (
                _("%(present)s of %(voters)s people with a vote present, fewer than four fifths: the vote is void")
                % words
            )
        return _("%(present)s of %(voters)s people with a vote present, fewer than half: the vote is void") % words
    if verdict.outcome == Outcome.PASSED:
        return _("%(votes)s votes, more than half of the %(voters)s expected: passed") % words
    return _("%(votes)s votes, not more than half of the %(voters)s expected: not passed") % words


@register.filter
def sign(verdict: Verdict) -> str:
    """The symbol of a result."""
    return {Outcome.PASSED: "met", Outcome.OPEN: "info"}.get(verdict.outcome, "warning")


@register.filter
def step_symbol(step: ReviewStep) -> str:
    """The symbol of a step of review in the timeline."""
    return {
        ReviewStep.Step.SUBMITTED: "pending",
        ReviewStep.Step.WITHDRAWN: "draft",
        ReviewStep.Step.RETURNED: "returned",
        ReviewStep.Step.ACCEPTED: "accepted",
    }[ReviewStep.Step(step.step)]
