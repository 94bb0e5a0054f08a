"""Findings: where they come from and the moves until they are closed."""

from __future__ import annotations

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
