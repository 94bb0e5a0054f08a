"""Opens an uploaded roster, .xlsx or .csv, as sheets of plain cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from branches.imports import xlsx_parts
from branches.rules.roster_problems import UnusableFile

Merge = tuple[tuple[int, int], tuple[int, int]]


# What of a sheet is looked at to find its header.
HEAD_ROWS = 40


@dataclass(frozen=True)
class Sheet:
    """Rows from the sheet's very first one, so that index + 1 is the number people see.

    Rows and columns count from 0: `month_only` are date cells shown without a day, `without_result` are formulas whose
    result was not saved.
    """

    name: str
    number_of_rows: int
    read: Callable[[], Iterator[Sequence[object]]]
    merges: Sequence[Merge] = ()
    month_only: Container[tuple[int, int]] = frozenset()
    without_result: Container[tuple[int, int]] = frozenset()
    hidden_rows: Container[int] = frozenset()
    hidden_columns: Container[int] = frozenset()

    def rows(self) -> Iterator[Sequence[object]]:
        """Every row from the first one, one after the other as they are read; may be asked for again."""
        return self.read()

    @cached_property
    def head(self) -> Sequence[Sequence[object]]:
        return list(islice(self.rows(), HEAD_ROWS))


@dataclass(frozen=True)
class Book:
    """The visible sheets of a file. `tells_hidden`: whether its format tells which rows and columns are hidden."""

    sheets: Sequence[Sheet]
    tells_hidden: bool = True

    @property
    def number_of_rows(self) -> int:
        return sum(sheet.number_of_rows for sheet in self.sheets)


def open_book(content: bytes, content_type: str) -> Book:
    """Open a file by what it is inside (`foundation.rules.files`).

    Raises:
        UnusableFile: it cannot be read, or is too large.
    """
    if content_type == "text/csv":
        return Book([_csv_sheet(content)], tells_hidden=False)
    return Book(_xlsx_sheets(content))


def _xlsx_sheets(content: bytes) -> list[Sheet]:
    facts = xlsx_parts.inspect(io.BytesIO(content))
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]
        return [_xlsx_sheet(workbook, name, facts.get(name, xlsx_parts.SheetFacts())) for name in names]
    except CalamineError as error:
        raise UnusableFile("unreadable") from error
    except BaseException as error:
        # The reader's Rust code reports a bug of its own by an exception that is none of Python's Exception.
        if type(error).__name__ == "PanicException":
            raise UnusableFile("unreadable") from error
        raise


def _xlsx_sheet(workbook: CalamineWorkbook, name: str, facts: xlsx_parts.SheetFacts) -> Sheet:
    sheet = workbook.get_sheet_by_name(name)
    rows = sheet.to_python(skip_empty_area=False)
    return Sheet(name, len(rows), lambda: iter(rows), sheet.merged_cell_ranges or (), frozenset(facts.month_only))


def _csv_sheet(content: bytes) -> Sheet:
    text = _decoded(content)
    head = text[:4000]
    delimiter = max(",\t;", key=head.count)
    try:
        rows: list[list[object]] = [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    except csv.Error as error:
        raise UnusableFile("unreadable") from error
    if len(rows) > xlsx_parts.MAX_ROWS:
        raise UnusableFile("too_many_rows", limit=xlsx_parts.MAX_ROWS)
    if any(len(row) > xlsx_parts.MAX_COLUMNS for row in rows):
        raise UnusableFile("too_many_columns", limit=xlsx_parts.MAX_COLUMNS)
    return Sheet("", len(rows), lambda: iter(rows))


def _decoded(content: bytes) -> str:
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnusableFile("unreadable")
