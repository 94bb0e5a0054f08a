from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from branches.models import Organisation, User
from foundation.forms import DayField


class LeaderChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.username}"


class ContactPointForm(forms.Form):
    """Who guides which branch, from a day, perhaps to a day."""

    account = LeaderChoice(
        User.objects.none(),
        label=_("Contact leader"),
        empty_label=_("Choose a leader"),
        help_text=_("Accounts with a role at this organisation or below. Others are opened by an administrator first."),
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Branch"), empty_label=_("Choose a branch")
    )
    starts_on = DayField(label=_("From"))
    ends_on = DayField(label=_("Until"), required=False, help_text=_("Leave empty if it is not known yet."))

    def __init__(self, *args: Any, leaders: QuerySet[User], branches: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = leaders  # type: ignore[attr-defined]
        self.fields["organisation"].queryset = branches  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """The last day of an assignment; without one it ends at once."""

    last_day = DayField(
        label=_("Last day"),
        required=False,
        help_text=_("Left empty, it ends at once: yesterday was the last day."),
    )
