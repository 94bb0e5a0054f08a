"""The readers of workbooks are our own; calamine, which is not, has to find the same cells."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from branches.imports.workbooks import open_book
from tests.rosters import FILES
from tests.workbooks import CONTENT_TYPES, label, number, shared, short, strings_of, xls, xlsx

Table = Sequence[Sequence[object]]
# Calamine takes the marks of byte order for what they are elsewhere.
_LETTERS = st.characters(codec="utf-16", exclude_categories=["Cc", "Cn", "Cs"], exclude_characters="\ufeff")
_TEXTS = st.text(_LETTERS, min_size=1, max_size=9)
_DAYS = st.dates(date(1900, 3, 1), date(2100, 1, 1))
_NUMBERS = st.floats(-1e12, 1e12).map(lambda value: round(value, 6)) | st.integers(-1000, 10**9)
CELLS = st.none() | _TEXTS | _NUMBERS | _DAYS
TABLES = st.lists(st.lists(CELLS, min_size=1, max_size=6), min_size=1, max_size=8)


def ours(content: bytes, kind: str) -> list[list[object]]:
    [sheet] = open_book(content, CONTENT_TYPES[kind]).sheets
    return trimmed(sheet.rows())


def theirs(content: bytes) -> list[list[object]]:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    return trimmed(sheet.to_python(skip_empty_area=False))


def trimmed(rows: object) -> list[list[object]]:
    """Without the blank cells and rows at the end, of which readers keep more or fewer."""
    found: list[list[object]] = []
    for row in rows:  # type: ignore[attr-defined]
        cells = list(row)
        while cells and cells[-1] == "":
            cells.pop()
        found.append(cells)
    while found and not found[-1]:
        found.pop()
    return found


def older(table: Table) -> bytes:
    """The same table as .xls: texts in the cell and in the table of strings by turns."""
    records, strings = b"", []
    for row, cells in enumerate(table):
        for column, cell in enumerate(cells):
            if isinstance(cell, str) and (row + column) % 2:
                records += shared(row, column, len(strings))
                strings.append(cell)
            elif isinstance(cell, str):
                records += label(row, column, cell)
            elif isinstance(cell, date):
                records += number(row, column, (cell - date(1899, 12, 30)) / timedelta(days=1), 1)
            elif isinstance(cell, int) and abs(cell) < 2**29:
                records += short(row, column, cell)
            elif cell is not None:
                records += number(row, column, float(cell))  # type: ignore[arg-type]
    return xls(records, formats=["yyyy-mm-dd"], strings=[strings_of(strings)])


@settings(max_examples=25, deadline=None)
@given(TABLES)
def test_any_table(table: Table) -> None:
    content = xlsx(table, strings_to_formulas=False, strings_to_urls=False, strings_to_numbers=False)
    assert ours(content, "xlsx") == theirs(content)


@settings(max_examples=25, deadline=None)
@given(TABLES)
def test_any_older_table(table: Table) -> None:
    content = older(table)
    assert ours(content, "xls") == theirs(content)


@pytest.mark.parametrize("path", sorted(FILES.glob("*.xlsx")), ids=lambda path: path.name)
def test_rosters_of_offices(path: Path) -> None:
    content = path.read_bytes()
    found = ours(content, "xlsx")
    assert len(found) > 10
    assert found == theirs(content)
