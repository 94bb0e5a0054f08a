"""Finds and reads the tables of organisations and of accounts in a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from branches.imports.planning import Recognised
from branches.imports.workbooks import Book
from branches.models import Batch
from branches.rules import account_columns, organisation_columns
from branches.rules.layouts import Layout
from branches.rules.roster_columns import Column, plain_heading
from branches.rules.roster_problems import UnusableFile
from branches.rules.table_rows import TableRow

COLUMNS: dict[str, Sequence[Column]] = {
    Batch.Subject.ORGANISATIONS: organisation_columns.COLUMNS,
    Batch.Subject.ACCOUNTS: account_columns.COLUMNS,
}
WITHIN_ROWS = 30
FEWEST_COLUMNS = 3


def recognise_tables(book: Book, batch: Batch) -> Recognised:
    """Where the tables stand: as chosen for this import, or as found by the headings.

    Raises:
        UnusableFile: no sheet has a usable header.
    """
    if batch.layouts:
        return Recognised([Layout.from_json(stored) for stored in batch.layouts])
    found = [_find(sheet.name, sheet.head, COLUMNS[batch.subject]) for sheet in book.sheets]
    layouts = [layout for layout in found if layout is not None]
    if not layouts:
        raise UnusableFile("no_table_header")
    return Recognised(layouts)


def read_tables(book: Book, layouts: Sequence[Layout]) -> Iterator[TableRow | None]:
    """Every row below the headers of the sheets used, in the file's order; None for a blank one."""
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
            row = TableRow(sheet.name, index + 1, by_key, layout.labels, month_only)
            yield row if any(row.text(key) for key in by_key) else None


def _find(sheet: str, rows: Sequence[Sequence[object]], columns: Sequence[Column]) -> Layout | None:
    ranks = {heading: (column.key, rank) for column in columns for rank, heading in enumerate(column.headings)}
    for index, row in enumerate(rows[:WITHIN_ROWS]):
        headings = [plain_heading(cell) for cell in row]
        best: dict[str, tuple[int, int]] = {}
        for at, heading in enumerate(headings):
            key, rank = ranks.get(heading, ("", 0))
            if key and (key not in best or rank < best[key][0]):
                best[key] = (rank, at)
        if "name" in best and len(best) >= FEWEST_COLUMNS:
            found = {key: at for key, (_rank, at) in best.items()}
            return Layout(sheet, index, index, found, {key: headings[at] for key, at in found.items()}, headings)
    return None
