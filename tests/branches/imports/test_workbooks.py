"""What is read from sound workbooks, the same whatever their format."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import date, datetime, time

import pytest

from branches.imports.workbooks import HEAD_ROWS, Sheet, open_book
from branches.rules.problems import UnusableFile
from tests import workbooks
from tests.workbooks import (
    CONTENT_TYPES,
    STRINGS,
    changed,
    label,
    number,
    plain_id,
    record,
    shared,
    short,
    with_rows,
    xls,
    xlsx,
)

ERROR = b"\0\0\0\0\0\0\xff\xff"


def sheets(content: bytes, kind: str = "xlsx") -> list[Sheet]:
    return list(open_book(content, CONTENT_TYPES[kind]).sheets)


def rows(content: bytes, kind: str = "xlsx") -> list[list[object]]:
    [sheet] = sheets(content, kind)
    found = [list(row) for row in sheet.rows()]
    assert len(found) == sheet.number_of_rows
    assert [list(row) for row in sheet.head] == found[:HEAD_ROWS]
    return found


def of_each_kind() -> Iterator[tuple[str, bytes]]:
    """The same table: text, an empty row, a number, a day, a month, with the first row 2 and column B hidden."""
    moment, month = 29037.0, 29007.0  # 1979-07-01 and 1979-06-01
    head = '<c r="A1" t="inlineStr"><is><t>姓名</t></is></c><c r="C1" t="inlineStr"><is><t>入党时间</t></is></c>'
    body = f'<c r="A4"><v>7</v></c><c r="C4" s="1"><v>{moment}</v></c><c r="D4" s="2"><v>{month}</v></c>'
    xml = f'<row r="1">{head}</row><row r="2" hidden="1"/><row r="4">{body}</row>'
    styled = changed(
        "xl/styles.xml",
        lambda data: (
            b'<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;\xe5\xb9\xb4&quot;m"/>'
            b'</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
            b'<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>'
        ),
        with_rows(xml),
    )
    columns = b'<cols><col min="2" max="2" hidden="1"/></cols><sheetData>'
    merges = b'</sheetData><mergeCells><mergeCell ref="A4:A6"/></mergeCells>'
    yield (
        "xlsx",
        changed(
            workbooks.SHEET,
            lambda data: data.replace(b"<sheetData>", columns).replace(b"</sheetData>", merges),
            styled,
        ),
    )
    records = record(0x7D, struct.pack("<HHHHHH", 1, 1, 0, 0, 1, 0))
    records += record(0x208, struct.pack("<HHHHHHI", 1, 0, 0, 0, 0, 0, 0x20))
    records += label(0, 0, "姓名") + shared(0, 2, 1) + short(3, 0, 7) + number(3, 2, moment, 1) + number(3, 3, month, 2)
    records += record(0xE5, struct.pack("<HHHHH", 1, 3, 5, 0, 0))
    strings = workbooks.strings_of(["性别", "入党时间"])
    yield "xls", xls(records, formats=["yyyy-mm-dd", 'yyyy"年"m"月"'], strings=[strings])


@pytest.mark.parametrize(("kind", "content"), list(of_each_kind()), ids=plain_id)
def test_what_is_known_of_a_sheet(kind: str, content: bytes) -> None:
    [sheet] = sheets(content, kind)
    assert rows(content, kind) == [
        ["姓名", "", "入党时间", ""],
        [""] * 4,
        [""] * 4,
        [7.0, "", date(1979, 7, 1), date(1979, 6, 1)],
    ]
    assert [at for at in range(4) if (3, at) in sheet.month_only] == [3]
    assert [at for at in range(4) if at in sheet.hidden_rows] == [1]
    assert [at for at in range(4) if at in sheet.hidden_columns] == [1]
    assert list(sheet.merges) == [((3, 0), (5, 0))]
    assert open_book(content, CONTENT_TYPES[kind]).tells_hidden


def test_rows_may_be_asked_for_again_while_others_are_read() -> None:
    [sheet] = sheets(xlsx([["姓名"], *([f"党员{at}"] for at in range(5_000))]))
    first = sheet.rows()
    assert next(first) == ["姓名"]
    assert sum(1 for _row in sheet.rows()) == 5_001
    assert next(first) == ["党员0"]


@pytest.mark.parametrize("system", [False, True])
def test_days_of_both_calendars(system: bool) -> None:
    day = date(2020, 2, 29)
    assert rows(xlsx([[day]], date_1904=system)) == [[day]]
    serial = (day - (date(1904, 1, 1) if system else date(1899, 12, 30))).days
    assert rows(xls(number(0, 0, serial, 1), formats=["yyyy-mm-dd"], is_1904=system), "xls") == [[day]]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("<c><v>1.5</v></c>", 1.5),
        ('<c t="n"><v>13800000000</v></c>', 13_800_000_000.0),
        ("<c><v>1e999</v></c>", "1e999"),
        ("<c><v>twelve</v></c>", "twelve"),
        ('<c t="b"><v>1</v></c>', True),
        ('<c t="e"><v>#N/A</v></c>', "#N/A"),
        ('<c t="str"><f>A1&amp;"b"</f><v>ab</v></c>', "ab"),
        ("<c><f>1+1</f><v>2</v></c>", 2.0),
        ('<c t="d"><v>2019-06-30</v></c>', date(2019, 6, 30)),
        ('<c t="d"><v>2019-06-30T08:30:00Z</v></c>', datetime(2019, 6, 30, 8, 30)),  # noqa: DTZ001
        ('<c t="d"><v>soon</v></c>', "soon"),
        ('<c t="inlineStr"><is><r><t>张</t></r><r><t>三</t></r><rPh><t>zhang</t></rPh></is></c>', "张三"),
        ('<c t="inlineStr"><is><t>a_x000D_b_x0007_c_xD800_</t></is></c>', "a\rbc\ufffd"),
        ('<c t="inlineStr"><is><t>&lt;b&gt; &amp; c</t></is></c>', "<b> & c"),
    ],
)
def test_cells_of_an_xlsx(cell: str, value: object) -> None:
    [[found]] = rows(with_rows(f"<row>{cell}</row>"))
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("records", "value"),
    [
        (number(0, 0, 1.5), 1.5),
        (short(0, 0, -7), -7.0),
        (record(0x27E, struct.pack("<HHHi", 0, 0, 0, 12345 << 2 | 3)), 123.45),
        (record(0x27E, struct.pack("<HHHI", 0, 0, 0, 0x3FF80000)), 1.5),
        (number(0, 0, float("nan")), "#NUM!"),
        (record(0x205, struct.pack("<HHHBB", 0, 0, 0, 1, 0)), True),
        (record(0x205, struct.pack("<HHHBB", 0, 0, 0, 42, 1)), "#N/A"),
        (workbooks.formula(0, 0, struct.pack("<d", 2.0)), 2.0),
        (workbooks.formula(0, 0, ERROR) + record(0x207, workbooks.text("结果")), "结果"),
        (workbooks.formula(0, 0, b"\2\0\x07\0\0\0\xff\xff"), "#DIV/0!"),
        (label(0, 0, "张\0三"), "张三"),
    ],
)
def test_cells_of_an_xls(records: bytes, value: object) -> None:
    [[found]] = rows(xls(records), "xls")
    assert found == value
    assert type(found) is type(value)


def test_several_short_numbers_beside_each_other() -> None:
    cells = record(0xBD, struct.pack("<HHHiHiH", 2, 1, 0, 7 << 2 | 2, 1, 29037 << 2 | 2, 2))
    assert rows(xls(cells, formats=["yyyy-mm-dd"]), "xls")[2] == ["", 7.0, date(1979, 7, 1)]


def test_strings_that_go_on_in_the_next_record() -> None:
    first = struct.pack("<II", 3, 3) + workbooks.text("性别") + struct.pack("<HB", 4, 1) + "公民".encode("utf-16-le")
    second = b"\1" + "身份".encode("utf-16-le") + struct.pack("<HBHI", 2, 0x0C, 1, 4)
    third = b"\0ab" + bytes(4) + bytes(4)
    content = xls(shared(0, 0, 0) + shared(0, 1, 1) + shared(0, 2, 2), strings=[first, second, third])
    assert rows(content, "xls") == [["性别", "公民身份", "ab"]]


def test_a_large_older_workbook() -> None:
    cells = b"".join(label(row, column, f"党员{row}") for row in range(60_000) for column in range(5))
    assert len(cells) > 109 * 128 * 512  # its table of sectors goes on beyond its head
    [sheet] = sheets(xls(cells), "xls")
    assert sum(row[4] == f"党员{at}" for at, row in enumerate(sheet.rows())) == 60_000


@pytest.mark.parametrize(
    ("cell", "is_missing"),
    [
        ("<c><f>1+1</f></c>", True),
        ("<c><f>1+1</f><v/></c>", True),
        ("<c><f>1+1</f><v>2</v></c>", False),
        ('<c t="str"><f>""</f><v></v></c>', False),
        ("<c><v>2</v></c>", False),
    ],
)
def test_formulas_without_a_result(cell: str, is_missing: bool) -> None:
    [sheet] = sheets(with_rows(f"<row>{cell}<c><v>1</v></c></row>"))
    assert ((0, 0) in sheet.without_result) is is_missing
    assert list(sheet.rows()) == [["" if is_missing or "str" in cell else 2.0, 1.0]]


@pytest.mark.parametrize(("flags", "is_missing"), [(1, True), (0, False)])
def test_formulas_without_a_result_in_an_older_workbook(flags: int, is_missing: bool) -> None:
    [sheet] = sheets(xls(workbooks.formula(0, 0, b"\3\0\0\0\0\0\xff\xff", flags)), "xls")
    assert ((0, 0) in sheet.without_result) is is_missing


def test_names_of_elements_and_parts_as_other_programs_write_them() -> None:
    content = with_rows('<x:row r="1"><x:c r="B1" t="inlineStr"><x:is><x:t>姓名</x:t></x:is></x:c></x:row>')
    content = changed(
        workbooks.SHEET, lambda data: data.replace(b"<worksheet ", b'<worksheet xmlns:x="urn:x" '), content
    )
    assert rows(content.replace(b"xl/worksheets/sheet1.xml", b"xl\\Worksheets\\Sheet1.xml")) == [["", "姓名"]]


def test_a_workbook_without_shared_strings() -> None:
    assert rows(with_rows("<row><c><v>1</v></c></row>")) == [[1.0]]
    with pytest.raises(UnusableFile):
        rows(changed(STRINGS, lambda data: b"<sst/>"))


@pytest.mark.parametrize("number_of", ["-1", "7", "many"])
def test_a_text_that_is_not_there(number_of: str) -> None:
    with pytest.raises(UnusableFile) as caught:
        rows(changed(workbooks.SHEET, lambda data: data.replace(b"<v>0</v>", f"<v>{number_of}</v>".encode())))
    assert caught.value.problem.code == "unreadable"


def test_hidden_columns_are_those_that_can_be_used() -> None:
    columns = b'<cols><col min="-99999999999" max="16384" hidden="1"/></cols><sheetData>'
    [sheet] = sheets(changed(workbooks.SHEET, lambda data: data.replace(b"<sheetData>", columns)))
    assert sheet.hidden_columns == frozenset(range(200))


def test_hidden_sheets_are_left_aside() -> None:
    content = changed("xl/workbook.xml", lambda data: data.replace(b"<sheet ", b'<sheet state="veryHidden" ', 1))
    assert sheets(content) == []
    assert [sheet.name for sheet in sheets(xls({"一": b"", "二": b""}, states={"一": 2}), "xls")] == ["二"]


@pytest.mark.parametrize("kind", ["xlsx", "xls", "csv"])
def test_the_head_alone(kind: str) -> None:
    table = [[f"党员{row}", "性别", *(["末"] if row > 500 else [])] for row in range(2_000)]
    content = {
        "xlsx": xlsx(table),
        "xls": xls(
            b"".join(label(at, column, cell) for at, row in enumerate(table) for column, cell in enumerate(row))
        ),
        "csv": workbooks.csv(*table),
    }[kind]
    [whole] = open_book(content, CONTENT_TYPES[kind]).sheets
    [part] = open_book(content, CONTENT_TYPES[kind], is_head_enough=True).sheets
    assert [list(row[:2]) for row in part.head] == [list(row[:2]) for row in whole.head] == table[:HEAD_ROWS]
    assert len(part.head) == part.number_of_rows == len(list(part.rows())) == HEAD_ROWS


def test_the_head_of_a_sheet_that_is_shorter() -> None:
    [sheet] = open_book(xlsx([["姓名"], ["张三"]]), CONTENT_TYPES["xlsx"], is_head_enough=True).sheets
    assert [list(row) for row in sheet.rows()] == [["姓名"], ["张三"]]


def test_too_many_rows_in_all_sheets_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("branches.imports.workbooks.MAX_ROWS", 3)
    content = xlsx([["a"], ["b"]], [["c"], ["d"]])
    with pytest.raises(UnusableFile) as caught:
        open_book(content, CONTENT_TYPES["xlsx"])
    assert caught.value.problem.code == "too_many_rows"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_tables_of_text(encoding: str, separator: str) -> None:
    table = [["姓名", "性别", "民族"], ["王䶮", "男,女;", "汉\n族"], ["", "", ""], ["李𠀀", '"', ""], ["", "", ""]]
    content = workbooks.csv(*table, separator=separator, encoding=encoding)
    assert rows(content, "csv") == [
        ["姓名", "性别", "民族"],
        ["王䶮", "男,女;", "汉\n族"],
        ["", "", ""],
        ["李𠀀", '"', ""],
    ]
    assert not open_book(content, CONTENT_TYPES["csv"]).tells_hidden


def test_a_table_of_text_with_line_ends_of_old() -> None:
    assert rows("姓名,性别\r张三,男\r".encode(), "csv") == [["姓名", "性别"], ["张三", "男"]]


def test_times_of_the_day_stay_times() -> None:
    assert rows(xls(number(0, 0, 0.5, 1), formats=["h:mm"]), "xls") == [[time(12)]]
