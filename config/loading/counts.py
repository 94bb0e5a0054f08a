"""How many rows of each model were written, for the audit entry and for the person at the console."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models

Counts = Mapping[type[models.Model], int]


def count_changes(counts: Counts) -> dict[str, tuple[Any, Any]]:
    return {str(model._meta.model_name): (None, count) for model, count in counts.items()}


def count_text(counts: Counts) -> str:
    return "、".join(f"{model._meta.verbose_name_plural} {count}" for model, count in counts.items())
