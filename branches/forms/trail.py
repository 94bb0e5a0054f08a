from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from branches.rules.trail import GROUPS
from foundation.forms import DayField


class TrailFilter(forms.Form):
    person = forms.CharField(label=_("Who"), max_length=60, required=False)
    act = forms.ChoiceField(label=_("Kind of act"), choices=[("", _("All")), *GROUPS.items()], required=False)
    first = DayField(label=_("From"), required=False)
    last = DayField(label=_("Until"), required=False)

    @property
    def chosen(self) -> dict[str, Any]:
        """The filters that are set; one that cannot be read filters nothing and shows why."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
