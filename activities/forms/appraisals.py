from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from activities.queries.attendances import Seat
from activities.rules.appraisals import AppraisalEntry, Grade, MemberEntry
from foundation.rules.numbers import small_integer

MOST_BALLOTS = 9_999


def _count(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        min_value=0,
        max_value=MOST_BALLOTS,
        required=False,
        label=label,
        widget=forms.NumberInput({"class": "figure-input", "inputmode": "numeric"}),
    )


class AppraisedForm(forms.Form):
    """The row of one member."""

    votes_excellent = _count(Grade.EXCELLENT.label)
    votes_qualified = _count(Grade.QUALIFIED.label)
    votes_basic = _count(Grade.BASIC.label)
    votes_unqualified = _count(Grade.UNQUALIFIED.label)
    grade = forms.ChoiceField(choices=[("", _("Not decided")), *Grade.choices], required=False, label=_("Grade"))

    def __init__(
        self,
        data: Any = None,
        *,
        person_id: int,
        name: str,
        shown: MemberEntry | None = None,
        is_probationary: bool = False,
    ) -> None:
        super().__init__(data, prefix=f"appraised-{person_id}", initial=vars(shown) if shown else None)
        self.person_id, self.name, self.is_probationary = person_id, name, is_probationary
        if is_probationary:
            del self.fields["grade"]
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{name} {field.label}"

    @property
    def vote_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name != "grade"]

    def entry(self) -> MemberEntry:
        data = self.cleaned_data if hasattr(self, "cleaned_data") else {}
        votes = {name: data.get(name) for name in self.fields if name != "grade"}
        return MemberEntry(self.person_id, grade=data.get("grade", ""), **votes)


class AppraisalForm(forms.Form):
    """The ballots of an appraisal; `rows` has one form for every member listed that day."""

    ballots_issued = _count(_("Ballots issued"))
    ballots_returned = _count(_("Ballots returned"))
    ballots_valid = _count(_("Valid ballots"))

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        entry: AppraisalEntry | None,
        seats: Iterable[Seat],
        candidates: Iterable[tuple[int, str]],
    ) -> None:
        super().__init__(data, prefix="appraisal", initial=vars(entry) if entry else None)
        self.shown = {row.person_id: row for row in entry.rows} if entry else {}
        self.seats = {seat.person_id: seat for seat in seats}
        self.candidates = dict(candidates)

    @cached_property
    def rows(self) -> list[AppraisedForm]:
        """Those on the sheet, and others of whom something is written already."""
        data = self.data if self.is_bound else None
        others = [pk for pk in self.typed if pk not in self.seats and pk in self.candidates]
        rows = [
            AppraisedForm(
                data,
                person_id=pk,
                name=seat.name,
                is_probationary=seat.is_probationary,
                shown=self.shown.get(pk),
            )
            for pk, seat in self.seats.items()
        ]
        return rows + [
            AppraisedForm(data, person_id=pk, name=self.candidates[pk], shown=self.shown.get(pk)) for pk in others
        ]

    @property
    def typed(self) -> dict[int, dict[str, str]]:
        """What was written of whom, by field."""
        if not self.is_bound:
            return {pk: {} for pk in self.shown}
        found: dict[int, dict[str, str]] = {}
        for key, value in self.data.items():
            prefix, _dash, rest = key.partition("-")
            text, _dash, name = rest.partition("-")
            pk = small_integer(text)
            if prefix == "appraised" and pk is not None and name in AppraisedForm.base_fields and value:
                found.setdefault(pk, {})[key] = value
        return found

    @property
    def set_aside(self) -> dict[str, str]:
        """What was typed of people not on the sheet of this day: kept in the page, in case the day was a slip."""
        known = self.seats.keys() | self.candidates.keys()
        return {key: value for pk, fields in self.typed.items() if pk not in known for key, value in fields.items()}

    def is_valid(self) -> bool:
        return all([super().is_valid(), *[row.is_valid() for row in self.rows]])

    def entry(self) -> AppraisalEntry:
        data = self.cleaned_data if hasattr(self, "cleaned_data") else {}
        return AppraisalEntry(
            **{name: data.get(name) for name in self.fields}, rows=tuple(row.entry() for row in self.rows)
        )
