"""Where a transfer of membership goes and how it stands."""

from __future__ import annotations

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
