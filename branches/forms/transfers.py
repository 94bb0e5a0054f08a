from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from branches.forms.members import IdentityField
from branches.models import Organisation
from branches.rules import roster_cells
from branches.rules.people import Category, Sex
from branches.rules.transfers import LETTER_VALID_DAYS
from foundation.forms import DayField


class AskForm(forms.Form):
    to_branch = forms.ModelChoiceField(
        label=_("New branch"), queryset=Organisation.objects.none(), required=False, empty_label=_("Choose")
    )
    code = forms.CharField(
        label=_("Code of the new branch"),
        max_length=40,
        required=False,
        help_text=_("Only for a branch that is not in the list; ask there for its code."),
    )
    on = DayField(label=_("First day in the new branch"))
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)
    at_once = forms.BooleanField(
        label=_("Arrange and accept at once"),
        required=False,
        help_text=_("Only where you also act for the new branch."),
    )

    def __init__(self, *args: Any, branches: Any, today: date, answers: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code, choice = self.fields["code"], self.fields["to_branch"]
        if branches.exists():
            choice.queryset = branches  # type: ignore[attr-defined]
            # One of the two is required: neither is marked optional.
            code.is_alternative = choice.is_alternative = True  # type: ignore[attr-defined]
        else:
            del self.fields["to_branch"]
            code.required = True
            code.help_text = _(
                "Ask the new branch for its code. The system does not check it; with a wrong code nobody receives this."
            )
        self.fields["on"].initial = today
        if not answers:
            del self.fields["at_once"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        chosen, code = values.setdefault("to_branch", None), values.get("code")
        if "to_branch" not in self.fields:
            return values
        if not chosen and not code and "to_branch" not in self.errors and "code" not in self.errors:
            self.add_error("to_branch", _("Choose the new branch, or type its code."))
        elif chosen and code:
            self.add_error("code", _("Choose a branch or type a code, not both."))
        return values


class AcceptForm(forms.Form):
    on = DayField(
        label=_("First day in the new branch"), help_text=_("The day asked for; change it if another day was agreed.")
    )


class RefuseForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=200, min_length=2, help_text=_("The branch that asked reads it.")
    )


class RevokeForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class ReceiptForm(forms.Form):
    on = DayField(label=_("Receipt came back on"))


class LetterForm(forms.Form):
    """A letter of introduction and the day from which it holds."""

    elsewhere = forms.CharField(label=_("Organisation elsewhere"), max_length=120)
    number = forms.CharField(label=_("Letter number"), max_length=80)
    written_on = DayField(label=_("Date of the letter"))
    valid_days = forms.IntegerField(
        label=_("Days the letter is valid"),
        min_value=1,
        max_value=LETTER_VALID_DAYS,
        initial=LETTER_VALID_DAYS,
        help_text=_("Normally at most 90 days."),
    )
    on = DayField(label=_("Effective from"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["written_on"].initial = self.fields["on"].initial = today


class SendOutForm(LetterForm):
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["elsewhere"].label = _("Goes to")
        self.fields["elsewhere"].help_text = _("The Party organisation, as on the letter.")
        self.fields["on"].label = _("No longer a member here from")


class TakeInForm(LetterForm):
    name = forms.CharField(label=_("Name"), max_length=60)
    sex = forms.ChoiceField(label=_("Sex"), choices=[("", _("Choose")), *Sex.choices])
    birth_date = DayField(label=_("Date of birth"), required=False)
    identity_number = IdentityField(label=_("Identity number"), max_length=24, required=False)
    category = forms.ChoiceField(label=_("Category"), choices=[("", _("Choose")), *Category.choices])
    joined_on = DayField(label=_("Joined the Party on"))
    full_on = DayField(label=_("Became a full member on"), required=False)

    field_order = [
        "name",
        "sex",
        "birth_date",
        "identity_number",
        "category",
        "joined_on",
        "full_on",
        "elsewhere",
        "number",
        "written_on",
        "valid_days",
        "on",
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["elsewhere"].label = _("Comes from")
        self.fields["elsewhere"].help_text = _("The Party organisation, as on the letter.")
        self.fields["on"].label = _("Member here from")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        values["name"] = roster_cells.name(values.get("name") or "")
        joined, full, on = values.get("joined_on"), values.get("full_on"), values.get("on")
        if joined and full and full < joined:
            self.add_error("full_on", _("A member becomes a full member after joining; compare the two days."))
        if joined and on and joined > on:
            self.add_error("joined_on", _("Somebody who comes by transfer joined before; compare the two days."))
        if values.get("category") == Category.PROBATIONARY and full and on and full <= on:
            self.add_error("category", _("With this day of becoming a full member the category is “full member”."))
        return values
