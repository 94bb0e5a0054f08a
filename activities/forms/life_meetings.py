from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from activities.forms.rows import MOST_ROWS, RowFormSet
from activities.rules.life_meetings import CommitmentEntry, LifeMeetingEntry
from foundation.forms import DayField


class CommitmentForm(forms.Form):
    problem = forms.CharField(max_length=300, required=False, label=_("Problem"), widget=forms.Textarea({"rows": 2}))
    measure = forms.CharField(max_length=300, required=False, label=_("Measure"), widget=forms.Textarea({"rows": 2}))
    person = forms.TypedChoiceField(
        coerce=int,
        empty_value=None,
        required=False,
        label=_("Whose"),
        error_messages={"invalid_choice": _("Not on the roster of that day. Choose again.")},
    )
    due_on = DayField(
        required=False,
        label=_("To be done by"),
        error_messages={"invalid": _("This is not a day. Write it like 2020-10-26.")},
    )

    def __init__(self, *args: Any, candidates: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [("", _("The branch")), *candidates]  # type: ignore[attr-defined]

    def entry(self) -> CommitmentEntry:
        data = self.cleaned_data if hasattr(self, "cleaned_data") else {}
        return CommitmentEntry(
            problem=data.get("problem", ""),
            measure=data.get("measure", ""),
            person_id=data.get("person"),
            due_on=data.get("due_on"),
        )


CommitmentFormSet = forms.formset_factory(
    CommitmentForm, formset=RowFormSet, extra=1, max_num=MOST_ROWS, absolute_max=MOST_ROWS
)


class LifeMeetingForm(forms.Form):
    """What went before an organisational life meeting; `rows` are the problems found in it."""

    topic = forms.CharField(max_length=200, required=False, label=_("Topic set from above"))
    studied = forms.CharField(max_length=200, required=False, label=_("Studied beforehand"))
    opinions = forms.IntegerField(min_value=0, max_value=9_999, required=False, label=_("Opinions collected"))
    talks = forms.IntegerField(min_value=0, max_value=9_999, required=False, label=_("Talks beforehand"))

    def __init__(self, data: Any = None, *, entry: LifeMeetingEntry | None, candidates: Any) -> None:
        super().__init__(data, prefix="life_meeting", initial=vars(entry) if entry else None)
        shown = [vars(row) | {"person": row.person_id} for row in entry.rows] if entry else None
        self.rows = CommitmentFormSet(data, prefix="commitments", initial=shown, form_kwargs={"candidates": candidates})

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.rows.is_valid()])

    def entry(self) -> LifeMeetingEntry:
        data = self.cleaned_data if hasattr(self, "cleaned_data") else {}
        return LifeMeetingEntry(
            topic=data.get("topic", ""),
            studied=data.get("studied", ""),
            opinions=data.get("opinions"),
            talks=data.get("talks"),
            rows=tuple(form.entry() for form in self.rows),
        )
