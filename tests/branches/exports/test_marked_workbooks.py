from __future__ import annotations

import io
import zipfile
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from branches.exports.marked_sheets import column_number
from branches.exports.marked_styles import RED, YELLOW
from branches.exports.marked_workbooks import mark_workbook
from branches.models import Batch, Membership, Organisation, Person, User
from branches.rules.layouts import PROBLEM_HEADING
from tests.branches.imports.test_samples import AS_OF, SAMPLES, bureau  # noqa: F401
from tests.cast import Cast
from tests.rosters import FILES, HEADINGS, codes, line, number, plan, rows, workbook, write
from tests.workbooks import label, xls
from tests.workbooks import number as serial

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
GOOD, OTHER = number("19800101"), number("19810101")
BAD = GOOD[:-1] + ("0" if GOOD[-1] != "0" else "1")


def marked(batch: Batch) -> bytes:
    content, _name = mark_workbook(batch)
    check_sound(content)
    return content


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        assert len(names) == len(set(names))
        return {name: archive.read(name) for name in names}


def check_sound(content: bytes) -> None:
    """What Excel asks of a workbook before it opens one without offering to repair it."""
    found = parts(content)
    styles = ElementTree.fromstring(found["xl/styles.xml"]) if "xl/styles.xml" in found else None
    formats = 1
    if styles is not None:
        for name in ("fills", "cellXfs"):
            listed = styles.find(MAIN + name)
            assert listed is not None and listed.get("count", str(len(listed))) == str(len(listed))
        formats = len(styles.find(MAIN + "cellXfs") or ())
        fills = len(styles.find(MAIN + "fills") or ())
        assert all(int(one.get("fillId", 0)) < fills for one in styles.find(MAIN + "cellXfs") or ())
    for name, part in found.items():
        if not name.startswith("xl/worksheets/sheet"):
            continue
        sheet = ElementTree.fromstring(part)
        last = 0
        for column in sheet.iterfind(f"{MAIN}cols/{MAIN}col"):
            assert last < int(column.attrib["min"]) <= int(column.attrib["max"])
            last = int(column.attrib["max"])
        row_number = 0
        for row in sheet.iterfind(f"{MAIN}sheetData/{MAIN}row"):
            row_number, before = check_row(row, row_number), row_number
            assert row_number > before
            assert all(int(cell.get("s", 0)) < formats for cell in row)
    assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames
    assert CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names


def check_row(row: Any, before: int) -> int:
    at = int(row.get("r", before + 1))
    column = -1
    for cell in row:
        reference = cell.get("r")
        here = column_number(reference) if reference else column + 1
        assert here > column, f"row {at}: cells out of order or twice"
        assert not reference or reference.endswith(str(at))
        column = here
    assert all(int(end) <= 16384 for end in row.get("spans", "1:1").split(":"))
    return at


def cells(content: bytes, sheet: int = 0) -> list[list[Any]]:
    return [
        list(row) for row in CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(sheet).to_python()
    ]


def problems(content: bytes, sheet: int = 0) -> dict[int, str]:
    """The texts of our column by the numbers of their rows."""
    book = openpyxl.load_workbook(io.BytesIO(content)).worksheets[sheet]
    at = [cell.column for row in book.iter_rows() for cell in row if cell.value == PROBLEM_HEADING]
    assert len(at) == 1
    heading = next(cell.row for row in book.iter_rows() for cell in row if cell.value == PROBLEM_HEADING)
    return {
        row: str(book.cell(row, at[0]).value)
        for row in range(heading + 1, book.max_row + 1)
        if book.cell(row, at[0]).value
    }


def colour(content: bytes, reference: str) -> str:
    fill = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0][reference].fill
    return str(fill.fgColor.rgb) if fill.patternType == "solid" else ""


SHEET = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{inside}</worksheet>"""
STYLES = """<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<fonts count="1"><font/></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>
<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0"><alignment horizontal="center"/></xf></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""


