from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from branches.models import Organisation, PartyGroup, Person, Post
from branches.rules.organisations import OrganisationKind, kinds_under
from foundation.forms import DayField


class DayFilter(forms.Form):
    """The day a page is to be seen as of. A day that is none shows today."""

    on = DayField(label=_("As of"), required=False)

    @property
    def day(self) -> date | None:
        return self.cleaned_data.get("on") if self.is_valid() else None


class ActForm(forms.Form):
    """An act that holds from a day, on a paper."""

    on = DayField(label=_("Effective from"))
    document_number = forms.CharField(label=_("Document number"), max_length=80, required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today

    field_order: list[str] | None = None


class FoundForm(ActForm):
    kind = forms.ChoiceField(label=_("Kind"))
    name = forms.CharField(label=_("Full name"), max_length=120, help_text=_("As on the seal."))
    short_name = forms.CharField(
        label=_("Short name"), max_length=60, help_text=_("As it is called every day, e.g. Third Party Branch.")
    )
    code = forms.SlugField(
        label=_("Code"), max_length=40, help_text=_("Letters, digits and hyphens; it never changes.")
    )
    is_joint = forms.BooleanField(label=_("Joint branch"), required=False)
    is_temporary = forms.BooleanField(label=_("Temporary branch"), required=False)
    is_retired = forms.BooleanField(label=_("Branch of retired members"), required=False)

    field_order = ["kind", "name", "short_name", "code", "on", "document_number"]

    def __init__(self, *args: Any, parent: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(OrganisationKind.choices)
        kinds = kinds_under(parent.kind)
        self.fields["kind"].choices = [("", _("Choose")), *((kind, labels[kind]) for kind in kinds)]  # type: ignore[attr-defined]
        if OrganisationKind.BRANCH in kinds:
            self.fields["kind"].initial = OrganisationKind.BRANCH


class RenameForm(ActForm):
    name = forms.CharField(label=_("Full name"), max_length=120)
    short_name = forms.CharField(label=_("Short name"), max_length=60)

    field_order = ["name", "short_name", "on", "document_number"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        names = ("name", "short_name")
        if all(name in data for name in names) and not {*names} & {*self.changed_data}:
            self.add_error("name", _("This is the name it bears already."))
        return data


class MoveForm(ActForm):
    parent = forms.ModelChoiceField(
        label=_("New organisation above"), queryset=Organisation.objects.none(), empty_label=_("Choose")
    )

    field_order = ["parent", "on", "document_number"]

    def __init__(self, *args: Any, parents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = parents  # type: ignore[attr-defined]


class RevokeForm(ActForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = _("Last day")
        self.fields["document_number"].required = True


class TermForm(ActForm):
    expires_on = DayField(label=_("Term ends on"))
    has_committee = forms.BooleanField(
        label=_("With a branch committee"),
        required=False,
        help_text=_("Asked for from 7 full members (Regulations on the Work of Branches, article 20)."),
    )

    field_order = ["on", "expires_on", "has_committee", "document_number"]


class GroupForm(forms.Form):
    name = forms.CharField(label=_("Name of the group"), max_length=40, help_text=_("For example First Party Group."))
    on = DayField(label=_("Formed on"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today


class AppointForm(ActForm):
    person = forms.ModelChoiceField(label=_("Member"), queryset=Person.objects.none(), empty_label=_("Choose"))
    post = forms.ChoiceField(label=_("Post"), choices=[("", _("Choose")), *Post.choices])
    group = forms.ModelChoiceField(
        label=_("Party group"),
        queryset=PartyGroup.objects.none(),
        required=False,
        empty_label=_("Choose"),
        help_text=_("Only for a group leader."),
    )

    field_order = ["person", "post", "group", "on", "document_number"]

    def __init__(self, *args: Any, people: Any, groups: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]


class RelieveForm(ActForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = _("Last day of the post")


def show_refusal(form: forms.Form, error: ValidationError) -> None:
    """Put the words of an action's refusal at the fields of the form they speak of."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
