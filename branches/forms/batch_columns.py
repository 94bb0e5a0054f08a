"""Which column of each sheet holds which field, as the columns page asks it.

Sheets with the same header are asked for once; a file with a sheet for each branch would be tedious otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext as _

from branches.imports.header_mappings import SampledColumn, SheetColumns
from branches.rules.headers import Column
from branches.rules.layouts import Layout
from branches.rules.subjects import field_label
from foundation.rules.numbers import small_integer


@dataclass
class SheetChoice:
    """One sheet, `number` in the file's order, with what is chosen for it: {column: field}."""

    number: int
    sheet: SheetColumns
    is_used: bool
    fields: dict[int, str]

    @property
    def shape(self) -> tuple[object, ...]:
        layout = self.sheet.layout
        unique = None if self.sheet.has_header else self.number
        return unique, layout.first_row, layout.last_row, tuple(layout.headings), tuple(sorted(self.fields.items()))

    def layout(self) -> Layout:
        if not self.is_used:
            return self.sheet.layout.aside()
        return self.sheet.layout.with_columns({key: at for at, key in self.fields.items()})


@dataclass(frozen=True)
class Asked:
    """A column as the page asks for it; `is_double` where another one claims the same field, `is_alike` where another
    one has the same heading."""

    column: SampledColumn
    chosen: str
    is_double: bool
    is_alike: bool


@dataclass
class Group:
    """Sheets with the same header, asked for together; the first one's number names its fields."""

    choices: list[SheetChoice]
    columns: Sequence[Column]
    errors: list[str] = field(default_factory=list)
    # First and last row of the header as they were typed, where they cannot be.
    typed: tuple[str, str] | None = None

    @property
    def first(self) -> SheetChoice:
        return self.choices[0]

    @property
    def number(self) -> int:
        return self.first.number

    @property
    def layout(self) -> Layout:
        return self.first.sheet.layout

    @property
    def is_used(self) -> bool:
        return any(choice.is_used for choice in self.choices)

    @property
    def has_header(self) -> bool:
        return self.first.sheet.has_header

    @property
    def rows(self) -> tuple[int, int] | None:
        """First and last row of the header as people count them."""
        return (self.layout.first_row + 1, self.layout.last_row + 1) if self.has_header else None

    @property
    def asked_rows(self) -> tuple[str, str]:
        """What the fields of the header's rows say."""
        first, last = self.rows or ("", "")
        return self.typed or (str(first), str(last))

    @property
    def doubles(self) -> set[str]:
        keys = list(self.first.fields.values())
        return {key for key in keys if keys.count(key) > 1}

    @property
    def asked(self) -> list[Asked]:
        fields, columns = self.first.fields, self.first.sheet.columns
        headings = [column.heading for column in columns if column.heading]
        return [
            Asked(
                column,
                fields.get(column.at, ""),
                fields.get(column.at) in self.doubles,
                headings.count(column.heading) > 1,
            )
            for column in columns
        ]

    @property
    def missing(self) -> list[str]:
        """The labels of what a table should tell and no column does."""
        chosen = {*self.first.fields.values(), "branch"}
        return [field_label(column) for column in self.columns if column.is_required and column.key not in chosen]

    @property
    def lacks_branch(self) -> bool:
        """Whether a roster tells the branch elsewhere than in a column."""
        return any(column.key == "branch" for column in self.columns) and "branch" not in self.first.fields.values()

    def check_rows(self, data: QueryDict) -> None:
        """Say so where the rows typed for the header are none the sheet was read by."""
        leader = data.get(f"group-{self.number}", "")
        first, last = (data.get(f"{name}-{leader}", "").strip()[:10] for name in ("first", "last"))
        asked = small_integer(first), small_integer(last or first)
        if (first or last) and asked != self.rows:
            self.typed = first, last
            self.errors.append(
                _("No headings stand there. Give the numbers of the rows with the headings, the upper one first.")
            )

    def check(self) -> None:
        """Say what stands in the way of using these sheets."""
        if not self.is_used:
            return
        labels = {column.key: field_label(column) for column in self.columns}
        if self.typed:
            return
        if not self.has_header:
            self.errors.append(_("Say in which rows the headings stand, or leave the sheet out."))
            return
        for key in sorted(self.doubles):
            self.errors.append(
                _("Two columns are to be “%(field)s”. Leave it at one of them.") % {"field": labels[key]}
            )
        if "name" not in self.first.fields.values():
            self.errors.append(
                _("Say which column is “%(field)s”, or leave the sheet out.") % {"field": labels["name"]}
            )


def choices_of(sheets: Sequence[SheetColumns], data: QueryDict | None = None) -> list[SheetChoice]:
    """What is chosen: what was found, or where the page was sent what it says of headers it had shown."""
    found = []
    for number, sheet in enumerate(sheets):
        fields = {column.at: column.field for column in sheet.columns if column.field}
        is_used = sheet.layout.is_used
        if data is not None:
            leader = data.get(f"group-{number}", "")
            # Whoever points out the header of a sheet wants it read.
            is_pointed = sheet.has_header and f"shown-{leader}" not in data
            is_used = is_pointed or str(number) in data.getlist("used")
            layout = sheet.layout
            if data.get(f"shown-{leader}") == f"{layout.first_row + 1}-{layout.last_row + 1}":
                asked = {column.at: data.get(f"column-{leader}-{column.at}", "") for column in sheet.columns}
                fields = {at: key for at, key in asked.items() if key}
        found.append(SheetChoice(number, sheet, is_used, fields))
    return found


def headers_of(sheets: Sequence[SheetColumns], data: QueryDict) -> dict[str, tuple[int, int]]:
    """The header rows somebody points out, from 0, by sheet; what is no row is left out."""
    found = {}
    for number, sheet in enumerate(sheets):
        leader = data.get(f"group-{number}", "")
        first, last = (small_integer(data.get(f"{name}-{leader}", "")) for name in ("first", "last"))
        if first and last is None:
            last = first
        if first and last and first <= last:
            found[sheet.sheet] = (first - 1, last - 1)
    return found


def groups_of(choices: Sequence[SheetChoice], columns: Sequence[Column]) -> list[Group]:
    """The sheets by their header."""
    by_shape: dict[tuple[object, ...], list[SheetChoice]] = {}
    for choice in choices:
        by_shape.setdefault(choice.shape, []).append(choice)
    return [Group(same, columns) for same in by_shape.values()]


def is_as_shown(choices: Sequence[SheetChoice], data: Mapping[str, str]) -> bool:
    """Whether the columns sent are those of the header rows sent with them."""
    for choice in choices:
        leader = data.get(f"group-{choice.number}", "")
        layout = choice.sheet.layout
        rows = f"{layout.first_row + 1}-{layout.last_row + 1}"
        if choice.is_used and choice.sheet.has_header and data.get(f"shown-{leader}") != rows:
            return False
    return True
