"""Workbooks in the shape the import reads: what is on record, the empty form, and new accounts' passwords.

Every cell is written as text: what somebody typed is never run as a formula, and numbers keep all their digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

import xlsxwriter
from django.utils import translation
from import_export.resources import Resource
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from branches.exports.cells import guarded
from branches.models import Batch
from branches.rules import account_columns, account_rows, organisation_columns, organisation_rows, roster_columns
from branches.rules.headers import Column
from branches.rules.people import Category, Sex

TEMPLATE_ROWS = 1000
_LISTS = "可选项"
_NOTES = "填写说明"
_SECRECY = "请勿录入涉密信息。"
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True)
class Table:
    """What the workbooks of a subject have in common; `tip` stands above the empty form."""

    title: str
    columns: Sequence[Column]
    tip: str
    notes: Mapping[str, str]


TABLES: Mapping[str, Table] = {
    Batch.Subject.MEMBERS: Table(
        "党员花名册",
        roster_columns.COLUMNS,
        "带*的为必填项。日期写成 2019-06-30，只知道年月的写成 2019.06；没有的内容留空。",
        {},
    ),
    Batch.Subject.ORGANISATIONS: Table(
        "党组织一览表",
        organisation_columns.COLUMNS,
        "带*的为必填项。上级党组织可以是本表中的另一行，先后不限；没有的内容留空。",
        organisation_columns.NOTES,
    ),
    Batch.Subject.ACCOUNTS: Table(
        "账号一览表",
        account_columns.COLUMNS,
        "带*的为必填项。一人有几个角色的，用顿号隔开，或者用同一用户名分几行填写；没有的内容留空。",
        account_columns.NOTES,
    ),
}


@dataclass(frozen=True)
class Cover:
    """What stands above the table: whose table as of when, and who took it out, when and what for."""

    organisation: str
    day: date
    by: str
    at: datetime
    purpose: str

    def lines(self, title: str) -> tuple[str, str, str]:
        taken_out = f"{self.by} 于 {_day(self.at)} {self.at:%H:%M} 导出，用途：{self.purpose}。请妥善保管，不得外传。"
        return f"{self.organisation}{title}", f"截至 {_day(self.day)}", taken_out


def write_table(target: IO[bytes], *, table: Table, lines: Iterable[Any], resource: Resource, cover: Cover) -> None:
    """Write what is on record as .xlsx, in the columns an import reads; the memory it takes is that of a few lines."""
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        text, bold, title = formats(book)
        sheet = book.add_worksheet(table.title)
        _set_columns(sheet, table, text)
        for number, line in enumerate(cover.lines(table.title)):
            sheet.write_string(number, 0, guarded(line), None if number else title)
        top = len(cover.lines(table.title))
        write_row(sheet, top, [column.heading for column in table.columns], bold)
        for number, one in enumerate(lines, start=top + 1):
            write_row(sheet, number, resource.export_resource(one), text)
        _set_print(sheet, top)


def write_template(target: IO[bytes], *, table: Table, answers: Mapping[str, Sequence[str]]) -> None:
    """The empty form: required columns are starred, and what has fixed answers is chosen from a list."""
    choices = {**_fixed_answers(), **answers}
    if "role" in choices:
        choices["role"] = [account_rows.role_word(role) for role in choices["role"]]
    with xlsxwriter.Workbook(target, {**OPTIONS, "constant_memory": False}) as book:
        text, bold, _title = formats(book)
        sheet = book.add_worksheet(table.title)
        if table.notes:
            _write_notes(book.add_worksheet(_NOTES), table, bold)
        lists = book.add_worksheet(_LISTS)
        lists.hide()
        _set_columns(sheet, table, text)
        sheet.write_string(0, 0, table.tip + _SECRECY)
        write_row(sheet, 1, [_starred(column) for column in table.columns], bold)
        for number, column in enumerate(table.columns):
            if column.key in choices:
                _offer(sheet, lists, number, choices[column.key])
        sheet.freeze_panes(2, 1)


def write_passwords(target: IO[bytes], *, rows: Iterable[Sequence[str]], cover: Cover) -> None:
    """The one-time passwords of new accounts, to be handed out: each row is one account."""
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        text, bold, title = formats(book)
        sheet = book.add_worksheet("一次性密码")
        for number, width in enumerate((18, 12, 24, 36, 20, 22)):
            sheet.set_column(number, number, width, text)
        for number, line in enumerate(cover.lines("新开账号一次性密码")):
            sheet.write_string(number, 0, guarded(line), None if number else title)
        write_row(sheet, 3, ("用户名", "姓名", "角色", "党组织", "一次性密码", "有效期至"), bold)
        for number, row in enumerate(rows, start=4):
            write_row(sheet, number, row, text)
        _set_print(sheet, 3)


def _fixed_answers() -> dict[str, Sequence[str]]:
    with translation.override("zh-hans"):
        return {
            "sex": [str(Sex.MALE.label), str(Sex.FEMALE.label)],
            "category": [str(label) for label in Category.labels],
            "kind": [words[0] for words in organisation_rows.KIND_WORDS.values()],
            **{key: ["是", "否"] for key in organisation_columns.TRAITS},
        }


def _offer(sheet: Worksheet, lists: Worksheet, number: int, answers: Sequence[str]) -> None:
    """Let the cells of a column be chosen from a list."""
    if not answers:
        return
    for row, answer in enumerate(answers):
        lists.write_string(row, number, guarded(answer))
    letter = xlsxwriter.utility.xl_col_to_name(number)
    source = f"={_LISTS}!${letter}$1:${letter}${len(answers)}"
    # Other spellings are understood too, so a list only helps and never stops anybody.
    validation = {"validate": "list", "source": source, "show_error": False}
    sheet.data_validation(2, number, TEMPLATE_ROWS + 1, number, validation)


def _write_notes(sheet: Worksheet, table: Table, bold: Format) -> None:
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 80)
    for number, column in enumerate(table.columns):
        sheet.write_string(number, 0, _starred(column), bold)
        sheet.write_string(number, 1, table.notes.get(column.key, ""))


def formats(book: xlsxwriter.Workbook) -> tuple[Format, Format, Format]:
    """The looks of a cell, a heading and the title."""
    text = book.add_format({"num_format": "@", "border": 1, "valign": "vcenter"})
    bold = book.add_format({"bold": True, "border": 1, "align": "center", "bg_color": "#F2F2F2", "text_wrap": True})
    return text, bold, book.add_format({"bold": True, "font_size": 16})


def _set_columns(sheet: Worksheet, table: Table, text: Format) -> None:
    for number, column in enumerate(table.columns):
        sheet.set_column(number, number, column.width, text)


def _set_print(sheet: Worksheet, top: int) -> None:
    sheet.freeze_panes(top + 1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)
    sheet.set_footer("第 &P 页，共 &N 页")


def write_row(sheet: Worksheet, row: int, cells: Iterable[object], style: Format) -> None:
    """Write cells as guarded texts."""
    for number, cell in enumerate(cells):
        sheet.write_string(row, number, guarded(str(cell or "")), style)


def _day(value: date) -> str:
    return f"{value.year}年{value.month}月{value.day}日"


def _starred(column: Column) -> str:
    return f"*{column.heading}" if column.is_required else column.heading
