"""Which records of a member are listed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.models import ActivityKind
from reports.rules.person_files import Part


class RecordsFilter(forms.Form):
    """Filters of the list behind a number. A value nobody offered filters nothing."""

    part = forms.ChoiceField(
        label=pgettext_lazy("member's file", "Part"), choices=[("", _("All")), *Part.choices], required=False
    )
    kind = forms.ModelChoiceField(
        ActivityKind.objects.all(),
        to_field_name="code",
        required=False,
        label=_("Kind of activity"),
        empty_label=_("All kinds"),
    )
    year = forms.IntegerField(label=_("Year"), min_value=1900, max_value=2100, required=False)

    @property
    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