def package(sheet: str | bytes, styles: str | None = STYLES, **others: bytes) -> bytes:
    """An .xlsx of one sheet, written part by part."""
    target = io.BytesIO()
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{types}"><Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
            'ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet9.xml" ContentType="{kind}.worksheet+xml"/>'
            + (f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>' if styles else "")
            + "</Types>",
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{relations}"><Relationship Id="r1" Type="{office}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{office}"><workbookPr date1904="1"/>'
            '<sheets><sheet name="名册" sheetId="7" r:id="r9"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{relations}"><Relationship Id="r9" Type="{office}/worksheet" '
            'Target="/xl/worksheets/sheet9.xml"/>'
            + (f'<Relationship Id="r8" Type="{office}/styles" Target="styles.xml"/>' if styles else "")
            + "</Relationships>",
        )
        if styles:
            archive.writestr("xl/styles.xml", styles)
        archive.writestr("xl/worksheets/sheet9.xml", sheet)
        for name, content in others.items():
            archive.writestr(f"customXml/{name}.xml", content)
    return target.getvalue()


def inline(text: str, reference: str = "", style: str = "") -> str:
    place = f' r="{reference}"' if reference else ""
    return f'<c{place}{style} t="inlineStr"><is><t>{text}</t></is></c>' if text else f"<c{place}{style}/>"


def table(*lines: list[str], referenced: bool = True) -> str:
    """sheetData of the header and lines."""
    written = []
    for at, texts in enumerate([list(HEADINGS), *lines], start=1):
        own = [inline(text, f"{chr(65 + column)}{at}" if referenced else "") for column, text in enumerate(texts)]
        written.append(f"<row{f' r={chr(34)}{at}{chr(34)}' if referenced else ''}>{''.join(own)}</row>")
    return "".join(written)


def prefixed(part: str) -> str:
    return part.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?").replace("xmlns=", "xmlns:x=")


def test_only_the_problems_are_added_and_everything_else_stays(cast: Cast) -> None:
    sheet = SHEET.format(
        inside='<sheetPr codeName="x"/><dimension ref="A1:B2"/><cols><col min="2" max="16384" width="9"/></cols>'
        f"<sheetData>{table(line('李新', GOOD, '第一党支部'), line('张新', BAD, '第一党支部'))}</sheetData>"
        '<autoFilter ref="A1:I3"/><mergeCells count="1"><mergeCell ref="A8:C8"/></mergeCells>'
        '<dataValidations count="1"><dataValidation type="list" sqref="B2:B9"><formula1>"男,女"</formula1>'
        "</dataValidation></dataValidations>"
    )
    before = package(sheet, keep=b"<anything/>")
    after = marked(plan(before, cast.committee, cast.staff))
    assert list(problems(after)) == [3]
    assert problems(after)[3].startswith("身份证号：")
    assert not problems(after)[3].endswith("。")
    assert (colour(after, "C3"), colour(after, "C2"), colour(after, "D3")) == (RED, "", "")
    old, new = parts(before), parts(after)
    assert {name for name in old if old[name] != new[name]} == {"xl/worksheets/sheet9.xml", "xl/styles.xml"}
    assert cells(before) == [row[: len(HEADINGS)] for row in cells(after)]
    kept = new["xl/worksheets/sheet9.xml"].decode()
    assert sheet[sheet.index("<autoFilter") :] == kept[kept.index("<autoFilter") :]
    assert '<dimension ref="A1:J3"/>' in kept
    assert '<col min="2" max="9" width="9"/><col ' in kept
    assert '<col min="11" max="16384" width="9"/>' in kept


