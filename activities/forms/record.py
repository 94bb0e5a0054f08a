"""The whole form of a record: its parts put together, to and from `Content`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self

from django import forms
from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from activities.forms.activities import BasicsForm
from activities.forms.rows import GuestFormSet, ItemFormSet, LectureFormSet
from activities.models import ActivityKind
from activities.queries.activities import kinds_offered
from activities.queries.attendances import Seat, Sheet, sheet_on
from activities.queries.content import FOLLOWING, Usual, usual
from activities.rules.activities import Presence
from activities.rules.content import Content, Item, Mark
from branches.models import Organisation, Person
from foundation.rules.numbers import small_integer

LONGEST_REASON = 120


@dataclass(frozen=True)
class Tile:
    """One person on the attendance sheet as the page shows them."""

    seat: Seat
    mark: Mark
    error: str = ""

    @property
    def is_exception(self) -> bool:
        return self.mark.presence in (Presence.LEAVE, Presence.ABSENT)


class RecordForm:
    """Built from what is stored (`showing`) or from what was sent (`sent`); then `is_valid()` and `content()`."""

    def __init__(self, organisation: Organisation, kinds: list[ActivityKind], day: date, sheet: Sheet) -> None:
        self.organisation = organisation
        self.kinds = kinds
        self.day = day
        self.sheet = sheet
        self.marks: dict[int, Mark] = {}
        self.basics: BasicsForm
        self.agenda: forms.BaseFormSet
        self.lectures: forms.BaseFormSet
        self.guests: forms.BaseFormSet
        self.untouched: frozenset[str] = frozenset()

    @classmethod
    def showing(cls, organisation: Organisation, content: Content, sheet: Sheet | None = None) -> Self:
        offered = kinds_offered(organisation, keep=content.kinds)
        kinds = [kind for kind in offered if kind.code in content.kinds]
        assert content.held_on is not None
        sheet = sheet or sheet_on(organisation, content.held_on, kinds, content.group_id)
        sheet = _with_standing(sheet, content)
        self = cls(organisation, kinds, content.held_on, sheet)
        self.marks = {mark.person_id: mark for mark in content.marks}
        self.basics = BasicsForm(
            initial=BasicsForm.initial_from(content), organisation=organisation, kinds=offered, sheet=sheet
        )
        items = content.agenda or (Item(is_first_item=True),)
        self.agenda = ItemFormSet(prefix="agenda", initial=[vars(item) for item in items])
        self.lectures = LectureFormSet(
            prefix="lectures",
            initial=[vars(entry) | {"lecturers": entry.lecturer_ids} for entry in content.lectures],
            form_kwargs={"candidates": sheet.candidates},
        )
        self.guests = GuestFormSet(prefix="guests", initial=[vars(guest) for guest in content.guests])
        return self

    @classmethod
    def sent(cls, organisation: Organisation, data: QueryDict, today: date, stored: Content | None = None) -> Self:
        """`stored`: what the record said, so that its chair stays a choice though the roster has changed since."""
        offered = kinds_offered(organisation, keep=stored.kinds if stored else ())
        codes = set(data.getlist("kinds"))
        kinds = [kind for kind in offered if kind.code in codes]
        day = _parsed_day(data.get("held_on", "")) or today
        sheet = sheet_on(organisation, day, kinds, small_integer(data.get("group", "")))
        if stored:
            sheet = _with_standing(sheet, stored)
        self = cls(organisation, kinds, day, sheet)
        self.marks = {mark.person_id: mark for mark in _marks(data)}
        self.basics = BasicsForm(data, organisation=organisation, kinds=offered, sheet=sheet)
        self.agenda = ItemFormSet(data, prefix="agenda")
        self.lectures = LectureFormSet(data, prefix="lectures", form_kwargs={"candidates": sheet.candidates})
        self.guests = GuestFormSet(data, prefix="guests")
        sent = {name: data.get(name.removesuffix("_id"), "") for name in FOLLOWING}
        self.untouched = frozenset(name for name in FOLLOWING if sent[name] == data.get(f"usual-{name}", ""))
        return self

    @property
    def parts(self) -> tuple[Any, ...]:
        return (self.basics, self.agenda, self.lectures, self.guests)

    def is_valid(self) -> bool:
        """Whether every value can be understood; whether enough is there, the checks say."""
        understood = [part.is_valid() for part in self.parts]
        return all(understood) and not any(tile.error for tile in self.all_tiles)

    def content(self, *, keep_blank: bool = False) -> Content:
        """What was sent, as values; what could not be understood is left out.

        `keep_blank` keeps blank rows, for checks that point to places on the page.
        """
        for part in self.parts:
            part.is_valid()
        data = self.basics.cleaned_data
        on_sheet = {seat.person_id for seat in self.sheet.all_seats}
        return Content(
            kinds=tuple(kind.code for kind in self.kinds),
            group_id=data["group"].pk if data.get("group") else None,
            title=data.get("title", ""),
            held_on=data.get("held_on"),
            starts_at=data.get("starts_at"),
            ends_at=data.get("ends_at"),
            place=data.get("place", ""),
            chair_id=data.get("chair"),
            recorder_id=data.get("recorder"),
            minutes=data.get("minutes", ""),
            marks=tuple(mark for pk, mark in self.marks.items() if pk in on_sheet),
            guests=_entries(self.guests, keep_blank),
            agenda=_entries(self.agenda, keep_blank),
            lectures=_entries(self.lectures, keep_blank),
        )

    @property
    def tiles(self) -> list[Tile]:
        return [self._tile(seat) for seat in self.sheet.seats]

    @property
    def visitors(self) -> list[Tile]:
        return [self._tile(seat) for seat in self.sheet.visitors]

    @property
    def all_tiles(self) -> list[Tile]:
        return self.tiles + self.visitors

    @property
    def set_aside(self) -> list[Mark]:
        """Marks of people the chosen kinds do not ask for: kept in the page, in case the kind was a slip."""
        on_sheet = {seat.person_id for seat in self.sheet.all_seats}
        return [mark for pk, mark in self.marks.items() if pk not in on_sheet and mark.presence != Presence.UNRECORDED]

    @property
    def usual(self) -> Usual:
        return usual(self.organisation, self.kinds, self.day, self.sheet)

    def errors(self) -> list[tuple[str, str]]:
        """(text, anchor) of everything that could not be understood."""
        return list(self._errors())

    def _errors(self) -> Iterator[tuple[str, str]]:
        for form in (self.basics, *self.agenda, *self.lectures, *self.guests):
            for field in form:
                words = [_("{label}: {error}").format(label=field.label, error=error) for error in field.errors]
                yield from ((text, field.id_for_label or field.auto_id) for text in words)
        for rows in (self.agenda, self.lectures, self.guests):
            yield from ((str(text), "") for text in rows.non_form_errors())
        for tile in self.all_tiles:
            if tile.error:
                yield tile.error, f"reason-{tile.seat.person_id}"

    def _tile(self, seat: Seat) -> Tile:
        mark = self.marks.get(seat.person_id) or Mark(seat.person_id)
        too_long = len(mark.reason) > LONGEST_REASON
        words = {"name": seat.name, "limit": LONGEST_REASON}
        error = _("The reason of %(name)s is longer than %(limit)s characters. Shorten it.") % words if too_long else ""
        return Tile(seat, mark, error)


def _marks(data: QueryDict) -> Iterator[Mark]:
    for key, value in data.items():
        prefix, _dash, text = key.partition("-")
        pk = small_integer(text)
        if prefix == "presence" and pk is not None and value in Presence.values:
            reason = data.get(f"reason-{text}", "").strip() if value in (Presence.LEAVE, Presence.ABSENT) else ""
            yield Mark(pk, str(value), reason)


def _entries(rows: forms.BaseFormSet, keep_blank: bool) -> tuple[Any, ...]:  # noqa: FBT001
    entries = [form.entry() for form in rows]
    return tuple(entry for entry in entries if keep_blank or not entry.is_blank)


def _parsed_day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _with_standing(sheet: Sheet, content: Content) -> Sheet:
    """The sheet with those the record names among its choices: a corrected roster must not drop them silently."""
    named = {content.chair_id, content.recorder_id, *(pk for entry in content.lectures for pk in entry.lecturer_ids)}
    missing = {pk for pk in named if pk} - {pk for pk, _label in sheet.candidates}
    if not missing:
        return sheet
    people = Person.objects.filter(pk__in=missing).values_list("pk", "name")
    return replace(sheet, candidates=(*sheet.candidates, *people))
