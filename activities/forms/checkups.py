from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from activities.actions.checkups import Checkup
from activities.forms.findings import LONGEST
from activities.models import Activity
from foundation.clock import business_date
from foundation.forms import DayField, DayInput
from foundation.rules.numbers import small_integer


class RecordChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Activity) -> str:
        return f"{date_format(obj.held_on, pgettext('date format', 'j M'))} {obj.title or _('untitled')}"

    def clean(self, value: Any) -> Any:
        # SQLite cannot look for a number that is too large for it.
        for text in value or []:
            if small_integer(str(text)) is None:
                message = self.error_messages["invalid_pk_value"]
                raise forms.ValidationError(message, code="invalid_pk_value", params={"pk": text})
        return super().clean(value)


class CheckupForm(forms.Form):
    """A check of one organisation; the records offered are those of a time that can be chosen anew."""

    entry_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    on = DayField(label=_("Day of the check"))
    looked_at = forms.CharField(label=_("What was looked at"), max_length=LONGEST, widget=forms.Textarea({"rows": 3}))
    since = DayField(label=_("Records held from"), required=False)
    until = DayField(label=pgettext_lazy("records held", "until"), required=False)
    activities = RecordChoices(
        Activity.objects.none(), label=_("Records read"), required=False, widget=forms.CheckboxSelectMultiple
    )
    remarks = forms.CharField(
        label=_("Remarks"), max_length=LONGEST, required=False, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, records: QuerySet[Activity], url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["activities"].queryset = records  # type: ignore[attr-defined]
        # Another time, other records: the choice is fetched anew, what is ticked stays.
        for name in ("since", "until"):
            self.fields[name].widget = DayInput(
                {
                    "hx-get": url,
                    "hx-trigger": "change",
                    "hx-include": "#id_since, #id_until, #records",
                    "hx-target": "#records",
                    "hx-select": "#records",
                    "hx-swap": "outerHTML",
                }
            )

    @property
    def checkup(self) -> Checkup:
        values: dict[str, Any] = self.cleaned_data
        return Checkup(
            on=values["on"],
            looked_at=values["looked_at"],
            remarks=values["remarks"],
            activities=tuple(values["activities"]),
        )


def first_values() -> dict[str, Any]:
    """What the form shows before anybody types."""
    return {"entry_key": uuid4(), "on": business_date()}
