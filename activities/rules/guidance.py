"""What a contact leader may say of a planned meeting's topic."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class TopicVerdict(models.TextChoices):
    APPROVED = "approved", pgettext_lazy("topic", "Approved")
    ADVISED = "advised", pgettext_lazy("topic", "To be changed")
