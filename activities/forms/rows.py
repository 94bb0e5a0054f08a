"""Rows of a form that may be added and taken away: agenda items, lectures, non-member attendees."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.rules.activities import LectureMethod, VoteRule
from activities.rules.content import GuestEntry, Item, LectureEntry

MOST_ROWS = 40


class RowFormSet(forms.BaseFormSet):
    """All rows are extra rows: one that is blank, or taken out of the page, is simply not there."""

    def initial_form_count(self) -> int:
        return 0

    def total_form_count(self) -> int:
        if self.is_bound:
            return super().total_form_count()
        return max(len(self.initial or []), self.extra)


def _number(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        min_value=0,
        max_value=9_999,
        required=False,
        label=label,
        widget=forms.NumberInput({"class": "figure-input", "inputmode": "numeric"}),
    )


class ItemForm(forms.Form):
    title = forms.CharField(
        max_length=120,
        required=False,
        label=pgettext_lazy("agenda", "Item"),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    is_first_item = forms.BooleanField(
        required=False, label=_("First agenda item"), widget=forms.CheckboxInput({"class": "chip-input"})
    )
    minutes = forms.CharField(
        max_length=20_000, required=False, label=_("Main points"), widget=forms.Textarea({"rows": 3})
    )
    resolution = forms.CharField(
        max_length=20_000, required=False, label=_("Resolution"), widget=forms.Textarea({"rows": 2})
    )
    vote_rule = forms.ChoiceField(choices=VoteRule.choices, required=False, label=_("Vote"))
    votes_for = _number(pgettext_lazy("vote", "For"))
    votes_against = _number(pgettext_lazy("vote", "Against"))
    abstentions = _number(pgettext_lazy("vote", "Abstentions"))

    def entry(self) -> Item:
        data = self.cleaned_data if hasattr(self, "cleaned_data") else {}
        rule = data.get("vote_rule") or VoteRule.NONE
        return Item(
            title=data.get("title", ""),
            is_first_item=data.get("is_first_item", False),
            minutes=data.get("minutes", ""),
            resolution=data.get("resolution", ""),
            vote_rule=rule,
            votes_for=data.get("votes_for") if rule != VoteRule.NONE else None,
            votes_against=data.get("votes_against") if rule != VoteRule.NONE else None,
            abstentions=data.get("abstentions") if rule != VoteRule.NONE else None,
        )


class BaseItemFormSet(RowFormSet):
    def clean(self) -> None:
        first = [form for form in self.forms if getattr(form, "cleaned_data", {}).get("is_first_item")]
        for form in first[1:]:
            form.add_error("is_first_item", _("Only one item can be the first agenda item."))


class LecturersField(forms.TypedMultipleChoiceField):
    """Who lectured, of those on the roster of the day."""

    def __init__(self) -> None:
        super().__init__(
            coerce=int,
            required=False,
            label=_("Lecturers"),
            widget=forms.SelectMultiple({"data-tokens": ""}),
            error_messages={"invalid_choice": _("Not on the roster of that day. Choose again.")},
        )


class LectureForm(forms.Form):
    topic = forms.CharField(max_length=120, required=False, label=_("Topic of the lecture"))
    lecturers = LecturersField()
    other_lecturers = forms.CharField(max_length=120, required=False, label=_("Lecturers from elsewhere"))
    method = forms.ChoiceField(
        choices=LectureMethod.choices,
        initial=LectureMethod.LECTURE,
        required=False,
        label=pgettext_lazy("lecture", "Method"),
        widget=forms.RadioSelect,
    )
    duration = forms.IntegerField(
        min_value=1,
        max_value=999,
        required=False,
        label=_("Length in minutes"),
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, candidates: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lecturers"].choices = list(candidates)  # type: ignore[attr-defined]

    def entry(self) -> LectureEntry:
        data = self.cleaned_data if hasattr(self, "cleaned_data") else {}
        return LectureEntry(
            topic=data.get("topic", ""),
            method=data.get("method") or LectureMethod.LECTURE,
            duration=data.get("duration"),
            lecturer_ids=tuple(sorted(data.get("lecturers", []))),
            other_lecturers=data.get("other_lecturers", ""),
        )


class GuestForm(forms.Form):
    name = forms.CharField(max_length=60, required=False, label=_("Name"))
    title = forms.CharField(max_length=80, required=False, label=_("Unit and position"))

    def entry(self) -> GuestEntry:
        data = self.cleaned_data if hasattr(self, "cleaned_data") else {}
        return GuestEntry(data.get("name", ""), data.get("title", ""))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("title") and not data.get("name"):
            self.add_error("name", _("Write the name, too."))
        return data


class BaseGuestFormSet(RowFormSet):
    def clean(self) -> None:
        seen: set[str] = set()
        for form in self.forms:
            name = getattr(form, "cleaned_data", {}).get("name", "")
            if name and name in seen:
                form.add_error("name", _("This name is here twice. Tell the two apart, by their unit."))
            seen.add(name)


ItemFormSet = forms.formset_factory(
    ItemForm, formset=BaseItemFormSet, extra=1, max_num=MOST_ROWS, absolute_max=MOST_ROWS
)
LectureFormSet = forms.formset_factory(
    LectureForm, formset=RowFormSet, extra=1, max_num=MOST_ROWS, absolute_max=MOST_ROWS
)
GuestFormSet = forms.formset_factory(
    GuestForm, formset=BaseGuestFormSet, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS
)
