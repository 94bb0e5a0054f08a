"""Forms of merging, splitting and revoking."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from branches.forms.organisations import ActForm
from branches.models import Office, Organisation, PartyGroup, Person

NEW_BRANCH = ("name", "short_name", "code")


class NewBranchForm(ActForm):
    """An act from which a newly founded branch may come."""

    name = forms.CharField(label=_("Full name of the new branch"), max_length=120, help_text=_("As on the seal."))
    short_name = forms.CharField(label=_("Short name"), max_length=60)
    code = forms.SlugField(
        label=_("Code"), max_length=40, help_text=_("Letters, digits and hyphens; it never changes.")
    )
    is_joint = forms.BooleanField(label=_("Joint branch"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = _("First day in the new branch")
        self.fields["document_number"].required = True
        self.fields["document_number"].label = _("Approval number")

    @property
    def new_branch(self) -> dict[str, Any]:
        return {key: self.cleaned_data[key] for key in (*NEW_BRANCH, "is_joint", "on", "document_number")}


class MergeForm(NewBranchForm):
    into = forms.ModelChoiceField(
        label=_("Merge into"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("A branch to be founded"),
    )
    others = forms.ModelMultipleChoiceField(
        label=_("Merged together with it"),
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    field_order = ["into", *NEW_BRANCH, "is_joint", "others", "on", "document_number"]

    def __init__(self, *args: Any, branches: Any, siblings: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = branches  # type: ignore[attr-defined]
        self.fields["others"].queryset = siblings  # type: ignore[attr-defined]
        for name in NEW_BRANCH:
            self.fields[name].required = False
        self.fields["name"].help_text = _("Only for a branch to be founded, as on its seal.")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        into = values.get("into")
        if into is not None and into in (values.get("others") or ()):
            self.add_error("others", _("The branch the others are merged into cannot be merged itself."))
        if into is None and "into" not in self.errors:
            for name in NEW_BRANCH:
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, _("The branch to be founded needs this; or choose one that stands."))
        return values


class SplitForm(NewBranchForm):
    people = forms.ModelMultipleChoiceField(
        label=_("Members who go"), queryset=Person.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    offices = forms.ModelMultipleChoiceField(
        label=_("Whole offices"),
        queryset=Office.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Their members go along."),
    )
    groups = forms.ModelMultipleChoiceField(
        label=_("Whole party groups"),
        queryset=PartyGroup.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Their members go along and keep the group."),
    )

    field_order = ["people", "offices", "groups", *NEW_BRANCH, "is_joint", "on", "document_number"]

    def __init__(self, *args: Any, people: Any, offices: Any, groups: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("people", people), ("offices", offices), ("groups", groups)):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
            if name != "people" and not rows.exists():
                del self.fields[name]