@pytest.mark.parametrize("kind", ["unreferenced", "prefixed", "no styles", "utf-16", "self-closing", "comments"])
def test_packages_as_other_programs_write_them(kind: str, cast: Cast) -> None:
    good, bad = line("李新", GOOD, "第一党支部"), line("张新", BAD, "第一党支部", 所在党支部="")
    sheet: str | bytes = SHEET.format(
        inside=f"<sheetData>{table(good, bad, referenced=kind != 'unreferenced')}</sheetData>"
    )
    styles: str | None = STYLES
    if kind == "prefixed":
        sheet = (
            str(sheet).replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?").replace("xmlns=", "xmlns:x=")
        )
        styles = STYLES.replace("<", "<x:").replace("<x:/", "</x:").replace("xmlns=", "xmlns:x=")
    elif kind == "no styles":
        styles = None
    elif kind == "utf-16":
        sheet = str(sheet).replace("UTF-8", "UTF-16").encode("utf-16")
    elif kind == "self-closing":
        sheet = str(sheet).replace("<sheetData>", '<cols/><sheetData><row r="0009" />').replace(' r="0009" ', "")
        sheet = sheet.replace("<row/>", "").replace("</sheetData>", '<row r="40" s="1" customFormat="1"/></sheetData>')
    elif kind == "comments":
        sheet = str(sheet).replace("<row ", "<!-- <row r='1'> > --><row\n\tht = '20'\n ")
    content = marked(plan(package(sheet, styles), cast.committee, cast.staff))
    assert list(problems(content)) == [3]
    assert "身份证号：" in problems(content)[3] and "；所在党支部：" in problems(content)[3]
    assert colour(content, "C3") == ("" if kind == "no styles" else RED)
    assert colour(content, "H3") == ("" if kind == "no styles" else RED)


def test_an_empty_cell_that_was_not_written_is_coloured_in_its_place(cast: Cast) -> None:
    row = "".join(
        inline(text, f"{chr(65 + at)}2") for at, text in enumerate(line("", GOOD, "第一党支部", 入党时间="7.1")) if text
    )
    head = "".join(inline(text, f"{chr(65 + at)}1") for at, text in enumerate(HEADINGS))
    sheet = SHEET.format(
        inside=f'<cols><col min="1" max="1" width="9" style="1"/></cols><sheetData><row r="1">{head}</row>'
        f'<row r="2" spans="1:9">{row}<c r="J2" s="1"/><c r="Z2" s="1"/></row></sheetData>'
    )
    content = marked(plan(package(sheet), cast.committee, cast.staff))
    assert colour(content, "A2") == RED
    book = openpyxl.load_workbook(io.BytesIO(content)).active
    assert book["A2"].alignment.horizontal == "center", "as its column is"
    assert "姓名：" in problems(content)[2]


def test_texts_are_never_formulas_and_hold_what_a_cell_can(cast: Cast) -> None:
    content = marked(plan(workbook([line("李新", GOOD, "=1+<&_x0041_")]), cast.committee, cast.staff))
    book = openpyxl.load_workbook(io.BytesIO(content)).active
    cell = next(cell for cell in book[2] if "=1+<&" in str(cell.value) and cell.column > len(HEADINGS))
    assert cell.data_type != "f"
    assert "_x0041_" in problems(content)[2].replace("_x005F_x", "_x")


def test_what_is_worth_a_look_is_yellow(cast: Cast) -> None:
    content = marked(plan(workbook([line("李新", GOOD, "第一党支部", 学历="博导")]), cast.committee, cast.staff))
    assert (colour(content, "D2"), colour(content, "C2")) == (YELLOW, "")
    assert problems(content)[2].startswith("学历：")


def test_corrected_and_uploaded_again_only_the_rest_is_taken(cast: Cast) -> None:
    batch = write(
        plan(workbook([line("李新", GOOD, "第一党支部"), line("张新", BAD, "第一党支部")]), cast.committee, cast.staff)
    )
    first = Person.objects.get(name="李新")
    book = openpyxl.load_workbook(io.BytesIO(marked(batch)))
    sheet = book.active
    assert sheet["C3"].value == BAD
    sheet["C3"] = OTHER
    again = io.BytesIO()
    book.save(again)
    second = plan(again.getvalue(), cast.committee, cast.staff)
    assert {at: row.action for at, row in rows(second).items()} == {2: "unchanged", 3: "create"}
    write(second)
    assert Person.objects.get(name="李新").version == first.version
    assert Membership.objects.filter(person__name__in=["李新", "张新"]).count() == 2


