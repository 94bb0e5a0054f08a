"""The forms of setting up a new system."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from branches.models import Organisation, Role
from branches.rules.accounts import roles_at
from branches.rules.organisations import OrganisationKind, kinds_under
from branches.rules.start import MOST_LINES, NAME_LENGTH, LineProblem, NamedLine, read_lines
from foundation.forms import DayField

LINE_PROBLEMS = {
    LineProblem.TOO_MANY: _("Line %(number)d: at most %(limit)d at once; add the others afterwards."),
    LineProblem.NO_NAME: _("Line %(number)d: write the name before the comma."),
    LineProblem.LONG_NAME: _("Line %(number)d: the name is longer than %(length)d characters; shorten it."),
    LineProblem.WRONG_CODE: _("Line %(number)d: a code has up to 40 letters, digits, hyphens and underscores."),
    LineProblem.TWICE: _("Line %(number)d: this name or code stands in an earlier line already."),
}


class _FoundedForm(forms.Form):
    on = DayField(label=_("Founded on"), help_text=_("Records and rosters may reach back to this day, not before it."))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise ValidationError(_("This day has not come yet."))
        return on


class TopForm(_FoundedForm):
    """The first organisation; a branch cannot be the top, since nobody could administer it."""

    kind = forms.ChoiceField(label=_("Kind"))
    name = forms.CharField(label=_("Full name"), max_length=120, help_text=_("As on the seal."))
    short_name = forms.CharField(
        label=_("Short name"), max_length=60, required=False, help_text=_("Left empty, the full name is used.")
    )
    code = forms.SlugField(
        label=_("Code"), max_length=40, help_text=_("Letters, digits and hyphens; it never changes.")
    )

    field_order = ["kind", "name", "short_name", "code", "on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [kind for kind in kinds_under(None) if Role.ADMINISTRATOR in roles_at(kind)]
        self.fields["kind"].choices = [("", _("Choose")), *_labelled(kinds)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        name = values.get("name", "")
        if name and not values.get("short_name"):
            if len(name) > NAME_LENGTH:
                self.add_error("short_name", _("The full name is long; give a short name of at most 60 characters."))
            values["short_name"] = name
        return values


class SeveralForm(_FoundedForm):
    """Several organisations of one kind under one above them, a line each."""

    parent = forms.ModelChoiceField(
        label=_("Organisation above"), queryset=Organisation.objects.none(), empty_label=None
    )
    kind = forms.ChoiceField(label=_("Kind"), initial=OrganisationKind.BRANCH)
    lines = forms.CharField(
        label=_("Names and codes, one a line"),
        widget=forms.Textarea({"rows": 8}),
        max_length=MOST_LINES * 110,
        strip=False,
        help_text=_("For example: First Party Branch, HY-01. Without a code one is made of the code above."),
    )

    field_order = ["parent", "kind", "lines", "on"]

    def __init__(self, *args: Any, parents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = parents  # type: ignore[attr-defined]
        kinds = [kind for kind in OrganisationKind.values if kind != OrganisationKind.WORK_COMMITTEE]
        self.fields["kind"].choices = _labelled(kinds)  # type: ignore[attr-defined]

    def clean_lines(self) -> list[NamedLine]:
        lines, problems = read_lines(self.cleaned_data["lines"])
        if not lines:
            raise ValidationError(_("Write at least one name."))
        values = {"limit": MOST_LINES, "length": NAME_LENGTH}
        errors = [ValidationError(LINE_PROBLEMS[what] % ({"number": number} | values)) for number, what in problems]
        if errors:
            raise ValidationError(errors)
        return lines


def _labelled(kinds: list[str]) -> list[tuple[str, Any]]:
    labels = dict(OrganisationKind.choices)
    return [(kind, labels[OrganisationKind(kind)]) for kind in kinds]
