"""The whole form of a record: its parts put together, to and from `Content`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django import forms
from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from activities.forms.activities import BasicsForm
from activities.forms.blocks import BLOCK_FORMS, Part, rows_in, written_only
from activities.forms.rows import GuestFormSet, ItemFormSet, LectureFormSet
from activities.models import ActivityKind
from activities.queries.activities import kinds_offered
from activities.queries.attendances import Seat, Sheet, sheet_on
from activities.queries.content import FOLLOWING, Usual, branches_offered, sheet_of, usual, with_standing
from activities.rules.activities import Block, Body, Presence
from activities.rules.content import Content, Item, Mark
from branches.models import Organisation
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
        self.blocks: dict[str, Part] = {}
        self.untouched: frozenset[str] = frozenset()
        self.had_marks = False

    @classmethod
    def showing(cls, organisation: Organisation, content: Content, sheet: Sheet | None = None) -> Self:
        offered = kinds_offered(organisation, keep=content.kinds)
        kinds = [kind for kind in offered if kind.code in content.kinds]
        assert content.held_on is not None
        sheet = sheet or sheet_of(organisation, content, kinds)
        sheet = with_standing(sheet, content)
        self = cls(organisation, kinds, content.held_on, sheet)
        self.marks = {mark.person_id: mark for mark in content.marks}
        self.basics = BasicsForm(
            initial=BasicsForm.initial_from(content),
            organisation=organisation,
            kinds=offered,
            sheet=sheet,
            day=content.held_on,
            choices=branches_offered(organisation, content.held_on, content),
        )
        items = content.agenda or (Item(is_first_item=True),)
        self.agenda = ItemFormSet(prefix="agenda", initial=[vars(item) for item in items])
        self.lectures = LectureFormSet(
            prefix="lectures",
            initial=[vars(entry) | {"lecturers": entry.lecturer_ids} for entry in content.lectures],
            form_kwargs={"candidates": sheet.candidates},
        )
        self.guests = GuestFormSet(prefix="guests", initial=[vars(guest) for guest in content.guests])
        self.blocks = {
            block: parts.build(sheet, None, getattr(content, parts.field)) for block, parts in BLOCK_FORMS.items()
        }
        return self

    @classmethod
    def sent(cls, organisation: Organisation, data: QueryDict, today: date, stored: Content | None = None) -> Self:
        """`stored`: what the record said, so that its chair stays a choice though the roster has changed since."""
        offered = kinds_offered(organisation, keep=stored.kinds if stored else ())
        codes = set(data.getlist("kinds"))
        kinds = [kind for kind in offered if kind.code in codes]
        day = _parsed_day(data.get("held_on", "")) or today
        choices = branches_offered(organisation, day, stored)
        offered_keys = {branch.pk for branch in choices}
        sheet = sheet_on(
            organisation,
            day,
            kinds,
            small_integer(data.get("group", "")),
            taking_part=offered_keys.intersection(_keys(data, "taking_part")),
            people_from=offered_keys.intersection(_keys(data, "people_from")),
        )
        if stored:
            sheet = with_standing(sheet, stored)
        self = cls(organisation, kinds, day, sheet)
        self.marks = {mark.person_id: mark for mark in _marks(data)}
        before = stored.marks if stored else ()
        self.had_marks = any(mark.presence != Presence.UNRECORDED for mark in (*self.marks.values(), *before))
        self.basics = BasicsForm(
            data,
            organisation=organisation,
            kinds=offered,
            sheet=sheet,
            day=day,
            choices=choices,
        )
        self.agenda = ItemFormSet(data, prefix="agenda")
        self.lectures = LectureFormSet(data, prefix="lectures", form_kwargs={"candidates": sheet.candidates})
        self.guests = GuestFormSet(data, prefix="guests")
        self.blocks = {block: parts.build(sheet, data, None) for block, parts in BLOCK_FORMS.items()}
        sent = {name: data.get(name.removesuffix("_id"), "") for name in FOLLOWING}
        # What was saved is never replaced: on a stored record only what is blank follows.
        self.untouched = frozenset(
            name for name in FOLLOWING if sent[name] == ("" if stored else data.get(f"usual-{name}", ""))
        )
        return self

    @property
    def parts(self) -> tuple[Any, ...]:
        """What is understood: a part that no chosen kind opens is not looked at."""
        return (self.basics, *self.open_rows, *self.open_blocks.values())

    @property
    def open_rows(self) -> list[forms.BaseFormSet]:
        rows = ((Block.AGENDA, self.agenda), (Block.LECTURE, self.lectures))
        return [*(formset for block, formset in rows if self._opens(block)), self.guests]

    @property
    def open_blocks(self) -> dict[str, Part]:
        wanted = {block for kind in self.kinds for block in kind.blocks}
        return {block: part for block, part in self.blocks.items() if block in wanted}

    def _opens(self, block: str) -> bool:
        """Whether a kind opens this part; as long as none is chosen, what was typed waits for it."""
        return not self.kinds or any(block in kind.blocks for kind in self.kinds)

    def is_valid(self) -> bool:
        """Whether every value can be understood; whether enough is there, the checks say."""
        understood = [part.is_valid() for part in self.parts]
        return all(understood) and not self.loses_marks and not any(tile.error for tile in self.all_tiles)

    @property
    def loses_marks(self) -> bool:
        """Whether saving would drop all attendance, only because the roster of the day typed is empty."""
        group_known = self.basics["group"].value() or all(kind.body != Body.GROUP for kind in self.kinds)
        return bool(self.had_marks and self.kinds and group_known and self.sheet.is_empty)

    def content(self, *, keep_blank: bool = False) -> Content:
        """What was sent, as values; what could not be understood is left out.

        `keep_blank` keeps blank rows, for checks that point to places on the page.
        """
        for part in self.parts:
            part.is_valid()
        data = self.basics.cleaned_data
        on_sheet = {seat.person_id for seat in self.sheet.all_seats}
        taking_part = {*data.get("taking_part", ())}
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
            agenda=_entries(self.agenda, keep_blank) if self._opens(Block.AGENDA) else (),
            lectures=_entries(self.lectures, keep_blank) if self._opens(Block.LECTURE) else (),
            belongs_to_year=data.get("belongs_to_year") if any(kind.is_annual for kind in self.kinds) else None,
            # By number, as they are read from the record: the order on the page says nothing.
            taking_part=tuple(sorted(taking_part)),
            people_from=tuple(sorted({*data.get("people_from", ())} - taking_part)),
            **self._block_entries(keep_blank=keep_blank),
        )

    def _block_entries(self, *, keep_blank: bool) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for block, part in self.open_blocks.items():
            parts = BLOCK_FORMS[block]
            entry = parts.entry(part)
            found[parts.field] = entry if keep_blank else written_only(entry)
        return found

    @property
    def tiles(self) -> list[Tile]:
        return [self._tile(seat) for seat in self.sheet.seats]

    @property
    def open_tiles(self) -> list[tuple[Organisation, list[Tile], int]]:
        """(branch, its people who may be named, how many are) for every branch on the sheet."""
        rows = [(branch, [self._tile(seat) for seat in seats]) for branch, seats in self.sheet.open_by_branch]
        return [
            (branch, tiles, sum(tile.mark.presence != Presence.UNRECORDED for tile in tiles)) for branch, tiles in rows
        ]

    @property
    def visitors(self) -> list[Tile]:
        return [self._tile(seat) for seat in self.sheet.visitors]

    @property
    def all_tiles(self) -> list[Tile]:
        return [self._tile(seat) for seat in self.sheet.all_seats]

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

    @property
    def own_words(self) -> set[str]:
        """What the fields say themselves."""
        return {text for text, _anchor in self._field_errors()}

    def _field_errors(self) -> Iterator[tuple[str, str]]:
        in_blocks = [form for part in self.open_blocks.values() for form in rows_in(part)]
        plain = [form for formset in self.open_rows for form in formset]
        for form in (self.basics, *plain, *in_blocks):
            for field in form:
                words = [_("{label}: {error}").format(label=field.label, error=error) for error in field.errors]
                yield from ((text, field.id_for_label or field.auto_id) for text in words)

    def _errors(self) -> Iterator[tuple[str, str]]:
        yield from self._field_errors()
        blocks = list(self.open_blocks.values())
        formsets = [part if isinstance(part, forms.BaseFormSet) else getattr(part, "rows", None) for part in blocks]
        rows = [part for part in formsets if isinstance(part, forms.BaseFormSet)]
        for formset in (*self.open_rows, *rows):
            yield from ((str(text), "") for text in formset.non_form_errors())
        if self.loses_marks:
            yield _("Nobody on the roster was expected that day. Check the day."), "id_held_on"
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


def _keys(data: QueryDict, name: str) -> list[int]:
    keys = [small_integer(text) for text in data.getlist(name)]
    return [key for key in keys if key is not None]


def _entries(rows: forms.BaseFormSet, keep_blank: bool) -> tuple[Any, ...]:  # noqa: FBT001
    entries = [form.entry() for form in rows]
    return tuple(entry for entry in entries if keep_blank or not entry.is_blank)


def _parsed_day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
