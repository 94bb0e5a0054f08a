"""The sheets of an .xls: judged once from end to end, then read row by row as often as asked for."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import isfinite

from branches.imports.cell_stores import CellMarks, Strings
from branches.imports.sheets import HEAD_ROWS, MAX_COLUMNS, MAX_MERGES, Merge, Sheet
from branches.imports.xls_records import CONTINUE, DAMAGE, Records, shared_strings, text_at
from branches.rules.number_formats import CellFormats, moment
from branches.rules.problems import UnusableFile

MAX_SHEETS = 500
_DATE_MODE, _FORMAT, _STYLE, _SHEET, _STRINGS = 0x22, 0x41E, 0xE0, 0x85, 0xFC
_ROW, _COLUMN, _MERGES = 0x208, 0x7D, 0xE5
_SHARED, _NUMBER, _SHORT_NUMBER, _SHORT_NUMBERS = 0xFD, 0x203, 0x27E, 0xBD
_FORMULA, _RESULT_TEXT, _MARK, _TEXT, _RICH_TEXT = 0x06, 0x207, 0x205, 0x204, 0xD6
_CELLS = frozenset({_SHARED, _NUMBER, _SHORT_NUMBER, _SHORT_NUMBERS, _FORMULA, _MARK, _TEXT, _RICH_TEXT})
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_AT = struct.Struct("<HHH")
_DOUBLE = struct.Struct("<d")
_LONG = struct.Struct("<i")


@dataclass
class _Workbook:
    """What all sheets share."""

    records: Records
    is_1904: bool = False
    strings: Strings = field(default_factory=Strings)
    formats: CellFormats = field(default_factory=CellFormats)
    sheets: list[tuple[str, int]] = field(default_factory=list)


@dataclass
class _Scan:
    """What must be known of a sheet before its first row is used."""

    rows: int = 0
    columns: int = 0
    merges: list[Merge] = field(default_factory=list)
    month_only: CellMarks = field(default_factory=CellMarks)
    without_result: CellMarks = field(default_factory=CellMarks)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def read_xls(content: bytes, *, is_head_enough: bool = False) -> list[Sheet]:
    """The visible sheets.

    Args:
        is_head_enough: only as far as `Sheet.head` goes, and without what stands behind the rows (`Sheet.merges`).

    Raises:
        UnusableFile: damaged, encrypted, too old or too large.
    """
    try:
        workbook = _open(content)
        return [
            _sheet(workbook, name, position, _scan(workbook, position, is_head_enough=is_head_enough))
            for name, position in workbook.sheets
        ]
    except DAMAGE as error:
        raise UnusableFile("unreadable") from error


def _open(content: bytes) -> _Workbook:
    workbook = _Workbook(Records(content))
    styles: list[int] = []
    codes: dict[int, str] = {}
    strings: list[bytes] = []
    before = 0
    for code, data in workbook.records.at(0):
        if code == CONTINUE and before == _STRINGS:
            strings.append(data)
            continue
        before = code
        if code == _STRINGS:
            strings = [data]
        elif code == _DATE_MODE:
            workbook.is_1904 = data[:1] == b"\x01"
        elif code == _FORMAT:
            codes[int.from_bytes(data[:2], "little")] = text_at(data, 2)
        elif code == _STYLE:
            styles.append(int.from_bytes(data[2:4], "little"))
        elif code == _SHEET:
            position, state, kind = struct.unpack_from("<IBB", data)
            if kind == 0 and not state & 3:
                workbook.sheets.append((text_at(data, 6, size_bytes=1), position))
    if len(workbook.sheets) > MAX_SHEETS:
        raise UnusableFile("too_large")
    if strings:
        workbook.strings = shared_strings(strings)
    workbook.formats = CellFormats.of(styles, codes)
    return workbook


def _sheet(workbook: _Workbook, name: str, position: int, scan: _Scan) -> Sheet:
    return Sheet(
        name,
        scan.rows,
        partial(_rows, workbook, position, scan),
        scan.merges,
        scan.month_only,
        scan.without_result,
        frozenset(scan.hidden_rows),
        frozenset(scan.hidden_columns),
    )


def _scan(workbook: _Workbook, position: int, *, is_head_enough: bool) -> _Scan:
    scan = _Scan()
    for code, data in workbook.records.at(position):
        if code in _CELLS:
            _note_cell(scan, code, data, workbook.formats.months)
            if is_head_enough and scan.rows > HEAD_ROWS:
                scan.rows = HEAD_ROWS
                break
        elif code == _ROW:
            if data[12] & 0x20:
                scan.hidden_rows.add(int.from_bytes(data[:2], "little"))
        elif code == _COLUMN:
            if data[8] & 1:
                first, last = struct.unpack_from("<HH", data)
                scan.hidden_columns.update(range(first, min(last + 1, MAX_COLUMNS)))
        elif code == _MERGES:
            for top, bottom, left, right in struct.iter_unpack("<4H", data[2 : 2 + (len(data) - 2) // 8 * 8]):
                scan.merges.append(((top, left), (bottom, right)))
            if len(scan.merges) > MAX_MERGES:
                raise UnusableFile("too_large")
    return scan


def _note_cell(scan: _Scan, code: int, data: bytes, months: Sequence[bool]) -> None:
    row, column, style = _AT.unpack_from(data)
    last = column if code != _SHORT_NUMBERS else int.from_bytes(data[-2:], "little")
    if last >= MAX_COLUMNS:
        raise UnusableFile("too_many_columns", limit=MAX_COLUMNS)
    if row < scan.rows - 1 or last < column:
        raise UnusableFile("unreadable")
    scan.rows = row + 1
    if last >= scan.columns:
        scan.columns = last + 1
    if code == _SHORT_NUMBERS:
        for at, own_style in _short_styles(data):
            if _says(months, own_style):
                scan.month_only.add(row, at)
    elif _says(months, style):
        scan.month_only.add(row, column)
    if code == _FORMULA and _is_without_result(data):
        scan.without_result.add(row, column)


def _rows(workbook: _Workbook, position: int, scan: _Scan) -> Iterator[Sequence[object]]:
    """The rows, those between them that the file does not mention as empty ones."""
    at = 0
    cells: list[object] = [""] * scan.columns
    try:
        for row, column, value in _values(workbook, position):
            if row >= scan.rows:
                break
            while at < row:
                yield cells
                cells = [""] * scan.columns
                at += 1
            cells[column] = value
    except DAMAGE as error:
        raise UnusableFile("unreadable") from error
    if scan.rows:
        yield cells


def _values(workbook: _Workbook, position: int) -> Iterator[tuple[int, int, object]]:
    dates, is_1904 = workbook.formats.dates, workbook.is_1904
    awaiting: tuple[int, int] | None = None  # the text a formula results in follows it
    for code, data in workbook.records.at(position, is_counted=False):
        if code == _RESULT_TEXT and awaiting is not None:
            yield *awaiting, text_at(data, 0)
            awaiting = None
        elif code == _SHORT_NUMBERS:
            row = int.from_bytes(data[:2], "little")
            for step, (column, style) in enumerate(_short_styles(data)):
                value = _short_number(data, 6 + 6 * step)
                if isinstance(value, float) and _says(dates, style):
                    value = moment(value, is_1904=is_1904)
                yield row, column, value
        elif code in _CELLS:
            row, column, style = _AT.unpack_from(data)
            value = _value(code, data, workbook.strings)
            if isinstance(value, float) and _says(dates, style):
                value = moment(value, is_1904=is_1904)
            yield row, column, value
            awaiting = (row, column) if code == _FORMULA and value == "" else None


def _value(code: int, data: bytes, strings: Strings) -> object:
    if code == _SHARED:
        return strings[int.from_bytes(data[6:10], "little")]
    if code == _SHORT_NUMBER:
        return _short_number(data, 6)
    if code == _NUMBER or (code == _FORMULA and data[12:14] != b"\xff\xff"):
        return _finite(_DOUBLE.unpack_from(data, 6)[0])
    if code == _MARK:
        return _mark(data[6], is_error=bool(data[7]))
    if code != _FORMULA:
        return text_at(data, 6)
    return _mark(data[8], is_error=data[6] == 2) if data[6] in (1, 2) else ""


def _short_styles(data: bytes) -> Iterator[tuple[int, int]]:
    """The column and style of each of several short numbers beside each other."""
    first = int.from_bytes(data[2:4], "little")
    for step, offset in enumerate(range(4, len(data) - 7, 6)):
        yield first + step, int.from_bytes(data[offset : offset + 2], "little")


def _says(styles: Sequence[bool], style: int) -> bool:
    return style < len(styles) and styles[style]


def _is_without_result(data: bytes) -> bool:
    """A formula to be worked out when the file is opened, with an empty text in place of its result."""
    return data[12:14] == b"\xff\xff" and data[6] == 3 and bool(data[14] & 1)


def _mark(value: int, *, is_error: bool) -> object:
    return _ERRORS.get(value, "#N/A") if is_error else bool(value)


def _finite(value: float) -> object:
    return value if isfinite(value) else "#NUM!"


def _short_number(data: bytes, offset: int) -> object:
    """A number in four bytes: a whole one, or the first half of a double, either perhaps a hundred times itself."""
    raw = _LONG.unpack_from(data, offset)[0]
    value = float(raw >> 2) if raw & 2 else _DOUBLE.unpack(b"\0\0\0\0" + _LONG.pack(raw & ~3))[0]
    return _finite(value / 100 if raw & 1 else value)
