from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from foundation.forms import DayField


class ExportForm(forms.Form):
    on = DayField(label=gettext_lazy("As of"))
    purpose = forms.CharField(
        label=gettext_lazy("What the roster is needed for"),
        min_length=2,
        max_length=100,
        help_text=gettext_lazy("It is written into the file and kept on record."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today
