"""Findings: where they come from and the moves until they are closed."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import pgettext_lazy


class FindingSource(models.TextChoices):
    CHECK = "check", pgettext_lazy("finding", "Monthly check")
    RETURNED = "returned", pgettext_lazy("finding", "Returned record")
    DUTY = "duty", pgettext_lazy("finding", "Overdue duty")
    CONTACT = "contact", pgettext_lazy("finding", "Contact leader")
    LIFE_MEETING = "life_meeting", pgettext_lazy("finding", "Organisational life meeting")
    OTHER = "other", pgettext_lazy("finding", "Other")


class FindingState(models.TextChoices):
    FEEDBACK = "feedback", pgettext_lazy("finding", "Fed back")
    RECTIFYING = "rectifying", pgettext_lazy("finding", "Being rectified")
    VERIFY = "verify", pgettext_lazy("finding", "Waiting for verification")
    CLOSED = "closed", pgettext_lazy("finding", "Closed")


MOVES: dict[str, frozenset[str]] = {
    FindingState.FEEDBACK: frozenset({FindingState.RECTIFYING, FindingState.VERIFY}),
    FindingState.RECTIFYING: frozenset({FindingState.RECTIFYING, FindingState.VERIFY}),
    FindingState.VERIFY: frozenset({FindingState.RECTIFYING, FindingState.CLOSED}),
    FindingState.CLOSED: frozenset(),
}

# What the branch still has to do something about.
WITH_THE_BRANCH = frozenset({FindingState.FEEDBACK, FindingState.RECTIFYING})
UNRECTIFIED = "unrectified"
# The states as lists show them: past due is told apart from what still has time.
STATUSES = (UNRECTIFIED, FindingState.FEEDBACK, FindingState.RECTIFYING, FindingState.VERIFY, FindingState.CLOSED)
# What may be chosen where a finding comes from nothing recorded here.
FREE_SOURCES = (FindingSource.CONTACT, FindingSource.LIFE_MEETING, FindingSource.OTHER)


class FindingAct(models.TextChoices):
    """What a step was, told from the states on both sides of it."""

    RAISED = "raised", pgettext_lazy("step of a finding", "Fed back to the branch")
    PLANNED = "planned", pgettext_lazy("step of a finding", "Measures written")
    REPORTED = "reported", pgettext_lazy("step of a finding", "Reported as rectified")
    SENT_BACK = "sent_back", pgettext_lazy("step of a finding", "Sent back for rectification")
    EXTENDED = "extended", pgettext_lazy("step of a finding", "Due day changed")
    CLOSED = "closed", pgettext_lazy("step of a finding", "Verified and closed")
    WITHDRAWN = "withdrawn", pgettext_lazy("step of a finding", "Withdrawn as raised by mistake")


SYMBOLS = {
    FindingAct.RAISED: "open",
    FindingAct.PLANNED: "soon",
    FindingAct.REPORTED: "pending",
    FindingAct.SENT_BACK: "returned",
    FindingAct.EXTENDED: "exempt",
    FindingAct.CLOSED: "met",
    FindingAct.WITHDRAWN: "na",
}


def may_become(state: str, wanted: str) -> bool:
    return wanted in MOVES[state]


def status_of(state: str, due_on: date, today: date) -> str:
    """The state as people see it on `today`: past due with the branch is "unrectified" (超期未改).

    What the branch has reported waits for those who verify, and is not held against the branch.
    """
    return UNRECTIFIED if state in WITH_THE_BRANCH and due_on < today else state


def days_over(state: str, due_on: date, today: date) -> int:
    """Whole days past the due day while the branch has it; 0 when in time, reported or closed."""
    return max((today - due_on).days, 0) if state in WITH_THE_BRANCH else 0


def act_of(before: str | None, after: str, *, commented: bool) -> FindingAct:
    """What the step from `before` to `after` was. A due day changes in place and always has its reason.

    Only what is with the branch can be withdrawn; what has been reported is verified or sent back.
    """
    if before is None:
        return FindingAct.RAISED
    if after == FindingState.CLOSED:
        return FindingAct.CLOSED if before == FindingState.VERIFY else FindingAct.WITHDRAWN
    if before == after:
        return FindingAct.EXTENDED if commented else FindingAct.PLANNED
    if after == FindingState.VERIFY:
        return FindingAct.REPORTED
    return FindingAct.SENT_BACK if before == FindingState.VERIFY else FindingAct.PLANNED
