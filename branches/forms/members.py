from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.models import Education, Nation, Office, Organisation, PartyGroup, Person
from branches.rules import identity_numbers, roster_cells
from branches.rules.members import Entry
from branches.rules.people import Category, Precision, Sex
from branches.rules.problems import REFUSALS
from foundation.forms import DayField

FACTS = (
    "name", "identity_number", "nation", "education", "native_place", "phone", "home_address", "position_title",
    "category", "joined_on", "joined_on_precision", "full_on", "full_on_precision",
)  # fmt: skip


class BranchField(forms.ModelChoiceField):
    def label_from_instance(self, organisation: Any) -> str:
        return str(organisation.name)


class PhoneField(forms.CharField):
    """A telephone number as the roster import reads it."""

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if not text:
            return ""
        number = roster_cells.phone(text)
        if number is None:
            raise ValidationError(_("This is not a telephone number. Write 11 digits, or area code and number."))
        return number


class IdentityField(forms.CharField):
    """An identity number of GB 11643, sound."""

    def clean(self, value: Any) -> str:
        number = roster_cells.identity_number(str(super().clean(value)))
        problem = identity_numbers.problem_of(number) if number else ""
        if problem:
            raise ValidationError(str(REFUSALS[problem]) % {"length": len(number)})
        return number


class PrecisionField(forms.ChoiceField):
    """How exactly the papers tell a day; what they do not tell is not kept."""

    def __init__(self, label: Any) -> None:
        super().__init__(
            label=label,
            choices=Precision.choices,
            required=False,
            help_text=gettext_lazy("If only month or year are known, choose any day in it."),
        )


