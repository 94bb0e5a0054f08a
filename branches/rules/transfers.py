"""Where a transfer of membership goes, how it stands, on which days it may take effect, how a letter stands."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.utils.translation import pgettext_lazy


class Direction(models.TextChoices):
    INSIDE = "inside", pgettext_lazy("transfer", "Inside the system")
    OUT = "out", pgettext_lazy("transfer", "Out of the system")
    IN = "in", pgettext_lazy("transfer", "Into the system")


class TransferState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("transfer", "Waiting for an answer")
    ACCEPTED = "accepted", pgettext_lazy("transfer", "Accepted")
    REFUSED = "refused", pgettext_lazy("transfer", "Refused")
    REVOKED = "revoked", pgettext_lazy("transfer", "Revoked")


LETTER_VALID_DAYS = 90  # 《介绍信》: normally at most 90 days
LETTER_SOON_DAYS = 15
DAYS_BACK, DAYS_AHEAD = 366, 183


class LetterState(models.TextChoices):
    """A letter whose receipt has not come back; the values are keys of `{% status %}`."""

    OPEN = "open", pgettext_lazy("letter", "Receipt to come")
    SOON = "soon", pgettext_lazy("letter", "Validity runs out soon")
    OVERDUE = "overdue", pgettext_lazy("letter", "Validity has run out")


def valid_until(*, letter_on: date, valid_days: int) -> date:
    """The last day of a letter of introduction; the day it was written is the first.

    Source: 《中国共产党党员教育管理工作条例》2019, article 25, and the form of the letter (normally at most 90 days).
    """
    return letter_on + timedelta(days=valid_days - 1)


def letter_state(*, until: date, today: date) -> LetterState:
    """How a letter without receipt stands `today`; its last day is `until`."""
    if today > until:
        return LetterState.OVERDUE
    return LetterState.SOON if (until - today).days <= LETTER_SOON_DAYS else LetterState.OPEN


def days_of_effect(today: date) -> tuple[date, date]:
    """The first and last day from which an act on a membership may be entered to hold."""
    return today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD)
