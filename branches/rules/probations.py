"""The probation of a member: when it ends and what may be decided."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProbationOutcome(models.TextChoices):
    FULL = "full", _("Became a full member on time")
    EXTENDED = "extended", _("Probation extended")
    CANCELLED = "cancelled", _("Probationary membership cancelled")
