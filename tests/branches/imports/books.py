"""Workbooks as offices keep them, for tests."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import xlsxwriter

Place = tuple[int, int, int, int]


@dataclass(frozen=True)
class Formula:
    """A cell whose result is `result`; None: it was never calculated."""

    result: object = None


@dataclass(frozen=True)
class Page:
    """A sheet: rows from the first, merged cells by (top, left, bottom, right); rows and columns count from 0."""

    name: str
    rows: Sequence[Sequence[Any]]
    merged: Mapping[Place, str] = field(default_factory=dict)
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[int] = ()
    is_hidden: bool = False


def book_of(*pages: Page) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        days = book.add_format({"num_format": "yyyy-mm-dd"})
        for page in pages:
            sheet = book.add_worksheet(page.name)
            for at, row in enumerate(page.rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, Formula):
                        sheet.write_formula(at, column, "=A1", None, "" if cell.result is None else cell.result)
                    elif isinstance(cell, datetime):
                        sheet.write_datetime(at, column, cell, days)
                    elif isinstance(cell, int | float):
                        sheet.write_number(at, column, cell)
                    elif cell:
                        sheet.write_string(at, column, str(cell))
            for place, text in page.merged.items():
                sheet.merge_range(*place, text)
            for at in page.hidden_rows:
                sheet.set_row(at, None, None, {"hidden": True})
            for at in page.hidden_columns:
                sheet.set_column(at, at, None, None, {"hidden": True})
            if page.is_hidden:
                sheet.hide()
    return target.getvalue()