class EnterForm(forms.Form):
    """A member by hand; at an organisation above branches it asks for the branch, too."""

    branch = BranchField(
        label=gettext_lazy("Branch"), queryset=Organisation.objects.none(), empty_label=gettext_lazy("Choose")
    )
    entry = forms.ChoiceField(
        label=gettext_lazy("How the member comes onto the roster"), choices=Entry.choices, widget=forms.RadioSelect
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    identity_number = IdentityField(
        label=gettext_lazy("Identity number"),
        max_length=40,
        help_text=gettext_lazy("18 characters; date of birth and sex are taken from it."),
    )
    is_another = forms.BooleanField(label=gettext_lazy("It is another person of the same name"))
    on = DayField(
        label=gettext_lazy("From"),
        help_text=gettext_lazy(
            "Newly admitted: the day of the members’ meeting. Missing so far: the first day in this branch."
        ),
    )
    document_number = forms.CharField(
        label=gettext_lazy("Document number"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("For an admission that of the approval by the committee above."),
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Category"),
        choices=[(key, label) for key, label in Category.choices],
        required=False,
        help_text=gettext_lazy("Only for a member missing so far; who is newly admitted is probationary."),
    )
    joined_on = DayField(
        label=gettext_lazy("Joined the Party on"),
        required=False,
        help_text=gettext_lazy("Only for a member missing so far."),
    )
    full_on = DayField(
        label=gettext_lazy("Became a full member on"),
        required=False,
        help_text=gettext_lazy("Only for a full member missing so far."),
    )
    joined_on_precision = PrecisionField(gettext_lazy("Day of joining known to the"))
    full_on_precision = PrecisionField(gettext_lazy("Day of full membership known to the"))
    group = forms.ModelChoiceField(
        label=gettext_lazy("Party group"),
        queryset=PartyGroup.objects.none(),
        required=False,
        empty_label=gettext_lazy("No party group"),
    )
    nation = forms.ModelChoiceField(
        label=gettext_lazy("Ethnic group"),
        queryset=Nation.objects.filter(is_active=True),
        required=False,
        empty_label=gettext_lazy("Not stated"),
    )
    native_place = forms.CharField(label=gettext_lazy("Native place"), max_length=60, required=False)
    education = forms.ModelChoiceField(
        label=gettext_lazy("Education"),
        queryset=Education.objects.filter(is_active=True),
        required=False,
        empty_label=gettext_lazy("Not stated"),
    )
    position_title = forms.CharField(label=gettext_lazy("Position"), max_length=80, required=False)
    phone = PhoneField(label=gettext_lazy("Phone"), max_length=40, required=False)
    home_address = forms.CharField(label=gettext_lazy("Home address"), max_length=120, required=False)

    def __init__(
        self, *args: Any, branches: Any, groups: Any, namesakes: list[Person], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today
        for name in ("document_number", "category", "joined_on"):  # required by the entry chosen: not marked optional
            self.fields[name].is_alternative = True  # type: ignore[attr-defined]
        if branches is None:
            del self.fields["branch"]
            self.fields["group"].queryset = groups  # type: ignore[attr-defined]
        else:
            self.fields["branch"].queryset = branches  # type: ignore[attr-defined]
            del self.fields["group"]
        if not namesakes:
            del self.fields["is_another"]
            return
        known = format_html_join(_("; "), "{}", ((words_of(person),) for person in namesakes))
        self.fields["is_another"].help_text = format_html("{} {}", _("On record in the branch:"), known)
        self.fields["is_another"].error_messages["required"] = _(
            "The branch has a member of this name already. If it is the same person, open the member’s page instead; "
            "if not, tick this."
        )

    def clean_name(self) -> str:
        return roster_cells.name(self.cleaned_data["name"])

    @property
    def values(self) -> dict[str, Any]:
        """What `branches.actions.members.enter_member` asks for, but for the branch."""
        cleaned = self.cleaned_data
        rest = {key: cleaned[key] for key in ("entry", "on", "document_number")}
        return rest | {
            "facts": {key: cleaned.get(key) for key in FACTS},
            "group": cleaned.get("group"),
            "is_another": bool(cleaned.get("is_another")),
        }


def words_of(person: Person) -> str:
    """A namesake, told apart by the year of birth and of joining."""
    years = []
    if person.birth_date:
        years.append(_("born in %(year)s") % {"year": person.birth_date.year})
    if person.joined_on:
        years.append(_("joined the Party in %(year)s") % {"year": person.joined_on.year})
    return _(", ").join([person.name, *years])


class DetailsForm(forms.Form):
    """What may change about a member. Every field is empty at first, and what stays empty stays as it is."""

    phone = PhoneField(label=gettext_lazy("Phone"), max_length=40, required=False)
    home_address = forms.CharField(label=gettext_lazy("Home address"), max_length=120, required=False)
    position_title = forms.CharField(label=gettext_lazy("Position"), max_length=80, required=False)
    education = forms.ModelChoiceField(
        label=gettext_lazy("Education"),
        queryset=Education.objects.filter(is_active=True),
        required=False,
        empty_label=gettext_lazy("Unchanged"),
    )
    office = forms.ModelChoiceField(
        label=gettext_lazy("Office"),
        queryset=Office.objects.none(),
        required=False,
        empty_label=gettext_lazy("Unchanged"),
    )
    group = forms.ModelChoiceField(
        label=gettext_lazy("Party group"),
        queryset=PartyGroup.objects.none(),
        required=False,
        empty_label=gettext_lazy("Unchanged"),
    )
    on = DayField(label=gettext_lazy("Effective from"), help_text=gettext_lazy("Counts for office and party group."))
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60, required=False)
    sex = forms.ChoiceField(
        label=gettext_lazy("Sex"),
        choices=[("", gettext_lazy("Unchanged")), *((key, word) for key, word in Sex.choices if key != Sex.UNKNOWN)],
        required=False,
    )
    birth_date = DayField(label=gettext_lazy("Date of birth"), required=False)
    birth_date_precision = PrecisionField(gettext_lazy("Day of birth known to the"))
    nation = forms.ModelChoiceField(
        label=gettext_lazy("Ethnic group"),
        queryset=Nation.objects.filter(is_active=True),
        required=False,
        empty_label=gettext_lazy("Unchanged"),
    )
    native_place = forms.CharField(label=gettext_lazy("Native place"), max_length=60, required=False)
    joined_on = DayField(label=gettext_lazy("Joined the Party on"), required=False)
    joined_on_precision = PrecisionField(gettext_lazy("Day of joining known to the"))
    full_on = DayField(label=gettext_lazy("Became a full member on"), required=False)
    full_on_precision = PrecisionField(gettext_lazy("Day of full membership known to the"))
    reason = forms.CharField(
        label=gettext_lazy("Reason of the correction"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "Required when name, sex, birth, ethnic group, native place or a day in the Party is corrected. "
            "The identity number cannot be corrected here."
        ),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(
        self, *args: Any, present: dict[str, str], offices: Any, groups: Any, today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = offices  # type: ignore[attr-defined]
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]
        self.fields["on"].initial = today
        self.fields["reason"].is_alternative = True  # type: ignore[attr-defined]  # required with some: not marked
        for name, words in present.items():
            self.fields[name].help_text = format_html("{}{}", _("At present: "), words or "—")

    def clean_name(self) -> str:
        return roster_cells.name(self.cleaned_data["name"])