def test_a_second_round_replaces_the_first(cast: Cast) -> None:
    lines = [line("李新", BAD, "第一党支部"), line("张新", BAD, "第一党支部")]
    book = openpyxl.load_workbook(io.BytesIO(marked(plan(workbook(lines), cast.committee, cast.staff))))
    book.active["C2"] = OTHER
    again = io.BytesIO()
    book.save(again)
    batch = plan(again.getvalue(), cast.committee, cast.staff)
    content = marked(batch)
    assert list(problems(content)) == [3]
    assert (colour(content, "C2"), colour(content, "C3")) == ("", RED)
    assert max(len(row) for row in cells(content)) == len(HEADINGS) + 1
    assert batch.layouts[0]["columns"] == plan(workbook(lines), cast.committee, cast.staff).layouts[0]["columns"]


def test_a_text_file_goes_back_as_a_workbook(cast: Cast) -> None:
    rows_ = [HEADINGS, line("李新", GOOD, "第一党支部"), line("=1+1", BAD, "第一党支部", 联系电话="013800001234")]
    text = "\n".join(",".join(row) for row in rows_)
    batch = plan(text.encode("gb18030"), cast.committee, cast.staff, name="花名册.csv")
    content, name = mark_workbook(batch)
    check_sound(content)
    assert name == "花名册（待更正）.xlsx"
    assert [row[: len(HEADINGS)] for row in cells(content)] == [list(row) for row in rows_]
    assert colour(content, "C3") == RED
    assert openpyxl.load_workbook(io.BytesIO(content)).active["A3"].data_type == "s"
    again = plan(content, cast.committee, cast.staff)
    assert {at: row.action for at, row in rows(again).items()} == {2: "create", 3: "refused"}


def test_an_old_workbook_goes_back_as_a_new_one(cast: Cast) -> None:
    table = [HEADINGS, line("李新", GOOD, "第一党支部"), line("张新", BAD, "第一党支部")]
    records = [
        # 2010-07-01, shown without its day
        serial(row, at, 40360.0, 1) if row and at == HEADINGS.index("入党时间") else label(row, at, text)
        for row, texts in enumerate(table)
        for at, text in enumerate(texts)
    ]
    content, name = mark_workbook(
        plan(
            xls(b"".join(records), formats=['yyyy"年"m"月"']),
            cast.committee,
            cast.staff,
            name="花名册.et",
        )
    )
    check_sound(content)
    assert name == "花名册（待更正）.xlsx"
    assert list(problems(content)) == [3]
    assert colour(content, "C3") == RED
    assert cells(content)[2][:3] == ["张新", "男", BAD]
    again = write(plan(content, cast.committee, cast.staff))
    assert {at: row.action for at, row in rows(again).items()} == {2: "create", 3: "refused"}
    assert Person.objects.get(name="李新").joined_on_precision == "month"


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_sample_goes_back_and_comes_again(sample: str, bureau: tuple[Organisation, User]) -> None:  # noqa: F811
    first = write(plan((FILES / sample).read_bytes(), *bureau, name=sample, as_of=AS_OF))
    content = marked(first)
    told = {number for number, row in rows(first).items() if codes(row)}
    again = plan(content, *bureau, name="再来.xlsx", as_of=AS_OF)
    assert again.state == Batch.State.PLANNED
    assert again.counts.get("unchanged") == first.counts["create"]
    assert not {"create", "update", "move"} & again.counts.keys()
    assert again.counts["refused"] == first.counts["refused"]
    assert told == problems(content).keys()
    before = parts((FILES / sample).read_bytes()) if sample.endswith("xlsx") else {}
    after = parts(content)
    changed = {name for name in before if before[name] != after.get(name)}
    assert all(name.startswith("xl/worksheets/") or name == "xl/styles.xml" for name in changed)
