"""The columns of an uploaded table: as remembered for its shape or found by the headings, and as they are shown to
somebody who is to correct them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from branches.imports.batches import open_stored
from branches.imports.workbooks import Sheet
from branches.models import Batch
from branches.rules import roster_cells
from branches.rules.headers import Column, Fits, blocks_of, find_header, headings_shown, words_above
from branches.rules.layouts import Layout, columns_of, shape_of
from foundation.encryption import mask_identity, mask_phone

_SAMPLES = 3
_LONGEST_SAMPLE = 30


@dataclass(frozen=True)
class SampledColumn:
    """A column as the mapping page shows it; `letter` as spreadsheet programs name it, `field` "" where none is found.

    Whatever looks like an identity number or a phone is masked.
    """

    at: int
    letter: str
    heading: str
    samples: Sequence[str]
    field: str


@dataclass(frozen=True)
class SheetColumns:
    """A sheet with the columns of its table; `head` are its first rows, each with the number people see."""

    sheet: str
    layout: Layout
    columns: Sequence[SampledColumn]
    head: Sequence[tuple[int, str]]

    @property
    def has_header(self) -> bool:
        return self.layout.last_row >= 0


def find_layout(
    sheet: Sheet, columns: tuple[Column, ...], remembered: Mapping[str, Mapping[str, int]], fits: Fits | None = None
) -> tuple[Layout | None, Sequence[str]]:
    """Where the table of a sheet stands, None where there is none; and the fields two columns compete for.

    Args:
        sheet: the sheet.
        columns: the fields that are looked for.
        remembered: `branches.queries.header_mappings.remembered_columns`.
        fits: whether values can be those of a field.
    """
    for first, last, headings in blocks_of(sheet.head) if remembered else ():
        chosen = remembered.get(shape_of(headings))
        if chosen is not None and all(at < len(headings) for at in chosen.values()):
            return Layout(sheet.name, first, last, {}, {}, headings).with_columns(chosen, is_remembered=True), ()
    header = find_header(sheet.head, columns, fits)
    return (Layout.of_header(sheet.name, header), header.rivals) if header else (None, ())


def left_out(sheet: Sheet) -> Layout:
    """A sheet nobody found a header in."""
    return Layout(sheet.name, 0, -1, {}, is_used=False)


def layout_at(sheet: Sheet, first_row: int, last_row: int, columns: tuple[Column, ...]) -> Layout:
    """The layout of a sheet whose header somebody has pointed out; rows from 0, the last one included."""
    rows = sheet.head[first_row : last_row + 1]
    found = find_header(rows, columns)
    headings = words_above(rows)
    chosen = dict(found.columns) if found and found.first_row == 0 and found.last_row == len(rows) - 1 else {}
    return Layout(sheet.name, first_row, last_row, {}, {}, headings).with_columns(chosen)


def sheets_of(batch: Batch, headers: Mapping[str, tuple[int, int]] | None = None) -> list[SheetColumns]:
    """Every sheet of an import's file with the columns of its table.

    Args:
        batch: the import; its file must still be there.
        headers: (first row, last row) of headers that somebody points out, by sheet, from 0.

    Raises:
        UnusableFile: the file cannot be read.
    """
    columns = columns_of(batch.subject)
    kept = {layout.sheet: layout for layout in (Layout.from_json(stored) for stored in batch.layouts)}
    found = []
    for sheet in open_stored(batch, is_head_enough=True).sheets:
        pointed = (headers or {}).get(sheet.name)
        if pointed and 0 <= pointed[0] <= pointed[1] < len(sheet.head):
            layout = layout_at(sheet, *pointed, columns)
        else:
            layout = kept.get(sheet.name) or find_layout(sheet, columns, {})[0] or left_out(sheet)
        found.append(_shown(sheet, layout))
    return found


def _shown(sheet: Sheet, layout: Layout) -> SheetColumns:
    field_at = {at: key for key, at in layout.columns.items()}
    below = sheet.head[layout.last_row + 1 :]
    shown = headings_shown(sheet.head[layout.first_row : layout.last_row + 1])
    columns = [
        SampledColumn(
            at,
            letter_of(at),
            shown[at] if heading and at < len(shown) else heading,
            _samples(at, below),
            field_at.get(at, ""),
        )
        for at, heading in enumerate(layout.headings)
    ]
    head = [
        (number, " | ".join(text for cell in row if (text := _sample(cell))))
        for number, row in enumerate(sheet.head, start=1)
    ]
    return SheetColumns(sheet.name, layout, columns, head)


def _samples(at: int, rows: Sequence[Sequence[object]]) -> list[str]:
    texts = dict.fromkeys(text for row in rows if at < len(row) and (text := _sample(row[at])))
    return list(texts)[:_SAMPLES]


def _sample(cell: object) -> str:
    """A cell as others may see it over somebody's shoulder."""
    text = roster_cells.text_of(cell)
    digits = roster_cells.identity_number(text)
    if sum(mark.isdigit() for mark in digits) >= 15:
        return mask_identity(digits)
    if sum(mark.isdigit() for mark in digits) >= 9:
        return mask_phone(digits)
    return text[:_LONGEST_SAMPLE]


def letter_of(at: int) -> str:
    """0 → A, 26 → AA."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
