"""Hostile and broken files: each is refused with a word, none costs memory or falls over."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from branches.imports import xlsx_parts
from branches.imports.workbooks import open_sheets
from branches.rules.roster_problems import UnusableFile
from tests.rosters import workbook


def code_of(content: bytes, *, is_csv: bool = False) -> str:
    with pytest.raises(UnusableFile) as caught:
        open_sheets(content, is_csv=is_csv)
    assert caught.value.problem.message
    return caught.value.problem.code


def changed(path: str, change: Callable[[bytes], bytes], content: bytes | None = None) -> bytes:
    """A good workbook with one part changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content or workbook([["张三"]]))) as old, zipfile.ZipFile(target, "w") as new:
        for member in old.infolist():
            data = old.read(member)
            new.writestr(member, change(data) if member.filename == path else data)
    return target.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        b"not a workbook at all",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,  # an encrypted workbook is in this older kind of file
        workbook([["张三"]])[:-200],
        workbook([["张三"]])[:700],
    ],
)
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    assert code_of(content) == "unreadable"


def test_a_zip_without_a_workbook_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("readme.txt", "nothing")
    assert code_of(target.getvalue()) == "unreadable"


@pytest.mark.parametrize("path", [SHEET, "xl/workbook.xml", "xl/styles.xml"])
def test_broken_parts_are_refused(path: str) -> None:
    assert code_of(changed(path, lambda data: data[: len(data) // 2])) == "unreadable"


def test_entities_are_refused_before_they_grow() -> None:
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY c "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        b"<worksheet><sheetData><row r='1'><c r='A1'><is><t>&c;</t></is></c></row></sheetData></worksheet>"
    )
    assert code_of(changed(SHEET, lambda data: bomb)) == "unreadable"


def test_too_much_data_is_refused_by_the_sizes_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_parts, "MAX_UNPACKED_BYTES", 1000)
    monkeypatch.setattr(xlsx_parts, "_parse", None)  # nothing is unpacked
    assert code_of(workbook([["张三"]])) == "too_large"


@pytest.mark.parametrize(
    ("reference", "code"), [("A1048576", "too_many_rows"), ("XFD2", "too_many_columns"), ("A20001", "too_many_rows")]
)
def test_one_cell_far_out_is_refused_instead_of_filled_up_to(reference: str, code: str) -> None:
    row = reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    far = f'<row r="{row}"><c r="{reference}"><v>1</v></c></row></sheetData>'.encode()
    assert code_of(changed(SHEET, lambda data: data.replace(b"</sheetData>", far))) == code


def test_formatted_but_empty_cells_far_out_do_no_harm() -> None:
    far = b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    sheets = open_sheets(changed(SHEET, lambda data: data.replace(b"</sheetData>", far)), is_csv=False)
    assert len(sheets[0].rows) == 2


def test_row_numbers_are_those_people_see() -> None:
    sheets = open_sheets(workbook([["张三"]], headings=["姓名"], top=6, left=2), is_csv=False)
    assert sheets[0].rows[7][2] == "张三"


def test_hidden_sheets_are_left_aside() -> None:
    content = changed(
        "xl/workbook.xml", lambda data: data.replace(b'<sheet name="Sheet1"', b'<sheet state="hidden" name="Sheet1"')
    )
    assert open_sheets(content, is_csv=False) == []


@pytest.mark.parametrize(
    ("code", "is_month"),
    [
        ('yyyy"年"m"月"', True),
        ("yyyy.mm", True),
        ("[$-804]yyyy/m;@", True),
        ('yyyy"年"m"月"d"日"', False),
        ("yyyy-mm-dd", False),
        ("h:mm:ss", False),
        ("0.00", False),
        ("General", False),
    ],
)
def test_formats_that_show_no_day(code: str, is_month: bool) -> None:
    assert xlsx_parts.shows_no_day(code) is is_month


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"\x00\x01\x02", b"\x80\x81\x82\xff\xff", b'"' + b"a" * 200_000 + b'"', b"," * 300]
)
def test_what_is_no_table_of_text_is_refused(content: bytes) -> None:
    assert code_of(content, is_csv=True) in ("unreadable", "too_many_columns")


def test_too_many_lines_of_text_are_refused() -> None:
    assert code_of(b"a\n" * 20_001, is_csv=True) == "too_many_rows"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_tables_of_text(encoding: str, delimiter: str) -> None:
    text = "\r\n".join([delimiter.join(["姓名", "性别", "民族"]), delimiter.join(["王䶮", "男", '"汉\n族"'])])
    [sheet] = open_sheets(text.encode(encoding), is_csv=True)
    assert sheet.rows == [["姓名", "性别", "民族"], ["王䶮", "男", "汉\n族"]]
