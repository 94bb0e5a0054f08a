"""Opens an uploaded file, .xlsx, .xls (.et) or .csv, as sheets of plain cells.

The readers are our own: libraries lay a sheet out in memory as large as its farthest cell says, before anybody can look
at it, and tell little of hidden rows, number formats and formulas without a result. Tests hold them against calamine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from branches.imports.sheets import HEAD_ROWS, MAX_ROWS, Merge, Sheet
from branches.imports.text_tables import read_text
from branches.imports.xls_sheets import read_xls
from branches.imports.xlsx_sheets import read_xlsx
from branches.rules.problems import UnusableFile
from foundation.rules.files import CSV, XLS

__all__ = ["HEAD_ROWS", "Book", "Merge", "Sheet", "open_book"]


@dataclass(frozen=True)
class Book:
    """The visible sheets of a file. `tells_hidden`: whether its format tells which rows and columns are hidden."""

    sheets: Sequence[Sheet]
    tells_hidden: bool = True

    @property
    def number_of_rows(self) -> int:
        return sum(sheet.number_of_rows for sheet in self.sheets)


def open_book(content: bytes, content_type: str, *, is_head_enough: bool = False) -> Book:
    """Open a file by what it is inside (`foundation.rules.files`).

    Args:
        is_head_enough: of a file judged before, only what is asked of `Sheet.head` is read: while somebody waits.

    Raises:
        UnusableFile: it cannot be read, or is too large; also while rows are read.
    """
    if content_type == CSV.content_type:
        return Book([read_text(content, is_head_enough=is_head_enough)], tells_hidden=False)
    read = read_xls if content_type == XLS.content_type else read_xlsx
    book = Book(read(content, is_head_enough=is_head_enough))
    if book.number_of_rows > MAX_ROWS:
        raise UnusableFile("too_many_rows", limit=MAX_ROWS)
    return book
