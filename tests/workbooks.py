"""Workbooks for tests: sound ones of every format, and the pieces hostile ones are made of."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter

from foundation.rules.files import CSV, XLS, XLSX

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"


def xlsx(*sheets: Iterable[Sequence[object]], names: Sequence[str] = (), **options: Any) -> bytes:
    """An .xlsx with a sheet for each table; `options` are those of xlsxwriter, such as date_1904."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"default_date_format": "yyyy-mm-dd", **options}) as book:
        for at, rows in enumerate(sheets):
            sheet = book.add_worksheet(names[at] if names else None)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return target.getvalue()


def changed(path: str, change: Callable[[bytes], bytes], content: bytes | None = None) -> bytes:
    """A good workbook with one part changed."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content or xlsx([["姓名"], ["张三"]]))) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.infolist():
            data = old.read(member)
            new.writestr(member.filename, change(data) if member.filename == path else data)
    return target.getvalue()


def with_rows(xml: str | bytes) -> bytes:
    """A good workbook with these rows in place of its own."""
    rows = xml.encode() if isinstance(xml, str) else xml
    return changed(
        SHEET,
        lambda data: data[: data.index(b"<sheetData>") + 11] + rows + data[data.index(b"</sheetData>") :],
    )


def csv(*rows: Sequence[str], separator: str = ",", encoding: str = "utf-8-sig") -> bytes:
    """A table of text, quoted where it must be."""

    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"' if set(cell) & set('"\r\n,;\t') else cell

    return "".join(separator.join(map(quoted, row)) + "\r\n" for row in rows).encode(encoding)


# --- .xls: records of BIFF8 inside a container (MS-XLS, MS-CFB) ------------------------------------------------------


def record(code: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", code, len(data)) + data


def begin(kind: int, version: int = 0x0600) -> bytes:
    return record(0x809, struct.pack("<HHHHII", version, kind, 0, 0, 0, 6))


END = record(0x0A)


def text(value: str, *, size: str = "<H") -> bytes:
    units = value.encode("utf-16-le")
    return struct.pack(size, len(units) // 2) + b"\x01" + units


def label(row: int, column: int, value: str, style: int = 0) -> bytes:
    return record(0x204, struct.pack("<HHH", row, column, style) + text(value))


def number(row: int, column: int, value: float, style: int = 0) -> bytes:
    return record(0x203, struct.pack("<HHHd", row, column, style, value))


def short(row: int, column: int, value: int, style: int = 0) -> bytes:
    """A whole number in the short form."""
    return record(0x27E, struct.pack("<HHHi", row, column, style, value << 2 | 2))


def shared(row: int, column: int, at: int) -> bytes:
    """A cell whose text stands in the table of strings."""
    return record(0xFD, struct.pack("<HHHI", row, column, 0, at))


def formula(row: int, column: int, result: bytes, flags: int = 0) -> bytes:
    return record(0x06, struct.pack("<HHH", row, column, 0) + result + struct.pack("<HI", flags, 0) + b"\0\0")


def xls(
    sheets: Mapping[str, bytes] | bytes,
    *,
    formats: Sequence[str] = (),
    strings: Sequence[bytes] = (),
    is_1904: bool = False,
    states: Mapping[str, int] | None = None,
    extra: bytes = b"",
) -> bytes:
    """An .xls.

    Args:
        sheets: the records of each sheet.
        formats: of the styles from 1 on; style 0 shows numbers as they are.
        strings: the record of the table of strings, and those that go on with it.
        states: 1 for a hidden sheet.
        extra: records right after the first one.
    """
    named = {"名册": sheets} if isinstance(sheets, bytes) else sheets
    shared_part = extra + record(0x22, struct.pack("<H", is_1904))
    for at, code in enumerate(formats):
        shared_part += record(0x41E, struct.pack("<H", 164 + at) + text(code))
    for at in range(len(formats) + 1):
        shared_part += record(0xE0, struct.pack("<HH", 0, 164 + at - 1 if at else 0) + bytes(16))
    tail = b"".join(record(0xFC if not at else 0x3C, part) for at, part in enumerate(strings)) + END
    size = len(begin(5) + shared_part + tail)
    size += sum(len(record(0x85, bytes(6) + text(name, size="<B"))) for name in named)
    directory, bodies = b"", b""
    for name, cells in named.items():
        state = (states or {}).get(name, 0)
        directory += record(0x85, struct.pack("<IBB", size + len(bodies), state, 0) + text(name, size="<B"))
        bodies += begin(0x10) + cells + END
    return container({"Workbook": begin(5) + shared_part + directory + tail + bodies})


def strings_of(values: Sequence[str]) -> bytes:
    """The record of the table of strings."""
    return struct.pack("<II", len(values), len(values)) + b"".join(map(text, values))


def container(streams: Mapping[str, bytes]) -> bytes:
    """A container of older office files with these streams."""
    sectors: list[bytes] = []
    follows: list[int] = []
    nothing, end, table_sector = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD

    def chain(data: bytes) -> int:
        first = len(sectors)
        for at in range(0, len(data), 512):
            sectors.append(data[at : at + 512].ljust(512, b"\0"))
            follows.append(len(sectors))
        follows[-1] = end
        return first

    def entry(
        name: str, kind: int, *, right: int = nothing, child: int = nothing, start: int = end, size: int = 0
    ) -> bytes:
        raw = (name + "\0").encode("utf-16-le")
        head = raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw), kind, 1, nothing, right, child)
        return head + bytes(36) + struct.pack("<IQ", start, size)

    # Streams below 4096 bytes would be kept in another way.
    placed = {name: (chain(data.ljust(4096, b"\0")), max(len(data), 4096)) for name, data in streams.items()}
    entries = [entry("Root Entry", 5, child=1)]
    for at, (name, (start, size)) in enumerate(placed.items(), start=1):
        entries.append(entry(name, 2, right=at + 1 if at < len(placed) else nothing, start=start, size=size))
    directory = chain(b"".join(entries))
    # The table of sectors takes sectors itself; the header lists the first 109 of them, lists of 127 the others.
    number_of_tables = -(-(len(sectors) + 1) // 126)
    number_of_lists = -(-max(0, number_of_tables - 109) // 127)
    tables = list(range(len(sectors), len(sectors) + number_of_tables))
    first_list = len(sectors) + number_of_tables
    follows += [table_sector] * number_of_tables + [table_sector - 1] * number_of_lists
    follows += [nothing] * (number_of_tables * 128 - len(follows))
    body = b"".join(sectors) + struct.pack(f"<{len(follows)}I", *follows)
    for at in range(number_of_lists):
        listed = tables[109 + 127 * at :][:127]
        after = first_list + at + 1 if at + 1 < number_of_lists else end
        body += struct.pack("<128I", *listed, *[nothing] * (127 - len(listed)), after)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<6I", 0, number_of_tables, directory, 0, 4096, end)
    header += struct.pack("<3I", 0, first_list if number_of_lists else end, number_of_lists)
    return header + struct.pack("<109I", *tables[:109], *[nothing] * (109 - len(tables))) + body


def plain_id(value: object) -> str | None:
    """For `ids`: archives hold the time they were made, and the names of tests must not."""
    return "content" if isinstance(value, bytes) else None


CONTENT_TYPES = {"xlsx": XLSX.content_type, "xls": XLS.content_type, "csv": CSV.content_type}
