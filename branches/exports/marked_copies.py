"""The sheets and cells of a file that is no .xlsx, as an .xlsx with its problems."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from branches.exports.marked_sheets import RowMarks
from branches.exports.marked_styles import RED, YELLOW
from branches.imports.workbooks import Book, Sheet
from branches.rules.layouts import PROBLEM_HEADING, Layout

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
_DAY, _MONTH, _TEXT = "yyyy-mm-dd", 'yyyy"年"m"月"', "@"
_LONGEST = 32_767
_NO_MARKS = RowMarks()


def write_copy(book: Book, layouts: Mapping[str, Layout], marks: Mapping[str, Mapping[int, RowMarks]]) -> bytes:
    """The book as .xlsx: text stays text, numbers and days what they are; merged cells stay merged."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, _OPTIONS) as workbook:
        formats = _Formats(workbook)
        for sheet in book.sheets:
            # The table of a text file has no name.
            writer = _Writer(workbook.add_worksheet(sheet.name or "Sheet1"), sheet, formats)
            writer.write(layouts.get(sheet.name), marks.get(sheet.name, {}))
    return target.getvalue()


class _Formats:
    """Each way a cell can look, made once."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[str, str], Format] = {}
        self.note = workbook.add_format({"num_format": _TEXT, "valign": "vcenter", "text_wrap": True})
        self.heading = workbook.add_format({"bold": True})

    def of(self, shown: str, colour: str) -> Format | None:
        if not shown and not colour:
            return None
        if (shown, colour) not in self._made:
            properties = {"num_format": shown} if shown else {}
            if colour:
                properties["bg_color"] = f"#{colour[2:]}"
            self._made[shown, colour] = self._workbook.add_format(properties)
        return self._made[shown, colour]


class _Writer:
    def __init__(self, target: Worksheet, sheet: Sheet, formats: _Formats) -> None:
        self._target, self._sheet, self._formats = target, sheet, formats

    def write(self, layout: Layout | None, marks: Mapping[int, RowMarks]) -> None:
        column, is_former = _place(self._sheet, layout)
        if layout is not None:
            self._target.set_column(column, column, 48)
        for number, cells in enumerate(self._sheet.rows(), start=1):
            row = marks.get(number, _NO_MARKS)
            for at in range(max([len(cells), *(one + 1 for one in row.columns)])):
                if is_former and layout is not None and at == column and number > layout.first_row:
                    continue
                self._write_cell(number - 1, at, cells[at] if at < len(cells) else "", row)
            if layout is not None and number == layout.last_row + 1:
                self._target.write_string(number - 1, column, PROBLEM_HEADING, self._formats.heading)
            elif row.text:
                self._target.write_string(number - 1, column, row.text[:_LONGEST], self._formats.note)
        # Its own way to merge would write the cells again, which is too late for rows that are written already.
        self._target.merge.extend([[top, left, bottom, right] for (top, left), (bottom, right) in self._sheet.merges])

    def _write_cell(self, row: int, column: int, cell: object, marks: RowMarks) -> None:
        colour = "" if column not in marks.columns else RED if marks.columns[column] else YELLOW
        target, style = self._target, self._formats.of
        if isinstance(cell, bool):
            target.write_boolean(row, column, cell, style("", colour))
        elif isinstance(cell, int | float):
            target.write_number(row, column, cell, style("", colour))
        elif isinstance(cell, datetime | date):
            shown = _MONTH if (row, column) in self._sheet.month_only else _DAY
            target.write_datetime(row, column, cell, style(shown, colour))
        elif isinstance(cell, time | timedelta):
            target.write_string(row, column, str(cell), style(_TEXT, colour))
        elif cell not in (None, ""):
            target.write_string(row, column, str(cell)[:_LONGEST], style(_TEXT, colour))
        elif colour:
            target.write_blank(row, column, None, style(_TEXT, colour))


def _place(sheet: Sheet, layout: Layout | None) -> tuple[int, bool]:
    """The column of the texts: that of an earlier round, or the first beside everything."""
    width = 0
    for number, cells in enumerate(sheet.rows()):
        if layout is not None and layout.first_row <= number <= layout.last_row and (former := _former(cells)) >= 0:
            return former, True
        filled = [at for at, cell in enumerate(cells) if cell not in (None, "")]
        width = max(width, filled[-1] + 1 if filled else 0)
    merged = [right + 1 for (_top, _left), (_bottom, right) in sheet.merges]
    return max([width, *merged]), False


def _former(cells: Sequence[object]) -> int:
    return next((at for at, cell in enumerate(cells) if "".join(str(cell or "").split()) == PROBLEM_HEADING), -1)
