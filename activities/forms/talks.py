from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from activities.forms.rows import MOST_ROWS, RowFormSet
from activities.rules.talks import TalkEntry
from foundation.forms import DayField


def _person(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        coerce=int,
        empty_value=None,
        required=False,
        label=label,
        error_messages={"invalid_choice": _("Not on the roster of that day. Choose again.")},
    )


class TalkForm(forms.Form):
    """One talk; half a pair cannot be kept, so it is told at once."""

    first = _person(_("Who held the talk"))
    second = _person(_("With whom"))
    held_on = DayField(
        required=False,
        label=_("Day of the talk"),
        error_messages={"invalid": _("This is not a day. Write it like 2020-10-26.")},
    )
    points = forms.CharField(max_length=400, required=False, label=_("Main points"), widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, candidates: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first", "second"):
            self.fields[name].choices = [("", _("Choose")), *candidates]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, second = data.get("first"), data.get("second")
        if "first" in self.errors or "second" in self.errors:
            return data
        if first is not None and first == second:
            self.add_error("second", _("Nobody talks with themselves. Choose somebody else."))
        elif any(data.get(name) for name in self.fields) and None in (first, second):
            self.add_error("first" if first is None else "second", _("Choose both people, or take the row out."))
        return data

    def entry(self) -> TalkEntry:
        data = self.cleaned_data if hasattr(self, "cleaned_data") else {}
        return TalkEntry(data.get("first"), data.get("second"), data.get("held_on"), data.get("points", ""))


TalkFormSet = forms.formset_factory(TalkForm, formset=RowFormSet, extra=1, max_num=MOST_ROWS, absolute_max=MOST_ROWS)
