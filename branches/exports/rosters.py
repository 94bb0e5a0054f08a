"""Roster workbooks: the members of an organisation, and the empty form with its drop-down lists.

Every cell is written as text: what somebody typed is never run as a formula, and numbers keep all their digits.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import xlsxwriter
from django.utils import translation
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from branches.exports.members import MemberResource
from branches.queries.batches import PreviewRow
from branches.queries.roster import Member
from branches.rules.people import Category, Sex
from branches.rules.roster_columns import COLUMNS, Column

TEMPLATE_ROWS = 1000
_LISTS = "可选项"
_TIP = "带*的为必填项。日期写成 2019-06-30，只知道年月的写成 2019.06；没有的内容留空。请勿录入涉密信息。"
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True)
class Cover:
    """What stands above the table: whose roster as of when, and who took it out, when and what for."""

    organisation: str
    day: date
    by: str
    at: datetime
    purpose: str

    @property
    def lines(self) -> tuple[str, str, str]:
        taken_out = f"{self.by} 于 {_day(self.at)} {self.at:%H:%M} 导出，用途：{self.purpose}。请妥善保管，不得外传。"
        return f"{self.organisation}党员花名册", f"截至 {_day(self.day)}", taken_out


def write_roster(members: Iterable[Member], *, resource: MemberResource, cover: Cover) -> bytes:
    """The members as .xlsx, in the columns an import reads."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, _OPTIONS) as book:
        text, bold, title = _formats(book)
        sheet = book.add_worksheet("党员花名册")
        _set_columns(sheet, text)
        for number, line in enumerate(cover.lines):
            sheet.write_string(number, 0, line, None if number else title)
        top = len(cover.lines)
        _write_row(sheet, top, [column.heading for column in COLUMNS], bold)
        for number, member in enumerate(members, start=top + 1):
            _write_row(sheet, number, resource.export_resource(member), text)
        sheet.freeze_panes(top + 1, 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(top)
        sheet.set_footer("第 &P 页 共 &N 页")
    return target.getvalue()


def write_template(*, branches: Sequence[str], nations: Sequence[str], educations: Sequence[str]) -> bytes:
    """The empty form: required columns are starred, and what has fixed answers is chosen from a list."""
    target = io.BytesIO()
    with translation.override("zh-hans"):
        choices = {
            "sex": [str(Sex.MALE.label), str(Sex.FEMALE.label)],
            "nation": nations,
            "education": educations,
            "category": [str(label) for label in Category.labels],
            "branch": branches,
        }
    with xlsxwriter.Workbook(target, {**_OPTIONS, "constant_memory": False}) as book:
        text, bold, _title = _formats(book)
        sheet = book.add_worksheet("党员花名册")
        lists = book.add_worksheet(_LISTS)
        lists.hide()
        _set_columns(sheet, text)
        sheet.write_string(0, 0, _TIP)
        _write_row(sheet, 1, [_starred(column) for column in COLUMNS], bold)
        for number, column in enumerate(COLUMNS):
            answers = choices.get(column.key)
            if not answers:
                continue
            for row, answer in enumerate(answers):
                lists.write_string(row, number, answer)
            letter = xlsxwriter.utility.xl_col_to_name(number)
            source = f"={_LISTS}!${letter}$1:${letter}${len(answers)}"
            # Other spellings are understood too, so a list only helps and never stops anybody.
            validation = {"validate": "list", "source": source, "show_error": False}
            sheet.data_validation(2, number, TEMPLATE_ROWS + 1, number, validation)
        sheet.freeze_panes(2, 1)
    return target.getvalue()


def write_report(rows: Iterable[PreviewRow]) -> bytes:
    """Row, name, column and reason of everything that was not written or wants a look."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, _OPTIONS) as book, translation.override("zh-hans"):
        text, bold, _title = _formats(book)
        sheet = book.add_worksheet("需要处理")
        for number, width in enumerate((14, 8, 12, 24, 10, 18, 70)):
            sheet.set_column(number, number, width)
        _write_row(sheet, 0, ("工作表", "行号", "姓名", "党支部", "结果", "列名", "说明"), bold)
        line = 0
        for row in rows:
            stored = row.row
            refused = "不写入" if stored.action == stored.Action.REFUSED or stored.outcome == "changed" else "写入"
            start = (stored.sheet, stored.number, row.name, stored.organisation or "", refused)
            remarks = [(problem.column, problem.message) for problem in row.problems]
            if stored.outcome == "changed":
                remarks.append(("", "核对之后此人信息已被他人修改，未写入，请重新导入"))
            for remark in remarks:
                line += 1
                _write_row(sheet, line, (*start, *remark), text)
        sheet.freeze_panes(1, 0)
    return target.getvalue()


def _formats(book: xlsxwriter.Workbook) -> tuple[Format, Format, Format]:
    text = book.add_format({"num_format": "@", "border": 1, "valign": "vcenter"})
    bold = book.add_format({"bold": True, "border": 1, "align": "center", "bg_color": "#F2F2F2", "text_wrap": True})
    return text, bold, book.add_format({"bold": True, "font_size": 16})


def _set_columns(sheet: Worksheet, text: Format) -> None:
    for number, column in enumerate(COLUMNS):
        sheet.set_column(number, number, column.width, text)


def _write_row(sheet: Worksheet, row: int, cells: Iterable[object], style: Format) -> None:
    for number, cell in enumerate(cells):
        sheet.write_string(row, number, str(cell or ""), style)


def _day(value: date) -> str:
    return f"{value.year}年{value.month}月{value.day}日"


def _starred(column: Column) -> str:
    return f"*{column.heading}" if column.is_required else column.heading
