"""How an organisation comes out of another."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class SuccessionKind(models.TextChoices):
    MERGED = "merged", pgettext_lazy("organisation", "Merged into")
    SPLIT = "split", pgettext_lazy("organisation", "Split off")
