from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms import DayField


class HandOverForm(forms.Form):
    successor = forms.TypedChoiceField(label=_("New secretary"), coerce=int)
    on = DayField(label=_("In office from"), help_text=_("The former secretary’s post ends the day before."))
    document_number = forms.CharField(
        label=_("Document number"),
        max_length=80,
        required=False,
        help_text=_("Of the paper that appoints. Only the role left to hand over: leave it empty."),
    )
    with_role = forms.BooleanField(
        label=_("Hand over the account’s role, too"),
        required=False,
        initial=True,
        help_text=_(
            "The role changes today. Without an account one is opened, and its one-time password is shown once."
        ),
    )

    def __init__(
        self, *args: Any, people: list[tuple[int, str]], may_give_role: bool, today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].choices = [("", _("Choose")), *people]  # type: ignore[attr-defined]
        self.fields["on"].initial = today
        if not may_give_role:
            del self.fields["with_role"]
