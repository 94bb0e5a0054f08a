from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.forms import DayField


class ExportForm(forms.Form):
    on = DayField(label=gettext_lazy("As of"))
    purpose = forms.CharField(
        label=gettext_lazy("What the table is needed for"),
        min_length=2,
        max_length=100,
        help_text=gettext_lazy("It is written into the file and kept on record."),
    )

    def __init__(self, *args: Any, today: date, has_day: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        if has_day:
            self.fields["on"].initial = today
        else:
            del self.fields["on"]

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > self.today:
            raise ValidationError(_("This day lies in the future. Choose today or an earlier day."))
        return day

    @property
    def day(self) -> date:
        """The day of the table: the one chosen, else today."""
        chosen: date = self.cleaned_data.get("on", self.today)
        return chosen
