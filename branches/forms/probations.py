from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from branches.rules.probations import EXTENSION_MONTHS, ProbationOutcome
from foundation.forms import DayField
from foundation.rules.days import months_after


class DecisionForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Decision"), choices=ProbationOutcome.choices, widget=forms.RadioSelect)
    decided_on = DayField(
        label=_("Day of the members’ meeting"),
        help_text=_("If the membership is cancelled, this is its last day."),
    )
    document_number = forms.CharField(
        label=_("Approval number"), max_length=80, help_text=_("Of the approval by the committee above.")
    )
    full_on = DayField(
        label=_("Full member from"),
        required=False,
        help_text=_("Only for full membership: as a rule the day the probation ends."),
    )
    extended_until = DayField(
        label=_("Extended until"),
        required=False,
        help_text=_("Only for an extension: half a year to one year, once."),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=200, required=False, help_text=_("For an extension or a cancellation.")
    )

    def __init__(self, *args: Any, due: date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if due is not None:
            self.fields["full_on"].initial = due
            self.fields["extended_until"].initial = months_after(due, EXTENSION_MONTHS[0])


class TakeBackForm(forms.Form):
    reason = forms.CharField(label=_("Why is it taken back?"), min_length=2, max_length=200)
