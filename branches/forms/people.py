from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from branches.models import PartyGroup
from branches.rules.people import Category
from foundation.forms import DayField


class RosterFilter(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60, required=False)
    category = forms.ChoiceField(label=_("Category"), choices=[("", _("All")), *Category.choices], required=False)
    on = DayField(label=_("As of"), required=False)


class RevealForm(forms.Form):
    reason = forms.CharField(
        label=_("What is the number needed for?"),
        max_length=200,
        min_length=4,
        help_text=_("The reason is kept on record with your name and the time."),
    )


class GroupChangeForm(forms.Form):
    group = forms.ModelChoiceField(
        label=_("Party group"), queryset=PartyGroup.objects.none(), required=False, empty_label=_("No party group")
    )
    on = DayField(label=_("Effective from"))

    def __init__(self, *args: Any, groups: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]
        self.fields["on"].initial = today
