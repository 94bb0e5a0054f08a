from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from activities.rules.guidance import TopicVerdict


class VerdictForm(forms.Form):
    """The topic approved, or a change advised with words; theme and agenda as they were on the screen come back."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    title = forms.CharField(widget=forms.HiddenInput, max_length=120, strip=False, required=False)
    agenda = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    verdict = forms.ChoiceField(choices=TopicVerdict.choices, widget=forms.HiddenInput)
    advice = forms.CharField(
        label=_("What should be changed?"),
        max_length=400,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = self.cleaned_data
        if values.get("verdict") == TopicVerdict.ADVISED and not values.get("advice"):
            self.add_error("advice", _("Say what should be changed."))
        return values


class RemarkForm(forms.Form):
    """Was the leader there, and what do they think of it."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    was_present = forms.TypedChoiceField(
        label=_("Were you there?"),
        choices=[("yes", _("I was there")), ("no", _("I was not there"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    remarks = forms.CharField(
        label=_("Remarks"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("What was good, what to do better. The branch and those above it read this."),
    )
