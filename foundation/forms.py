from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

# What people, organisations and records can speak of; far enough from where Python's calendar ends for a day's step.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)


class DayInput(forms.DateInput):
    """A native date field: the browser shows it in the user's own way and posts an ISO day."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DayField(forms.DateField):
    """Every day a form asks for: from 1900 to 2100."""

    widget = DayInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        words = _("Give a day from 1900-01-01 to 2100-12-31.")
        self.validators += [MinValueValidator(FIRST_DAY, words), MaxValueValidator(LAST_DAY, words)]
