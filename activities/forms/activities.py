from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.models import ActivityKind
from activities.queries.attendances import Sheet
from activities.rules.content import Content
from activities.rules.years import years_offered
from branches.models import Organisation, PartyGroup
from foundation.forms import DayField


class KindChips(forms.CheckboxSelectMultiple):
    """Every chip says which parts of the form its kind opens."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-blocks"] = " ".join(value.instance.blocks)
        option["attrs"]["data-body"] = value.instance.body
        return option


class BranchesField(forms.TypedMultipleChoiceField):
    """Branches below the organisation that holds the activity."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, widget=forms.CheckboxSelectMultiple, **kwargs)
        self.error_messages["invalid_choice"] = _("This branch is not below the organisation that day. Choose again.")


class BasicsForm(forms.Form):
    """What, when, where, who presided. What a draft may lack, `activities.rules.checks` asks for on submission."""

    kinds = forms.ModelMultipleChoiceField(
        ActivityKind.objects.none(),
        to_field_name="code",
        required=False,
        label=_("Kinds of activity"),
        widget=KindChips,
        error_messages={"invalid_choice": _("This kind is not held here. Choose another one.")},
    )
    group = forms.ModelChoiceField(
        PartyGroup.objects.none(), required=False, label=_("Party group"), empty_label=_("Choose")
    )
    taking_part = BranchesField(required=False, label=_("Branches taking part"))
    people_from = BranchesField(required=False, label=_("People also from"))
    belongs_to_year = forms.TypedChoiceField(
        coerce=int, empty_value=None, required=False, label=_("Year it belongs to")
    )
    title = forms.CharField(
        max_length=120, required=False, label=_("Theme"), widget=forms.TextInput({"autocomplete": "off"})
    )
    held_on = DayField(
        label=_("Day held"),
        error_messages={
            "required": _("Enter the day it was held."),
            "invalid": _("This is not a day. Write it like 2020-10-26."),
        },
    )
    starts_at = forms.TimeField(
        required=False,
        label=pgettext_lazy("time", "From"),
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("This is not a time. Write it like 15:00.")},
    )
    ends_at = forms.TimeField(
        required=False,
        label=pgettext_lazy("time", "Until"),
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("This is not a time. Write it like 15:00.")},
    )
    place = forms.CharField(max_length=80, required=False, label=_("Place"))
    chair = forms.TypedChoiceField(coerce=int, empty_value=None, required=False, label=_("Chair"))
    recorder = forms.TypedChoiceField(
        coerce=int, empty_value=None, required=False, label=pgettext_lazy("of a record", "Recorder")
    )
    minutes = forms.CharField(max_length=20_000, required=False, label=_("Minutes"), widget=forms.Textarea({"rows": 5}))

    def __init__(
        self,
        *args: Any,
        organisation: Organisation,
        kinds: Any,
        sheet: Sheet,
        day: date,
        choices: Iterable[Organisation] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].queryset = kinds  # type: ignore[attr-defined]
        self.fields["group"].queryset = PartyGroup.objects.filter(  # type: ignore[attr-defined]
            pk__in=[group.pk for group in sheet.groups]
        )
        self.is_joint = not organisation.is_branch
        branches = [(branch.pk, branch.short_name) for branch in choices] if choices else []
        for name in ("taking_part", "people_from"):
            self.fields[name].choices = branches  # type: ignore[attr-defined]
        self.fields["belongs_to_year"].choices = [(year, str(year)) for year in years_offered(day)]  # type: ignore[attr-defined]
        people = [("", _("Choose")), *sheet.candidates]
        for name in ("chair", "recorder"):
            self.fields[name].choices = people  # type: ignore[attr-defined]
            self.fields[name].error_messages["invalid_choice"] = _("Not on the roster of that day. Choose again.")

    @staticmethod
    def initial_from(content: Content) -> dict[str, Any]:
        names = ("title", "held_on", "starts_at", "ends_at", "place", "minutes")
        return {name: getattr(content, name) for name in names} | {
            "kinds": list(content.kinds),
            "group": content.group_id,
            "chair": content.chair_id,
            "recorder": content.recorder_id,
            "taking_part": list(content.taking_part),
            "people_from": list(content.people_from),
            "belongs_to_year": content.belongs_to_year,
        }
