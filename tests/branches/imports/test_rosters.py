from __future__ import annotations

import io
from datetime import date, datetime

import pytest
import xlsxwriter

from branches.imports.rosters import ReadRoster, read_roster
from branches.rules.people import Precision
from branches.rules.roster_problems import UnusableFile
from tests.rosters import line, number, workbook

TODAY = date(2020, 10, 26)
BRANCH = "第一党支部"


def read(content: bytes) -> ReadRoster:
    return read_roster(content, is_csv=False, today=TODAY)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (workbook([], headings=["名单"]), "no_header"),
        (workbook([["张三"]], headings=["名单"]), "no_header"),
        (workbook([["张三", "男", "汉"]], headings=["姓名", "性别", "民族"]), "no_identity_column"),
        (workbook([]), "no_rows"),
        (workbook([["合计：0人"]]), "no_rows"),
    ],
)
def test_files_without_a_roster(content: bytes, code: str) -> None:
    with pytest.raises(UnusableFile) as caught:
        read(content)
    assert caught.value.problem.code == code


def test_row_numbers_and_columns_are_found_wherever_the_table_stands() -> None:
    roster = read(workbook([line("张三", number(), BRANCH)], top=6, left=3))
    [entry] = roster.entries
    assert (entry.number, entry.values["name"], entry.branch) == (8, "张三", BRANCH)


def test_rows_after_a_blank_one_are_read_and_footers_are_not() -> None:
    rows = [line("张三", number(), BRANCH), [], line("李四", number(sequence=3), BRANCH), [], ["填表人：王五"]]
    roster = read(workbook(rows))
    assert [entry.number for entry in roster.entries] == [2, 4]
    assert roster.ignored == 3


def book(write: object) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as opened:
        write(opened)  # type: ignore[operator]
    return target.getvalue()


def test_a_merged_branch_cell_counts_for_all_its_rows() -> None:
    def write(opened: xlsxwriter.Workbook) -> None:
        sheet = opened.add_worksheet()
        for at, heading in enumerate(("姓名", "身份证号", "支部")):
            sheet.write_string(0, at, heading)
        for row in (1, 2, 3):
            sheet.write_string(row, 0, f"张{row}")
            sheet.write_string(row, 1, number(sequence=row))
        sheet.merge_range(1, 2, 2, 2, BRANCH)

    assert [entry.branch for entry in read(book(write)).entries] == [BRANCH, BRANCH, ""]


def test_a_sheet_for_each_branch() -> None:
    def write(opened: xlsxwriter.Workbook) -> None:
        opened.add_worksheet("填表说明").write_string(0, 0, "请如实填写")
        for at, name in enumerate(("第一党支部", "第二党支部")):
            sheet = opened.add_worksheet(name)
            sheet.write_row(0, 0, ["姓名", "性别", "身份证号"])
            sheet.write_row(1, 0, ["张三", "", number(sequence=at)])

    entries = read(book(write)).entries
    assert [(entry.sheet, entry.number, entry.branch) for entry in entries] == [
        ("第一党支部", 2, "第一党支部"),
        ("第二党支部", 2, "第二党支部"),
    ]


def test_date_cells_are_as_exact_as_they_show() -> None:
    def write(opened: xlsxwriter.Workbook) -> None:
        sheet = opened.add_worksheet()
        sheet.write_row(0, 0, ["姓名", "身份证号", "入党时间", "转正时间"])
        sheet.write_row(1, 0, ["张三", number()])
        month, day = opened.add_format({"num_format": 'yyyy"年"m"月"'}), opened.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_datetime(1, 2, datetime(2010, 7, 1), month)  # noqa: DTZ001 - a workbook knows no zone
        sheet.write_datetime(1, 3, datetime(2011, 7, 1), day)  # noqa: DTZ001

    [entry] = read(book(write)).entries
    assert entry.values["joined_on_precision"] == Precision.MONTH
    assert entry.values["full_on_precision"] == Precision.DAY


def test_text_that_looks_like_a_formula_is_only_text() -> None:
    [entry] = read(workbook([line("=1+1", number(), BRANCH)])).entries
    assert entry.values["name"] == "=1+1"


def test_a_formula_without_a_value_is_a_blank() -> None:
    def write(opened: xlsxwriter.Workbook) -> None:
        sheet = opened.add_worksheet()
        sheet.write_row(0, 0, ["姓名", "身份证号", "入党时间"])
        sheet.write_row(1, 0, ["张三", number()])
        sheet.write_formula(1, 2, '=HYPERLINK("http://x","2010")', None, "")

    [entry] = read(book(write)).entries
    assert "joined_on" not in entry.values
    assert not entry.is_refused or [p.code for p in entry.problems if p.refuses] == ["branch_empty"]
