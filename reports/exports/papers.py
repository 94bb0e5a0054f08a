"""What every workbook that goes to print has in common: fonts, lines, A4, who made it and when.

Text is always written as text: a title that begins with "=" stays a title.
"""

from __future__ import annotations

import io
import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

NOTHING = "—"
_UNFIT = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_TAB_LENGTH = 31
_LINE_HEIGHT = 13.5  # points of one line of the text size
_LONGEST = 32767  # characters of a cell; a longer text would be left out as a whole
_TALLEST = 409  # points; Excel repairs a workbook with a taller row
_LINE = {"border": 1, "valign": "vcenter", "font_name": "宋体", "font_size": 10}


@dataclass(frozen=True)
class Made:
    """Who took a workbook away, and when (real time)."""

    by: str
    at: datetime

    def line(self, subject: str) -> str:
        at = timezone.localtime(self.at)
        moment = _("%(day)s %(time)s") % {"day": chinese_day(at.date()), "time": f"{at:%H:%M}"}
        return _("%(subject)s, exported by %(name)s on %(moment)s") % {
            "subject": subject, "name": self.by, "moment": moment
        }  # fmt: skip


class Papers:
    """A workbook in the making; `file()` ends it."""

    def __init__(self, title: str, made: Made) -> None:
        self._buffer = io.BytesIO()
        self._made = made
        self._taken: set[str] = set()
        self._book = xlsxwriter.Workbook(
            self._buffer,
            {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
        )
        self._book.set_properties(
            {"title": clean(title), "author": clean(made.by), "created": made.at.replace(tzinfo=None)}
        )
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def tab(self, name: str, subject: str, widths: Sequence[float], *, landscape: bool = False) -> Tab:
        sheet = self._book.add_worksheet(self._free(name))
        sheet.set_paper(9)
        if landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.55, right=0.55, top=0.75, bottom=0.7)
        sheet.center_horizontally()
        sheet.set_header("&R&9" + clean(self._made.line(subject)).replace("&", "&&")[:240])
        sheet.set_footer("&C&9" + _("Page %(page)s of %(pages)s") % {"page": "&P", "pages": "&N"})
        return Tab(sheet, self, widths)

    def file(self) -> io.BytesIO:
        self._book.close()
        self._buffer.seek(0)
        return self._buffer

    def format(self, **looks: Any) -> Format:
        key = tuple(sorted(looks.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(_LINE | looks)
        return self._formats[key]

    def _free(self, name: str) -> str:
        """`name` as Excel takes it for a tab, with a number where it is taken already."""
        stem = _UNFIT.sub(" ", name).strip().strip("'") or "-"
        tab, number = stem[:_TAB_LENGTH], 2
        while tab.lower() in self._taken:
            tab, number = f"{stem[: _TAB_LENGTH - len(str(number)) - 1]} {number}", number + 1
        self._taken.add(tab.lower())
        return tab


class Tab:
    """One worksheet, written cell by cell as text or as number. Rows grow with their text."""

    def __init__(self, sheet: Worksheet, papers: Papers, widths: Sequence[float]) -> None:
        self.sheet = sheet
        self._papers = papers
        self._widths = widths
        self._heights: dict[int, int] = {}
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)

    def write(self, row: int, column: int, value: Any, **looks: Any) -> None:
        if isinstance(value, Decimal | int):
            style = self._papers.format(
                align="center", num_format="0.0" if isinstance(value, Decimal) else "0", **looks
            )
            self.sheet.write_number(row, column, float(value), style)
        else:
            shown = NOTHING if value is None else clean(str(value))[:_LONGEST]
            looks = {"align": "center"} | looks if value is None else looks
            self.sheet.write_string(row, column, shown, self._papers.format(text_wrap=True, **looks))
            self._grow(row, shown, self._widths[column])

    def merge(self, row: int, first: int, last: int, value: str, **looks: Any) -> None:
        style = self._papers.format(text_wrap=True, **looks)
        self.sheet.merge_range(row, first, row, last, "", style)
        self.sheet.write_string(row, first, clean(value), style)
        self._grow(row, value, sum(self._widths[first : last + 1]))

    def _grow(self, row: int, text: str, width: float) -> None:
        lines = sum(max(1, math.ceil(_width_of(line) / (width - 1))) for line in text.split("\n"))
        if lines > self._heights.get(row, 0):
            self._heights[row] = lines
            self.sheet.set_row(row, min(lines * _LINE_HEIGHT + 5, _TALLEST))

    def title(self, text: str, under: str, last: int) -> None:
        """A title over the whole width and a line under it; the table begins at row 3."""
        self.merge(0, 0, last, text, border=0, bold=True, align="center", font_size=18, font_name="华文中宋")
        self.sheet.set_row(0, 32)
        self.merge(1, 0, last, under, border=0, align="left")

    def head(self, row: int, titles: list[str]) -> None:
        for column, text in enumerate(titles):
            self.write(row, column, text, bold=True, align="center", bg_color="#EEF0F3")
        self.sheet.freeze_panes(row + 1, 0)
        self.sheet.repeat_rows(row)


def _width_of(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


def clean(text: str) -> str:
    """`text` without the control characters a workbook cannot hold."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)


def chinese_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def response(file: io.BytesIO, name: str) -> FileResponse:
    """`file` as a download; Django writes the Chinese name after RFC 5987."""
    safe = re.sub(r'[\\/:*?"<>|\x00-\x1f]', " ", name).strip()
    answer = FileResponse(file, as_attachment=True, filename=f"{safe}.xlsx")
    answer["Cache-Control"] = "no-store"
    return answer
