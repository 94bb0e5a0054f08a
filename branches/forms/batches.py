from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.models import Organisation
from branches.rules.subjects import WORDS
from foundation.forms import DayField


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.et,.csv"}),
        error_messages={"required": gettext_lazy("Choose the file to import.")},
        help_text=gettext_lazy(
            "Excel or WPS (.xlsx, .xls, .et) or text (.csv). The table you have will do; columns are found by their "
            "headings."
        ),
    )
    as_of = DayField(
        label=gettext_lazy("True as of"),
        error_messages={"required": gettext_lazy("Say which day the file describes.")},
    )

    def __init__(self, *args: Any, organisation: Organisation, subject: str, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation, self.today = organisation, today
        self.fields["as_of"].initial = today
        self.fields["as_of"].help_text = str(WORDS[subject].as_of)

    def clean_as_of(self) -> date:
        day: date = self.cleaned_data["as_of"]
        if day > self.today:
            raise ValidationError(_("This day lies in the future. Choose today or an earlier day."))
        if not self.organisation.existed_on(day):
            raise ValidationError(_("The organisation does not exist on that day."))
        return day
