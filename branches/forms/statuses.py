from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from branches.forms.members import IdentityField
from branches.models import Membership, Organisation
from branches.rules import roster_cells
from branches.rules.people import Sex, StatusKind
from branches.rules.statuses import NEEDS_DOCUMENT
from foundation.forms import DayField


class BeginStatusForm(forms.Form):
    """The fields a circumstance asks for; those it does not are left out."""

    branch = forms.ModelChoiceField(
        label=_("In-flow branch"), queryset=Organisation.objects.none(), empty_label=_("Choose")
    )
    on = DayField(label=_("From"))
    until = DayField(label=_("Until"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=200)
    document_number = forms.CharField(label=_("Document number"), max_length=80, required=False)

    def __init__(self, *args: Any, kind: str, branches: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today
        self.fields["branch"].queryset = branches  # type: ignore[attr-defined]
        if kind != StatusKind.FLOW_IN:
            del self.fields["branch"]
        if kind in (StatusKind.SUSPENDED, StatusKind.LOST_CONTACT):
            del self.fields["until"]
        if kind in (StatusKind.FLOW_OUT, StatusKind.FLOW_IN, StatusKind.LOST_CONTACT):
            del self.fields["document_number"]
        if kind in NEEDS_DOCUMENT:
            self.fields["document_number"].required = True
        if kind == StatusKind.FLOW_OUT:
            self.fields["reason"].label = _("Where to, and why")
            self.fields["until"].label = _("Expected back after")
            self.fields["until"].help_text = _("Holds until this day; an earlier or later return is entered then.")
        if kind == StatusKind.LOST_CONTACT:
            self.fields["on"].label = _("No contact since")
            self.fields["reason"].label = _("How contact was sought")


class EndStatusForm(forms.Form):
    on = DayField(label=_("Last day"))
    document_number = forms.CharField(label=_("Document number"), max_length=80, required=False)

    def __init__(self, *args: Any, kind: str, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today
        if kind in NEEDS_DOCUMENT:
            self.fields["document_number"].required = True
        else:
            del self.fields["document_number"]


class GuestForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60)
    sex = forms.ChoiceField(label=_("Sex"), choices=[("", _("Choose")), *Sex.choices])
    identity_number = IdentityField(label=_("Identity number"), max_length=24, required=False)
    reason = forms.CharField(
        label=_("Branch the membership is kept at"), max_length=200, help_text=_("As on the floating member's card.")
    )
    on = DayField(label=_("From"))
    until = DayField(label=_("Until"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today

    def clean_name(self) -> str:
        return roster_cells.name(self.cleaned_data["name"])


class EndMembershipForm(forms.Form):
    on = DayField(label=_("Last day of membership"))
    document_number = forms.CharField(label=_("Document number"), max_length=80)

    def __init__(self, *args: Any, kind: str, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today
        if kind == Membership.End.DECEASED:
            self.fields["on"].label = _("Died on")
            del self.fields["document_number"]
