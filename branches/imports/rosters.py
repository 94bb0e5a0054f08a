"""Reads a roster file into entries, one for each person's row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from branches.imports.planning import Recognised
from branches.imports.workbooks import Book, Sheet
from branches.models import Batch
from branches.rules import roster_cells
from branches.rules.layouts import Layout
from branches.rules.roster_columns import Header, find_header
from branches.rules.roster_problems import UnusableFile
from branches.rules.roster_rows import Repetitions, RosterEntry, Row, is_person, read_row


def recognise(book: Book, batch: Batch) -> Recognised:
    """Where the tables stand in a roster: as chosen for this import, as remembered for this shape, or as found.

    Raises:
        UnusableFile: no sheet has a usable header.
    """
    if batch.layouts:
        return Recognised([Layout.from_json(stored) for stored in batch.layouts])
    layouts = []
    for sheet in book.sheets:
        header = find_header(sheet.head)
        if header is not None:
            layouts.append(
                Layout(sheet.name, header.first_row, header.last_row, dict(header.columns), dict(header.labels))
            )
    if not layouts:
        raise UnusableFile("no_header")
    usable = [layout for layout in layouts if "identity_number" in layout.columns]
    if not usable:
        raise UnusableFile("no_identity_column")
    return Recognised(usable)


def read_entries(book: Book, layouts: Sequence[Layout], *, today: date) -> Iterator[RosterEntry | None]:
    """One entry for each person's row of the sheets used, in the file's order; None for every other row below a header.

    Args:
        today: the day the roster is true of.
    """
    by_sheet = {layout.sheet: layout for layout in layouts if layout.is_used}
    repetitions = Repetitions()
    for sheet in book.sheets:
        layout = by_sheet.get(sheet.name)
        if layout is None:
            continue
        header = Header(layout.first_row, layout.last_row, layout.columns, layout.labels)
        for row in _rows(sheet, header):
            if row is None:
                yield None
                continue
            entry = read_row(row, today=today)
            repetitions.check(entry, row.label("identity_number"))
            yield entry


def _rows(sheet: Sheet, header: Header) -> Iterator[Row | None]:
    """The rows below the header; None for one that is not about a person."""
    merged_until = _merged_branches(sheet, header)
    merged: object = None
    until = -1
    for index, cells in enumerate(sheet.rows()):
        if index <= header.last_row:
            continue
        by_key = {key: cells[at] for key, at in header.columns.items() if at < len(cells)}
        if index in merged_until:
            merged, until = by_key.get("branch"), merged_until[index]
        if not is_person(cells, by_key, header):
            yield None
            continue
        if "branch" not in header.columns:
            by_key["branch"] = sheet.name  # a sheet for each branch
        elif index <= until and roster_cells.is_blank(by_key.get("branch")):
            by_key["branch"] = merged
        month_only = {key for key, at in header.columns.items() if (index, at) in sheet.month_only}
        yield Row(sheet.name, index + 1, by_key, header.labels, month_only)


def _merged_branches(sheet: Sheet, header: Header) -> dict[int, int]:
    """The last row of each merged cell of the branch column by its first."""
    at = header.columns.get("branch", -1)
    return {top: bottom for (top, left), (bottom, right) in sheet.merges if left <= at <= right}
