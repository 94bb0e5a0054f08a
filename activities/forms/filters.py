from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.models import ActivityKind
from activities.models.activities import ActivityQuerySet
from activities.rules.activities import State
from foundation.forms import DayField

SHOWN = [State.DRAFT, State.RETURNED, State.SUBMITTED, State.ACCEPTED]


class ActivityFilterForm(forms.Form):
    """Filters of the list. A value nobody offered filters nothing."""

    kind = forms.ModelChoiceField(
        ActivityKind.objects.filter(is_active=True),
        to_field_name="code",
        required=False,
        label=_("Kind of activity"),
        empty_label=_("All kinds"),
    )
    state = forms.ChoiceField(
        choices=[
            ("", _("All states")),
            ("counting", _("Counted: in review or accepted")),
            *((state.value, state.label) for state in SHOWN),
        ],
        required=False,
        label=_("State"),
    )
    year = forms.IntegerField(required=False, label=_("Year"), min_value=2000, max_value=2099)
    month = DayField(
        required=False,
        label=_("Month"),
        input_formats=["%Y-%m"],
        widget=forms.DateInput({"type": "month", "placeholder": "2020-10"}, format="%Y-%m"),
    )
    q = forms.CharField(
        required=False, max_length=60, label=_("Theme or place"), widget=forms.TextInput({"type": "search"})
    )

    def applied_to(self, activities: ActivityQuerySet) -> ActivityQuerySet:
        """What the filters leave, whatever is looked for in words."""
        self.is_valid()
        values: dict[str, Any] = self.cleaned_data
        if values.get("kind"):
            activities = activities.filter(kinds=values["kind"])
        if values.get("state") == "counting":
            activities = activities.counting()
        elif values.get("state"):
            activities = activities.filter(state=values["state"])
        if values.get("year"):
            activities = activities.filter(held_on__year=values["year"])
        month: date | None = values.get("month")
        if month:
            activities = activities.filter(held_on__year=month.year, held_on__month=month.month)
        return activities

    def found_in(self, activities: ActivityQuerySet) -> ActivityQuerySet:
        """What the filters and the words looked for leave."""
        activities = self.applied_to(activities)
        values: dict[str, Any] = self.cleaned_data
        for word in values.get("q", "").split():
            activities = activities.filter(Q(title__icontains=word) | Q(place__icontains=word))
        return activities

    @property
    def is_filtering(self) -> bool:
        return any(getattr(self, "cleaned_data", {}).values())
