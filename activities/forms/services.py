from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from activities.rules.services import ServiceEntry

MOST_YUAN = 2_000_000_000


class ServiceForm(forms.Form):
    """Hours and benefits of a volunteer service."""

    served = forms.CharField(max_length=120, required=False, label=_("Whom it served"))
    hours = forms.DecimalField(
        min_value=0,
        max_value=999,
        max_digits=4,
        decimal_places=1,
        required=False,
        label=_("Hours each"),
        widget=forms.NumberInput({"class": "figure-input", "inputmode": "decimal", "step": "0.5"}),
    )
    beneficiaries = forms.IntegerField(min_value=0, max_value=MOST_YUAN, required=False, label=_("People served"))
    problems_solved = forms.IntegerField(min_value=0, max_value=MOST_YUAN, required=False, label=_("Problems solved"))
    money_saved_yuan = forms.IntegerField(
        min_value=0, max_value=MOST_YUAN, required=False, label=_("Money saved (yuan)")
    )

    def entry(self) -> ServiceEntry:
        data = self.cleaned_data if hasattr(self, "cleaned_data") else {}
        return ServiceEntry(
            served=data.get("served", ""),
            hours=data.get("hours"),
            beneficiaries=data.get("beneficiaries"),
            problems_solved=data.get("problems_solved"),
            money_saved_yuan=data.get("money_saved_yuan"),
        )
