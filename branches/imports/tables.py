"""Finds and reads the tables of organisations and of accounts in a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from branches.imports.header_mappings import find_layout, left_out
from branches.imports.planning import Recognised
from branches.imports.workbooks import Book
from branches.models import Batch
from branches.queries.header_mappings import remembered_columns
from branches.rules.layouts import Layout, columns_of
from branches.rules.problems import UnusableFile
from branches.rules.table_rows import TableEntry, TableRow


def recognise(book: Book, batch: Batch) -> Recognised:
    """Where the tables stand: as chosen for this import, as remembered for this shape, or as found by the headings.

    Raises:
        UnusableFile: no sheet has a usable header.
    """
    if batch.layouts:
        return Recognised([Layout.from_json(stored) for stored in batch.layouts])
    columns = columns_of(batch.subject)
    needed = {column.key for column in columns if column.is_required}
    remembered = remembered_columns(batch.organisation, batch.subject)
    layouts, is_sure = [], True
    for sheet in book.sheets:
        layout, rivals = find_layout(sheet, columns, remembered)
        layouts.append(layout or left_out(sheet))
        if layout is not None and not layout.is_remembered:
            is_sure = is_sure and not rivals and needed <= layout.columns.keys()
    if not any(layout.is_used for layout in layouts):
        raise UnusableFile("no_table_header")
    return Recognised(layouts, is_sure=is_sure)


def read_entries(
    book: Book, layouts: Sequence[Layout], read: Callable[[TableRow], TableEntry]
) -> tuple[list[TableEntry], int]:
    """What the rows below the headers say, and how many of them say nothing.

    Args:
        book: the file.
        layouts: where its tables stand.
        read: reads one row.
    """
    entries, ignored = [], 0
    for row in _rows(book, layouts):
        if row.tells_something:
            entries.append(read(row))
        else:
            ignored += 1
    return entries, ignored


def _rows(book: Book, layouts: Sequence[Layout]) -> Iterator[TableRow]:
    """Every row below the headers of the sheets used, in the file's order."""
    by_sheet = {layout.sheet: layout for layout in layouts if layout.is_used}
    for sheet in book.sheets:
        layout = by_sheet.get(sheet.name)
        if layout is None:
            continue
        for index, cells in enumerate(sheet.rows()):
            if index <= layout.last_row:
                continue
            by_key = {key: cells[at] for key, at in layout.columns.items() if at < len(cells)}
            month_only = frozenset(key for key, at in layout.columns.items() if (index, at) in sheet.month_only)
            yield TableRow(sheet.name, index + 1, by_key, layout.labels, month_only)
