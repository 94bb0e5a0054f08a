"""Files made to hurt whoever opens them.

`python -m tests.hostile_files TIMES FILE…` opens some in a process of its own. The suite makes the large ones so many
times smaller, and the limits with them; `bench.hostile` opens them as large as they come.
"""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from branches.imports import cell_stores, sheets, text_tables, xls_records, xls_sheets, xlsx_parts, xlsx_sheets
from branches.imports import workbooks as opening
from branches.imports.workbooks import open_book
from branches.rules.problems import UnusableFile
from foundation.rules import files
from foundation.rules.files import CSV, XLS, XLSX, FileType, UnsafeFile, is_text, sniff
from tests.workbooks import (
    END,
    SHEET,
    STRINGS,
    begin,
    changed,
    container,
    label,
    number,
    record,
    shared,
    text,
    with_rows,
    xls,
    xlsx,
)

MEGABYTE = 1024 * 1024
FAR = "too_many_columns"
ONE_ROW = b"<row><c><v>1</v></c></row>"
# What limits the amount of anything.
LIMITS = {
    "MAX_UNPACKED_BYTES", "MAX_TEXT_BYTES", "MAX_GIVEN_BYTES", "MAX_STRINGS", "MAX_TAGS", "MAX_SMALL_PART",
    "MAX_RECORDS", "MAX_CELLS", "MAX_MERGES", "MAX_ROWS", "_MAX_PIECES",
}  # fmt: skip
MODULES = (cell_stores, files, opening, sheets, text_tables, xls_records, xls_sheets, xlsx_parts, xlsx_sheets)
times = 1


@dataclass(frozen=True)
class Hostile:
    """How a file is made, and what is said about it when it is uploaded and when it is opened; "" where nothing is."""

    build: Callable[[], bytes]
    kind: FileType
    upload: str
    opened: str


def shrink_limits() -> None:
    for module in MODULES:
        for name in LIMITS & vars(module).keys():
            setattr(module, name, getattr(module, name) // times)


def scaled(number_of: int) -> int:
    return -(-number_of // times)


def replaced(path: str, pieces: Iterable[bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A good workbook with one part made of very many pieces."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx([["姓名"], ["张三"]]))) as old, zipfile.ZipFile(target, "w", method) as new:
        for member in old.infolist():
            if member.filename != path:
                new.writestr(member.filename, old.read(member))
        with new.open(path, "w") as part:
            for piece in pieces:
                part.write(piece)
    return target.getvalue()


def rows(*pieces: bytes) -> Iterable[bytes]:
    yield b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    yield from pieces
    yield b"</sheetData></worksheet>"


def many(number_of: int, piece: Callable[[int], bytes]) -> Iterable[bytes]:
    number_of = scaled(number_of)
    for start in range(0, number_of, 10_000):
        yield b"".join(piece(at) for at in range(start, min(start + 10_000, number_of)))


def white(megabytes: int) -> Iterable[bytes]:
    yield from (b" " * scaled(MEGABYTE) for _number in range(megabytes))


def unpacking_to_more_than_it_says() -> bytes:
    """The directory and the part's own head both say 1000 bytes."""
    content = bytearray(replaced(SHEET, rows(*white(500))))
    size = struct.pack("<I", sum(map(len, rows(*white(500)))))
    assert content.count(size) >= 1
    return bytes(content.replace(size, struct.pack("<I", 1000)))


def full_of_parts() -> bytes:
    """A directory of 300,000 parts that are not there."""
    content = xlsx([["姓名"]])
    end = content.rindex(b"PK\x05\x06")
    fields = list(struct.unpack("<4H2IH", content[end + 4 : end + 22]))
    first = content[fields[5] :][:46]
    name = int.from_bytes(first[28:30], "little")
    directory = content[fields[5] : end] + content[fields[5] : fields[5] + 46 + name] * 300_000
    fields[4] = len(directory)
    return content[: fields[5]] + directory + b"PK\x05\x06" + struct.pack("<4H2IH", *fields)


def one_sheet_as_often_as_can_be() -> bytes:
    sheet = b'<sheet name="%d" sheetId="1" r:id="rId1"/>'
    return changed(
        "xl/workbook.xml",
        lambda data: data.replace(b"<sheets>", b"<sheets>" + b"".join(sheet % at for at in range(5_000))),
        replaced(SHEET, rows(*white(2))),
    )


def strings(*pieces: bytes) -> Iterable[bytes]:
    yield b'<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    yield from pieces
    yield b"</sst>"


def one_long_text_everywhere() -> bytes:
    cells = b"".join(b'<c t="s"><v>0</v></c>' for _column in range(200))
    used = replaced(SHEET, rows(*many(15_000, lambda at: b"<row>" + cells + b"</row>")))
    long = b"".join(strings("<si><t>{}</t></si>".format("长" * 32_000).encode()))
    return changed(STRINGS, lambda data: long, used)


def going_in_circles() -> bytes:
    """The table of sectors of an older workbook leads from one to the same again."""
    content = bytearray(xls(b"".join(label(row, 0, f"党员{row}") for row in range(500))))
    table = struct.unpack_from("<I", content, 76)[0]
    struct.pack_into("<I", content, (table + 1) * 512, 0)
    return bytes(content)


def family_in_circles() -> bytes:
    content = bytearray(container({"Workbook": b"", "Second": b""}))
    directory = (struct.unpack_from("<I", content, 48)[0] + 1) * 512
    struct.pack_into("<II", content, directory + 128 + 68, 1, 1)
    return bytes(content)


def with_claims_of_its_strings(claims: bytes) -> bytes:
    return xls(shared(0, 0, 0), strings=[claims])


def many_sheets_at_one_place() -> bytes:
    names = {str(at): b"" for at in range(400)}
    cells = {**names, "0": b"".join(number(row, 0, 1.0) for row in range(scaled(60_000)))}
    content = bytearray(xls(cells))
    first = content.index(record(0x85, bytes(6))[:2] + b"")
    place = content[first + 4 : first + 8]
    at = first
    for _sheet in range(400):
        content[at + 4 : at + 8] = place
        at += 4 + int.from_bytes(content[at + 2 : at + 4], "little")
    return bytes(content)


# Its name, what is said at the upload and at the opening, seconds of the processor, megabytes.
Judged = tuple[str, tuple[str, str], float, int]
ZOO: dict[str, Hostile] = {
    # .xlsx
    "bomb": Hostile(lambda: replaced(SHEET, rows(*white(500))), XLSX, "too_large_unpacked", "too_large"),
    "lying bomb": Hostile(unpacking_to_more_than_it_says, XLSX, "", "unreadable"),
    "one long cell": Hostile(
        lambda: replaced(SHEET, rows(b'<row><c t="inlineStr"><is><t>', *white(200), b"</t></is></c></row>")),
        XLSX,
        "",
        "too_large",
    ),
    "one long text": Hostile(
        lambda: replaced(STRINGS, strings(b"<si><t>", *white(250), b"</t></si>")), XLSX, "", "too_large"
    ),
    "many texts": Hostile(
        lambda: replaced(STRINGS, strings(*many(8_000_000, lambda at: b"<si><t>a</t></si>"))), XLSX, "", "too_large"
    ),
    "one long text everywhere": Hostile(one_long_text_everywhere, XLSX, "", "too_large"),
    "entities": Hostile(
        lambda: changed(
            SHEET,
            lambda data: (
                b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY c "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
                b"<worksheet><sheetData><row><c><is><t>&c;</t></is></c></row></sheetData></worksheet>"
            ),
        ),
        XLSX,
        "",
        "unreadable",
    ),
    "far cell": Hostile(
        lambda: with_rows('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), XLSX, "", "too_many_rows"
    ),
    "far column": Hostile(lambda: with_rows('<row r="1"><c r="XFD1"><v>1</v></c></row>'), XLSX, "", FAR),
    "500 columns": Hostile(lambda: xlsx([["姓名"] * 500]), XLSX, "", FAR),
    "far apart": Hostile(
        lambda: with_rows('<row r="1"><c r="GR1"><v>1</v></c></row><row r="300000"><c r="A300000"><v>1</v></c></row>'),
        XLSX,
        "",
        "",
    ),
    "too many rows": Hostile(
        lambda: replaced(SHEET, rows(*many(300_001, lambda at: ONE_ROW))),
        XLSX,
        "",
        "too_many_rows",
    ),
    "a million formatted rows": Hostile(
        lambda: replaced(
            SHEET,
            rows(
                b"<row><c><v>1</v></c></row>", *many(1_000_000, lambda at: b'<row ht="20"><c s="1"/><c s="1"/></row>')
            ),
        ),
        XLSX,
        "",
        "",
    ),
    "all formatted": Hostile(
        lambda: replaced(SHEET, rows(*many(200_000, lambda at: b"<row>" + b'<c s="1"/>' * 250 + b"</row>"))),
        XLSX,
        "too_large_unpacked",
        "too_large",
    ),
    "deep": Hostile(lambda: replaced(SHEET, rows(*many(20_000_000, lambda at: b"<row>"))), XLSX, "", "too_large"),
    "deep cells": Hostile(lambda: replaced(SHEET, rows(*many(20_000_000, lambda at: b"<c>"))), XLSX, "", "too_large"),
    "deep styles": Hostile(
        lambda: replaced("xl/styles.xml", rows(*many(20_000_000, lambda at: b"<a>"))), XLSX, "", "too_large"
    ),
    "tags": Hostile(lambda: replaced(SHEET, rows(*many(60_000_000, lambda at: b"<a/>"))), XLSX, "", "too_large"),
    "long attribute": Hostile(
        lambda: replaced(SHEET, rows(b'<row r="', *white(200), b'1"></row>')), XLSX, "", "too_large"
    ),
    "long comment": Hostile(lambda: replaced(SHEET, rows(b"<!--", *white(200), b"-->")), XLSX, "", "too_large"),
    "many names": Hostile(
        lambda: replaced(SHEET, rows(*many(5_000_000, lambda at: b"<a%d/>" % at))), XLSX, "", "too_large"
    ),
    "merges": Hostile(
        lambda: replaced(SHEET, rows(*many(2_000_000, lambda at: b'<mergeCell ref="A1:B2"/>'))),
        XLSX,
        "",
        "too_large",
    ),
    "full of parts": Hostile(full_of_parts, XLSX, "damaged", "unreadable"),
    "greedy unpacking": Hostile(
        lambda: replaced(SHEET, rows(b""), method=zipfile.ZIP_LZMA), XLSX, "damaged", "unreadable"
    ),
    "one sheet 5000 times": Hostile(one_sheet_as_often_as_can_be, XLSX, "", "too_large"),
    # .xls
    "record without an end": Hostile(
        lambda: xls(label(0, 0, "姓名") + struct.pack("<HH", 0x204, 0xFFFF)), XLS, "", "unreadable"
    ),
    "circles": Hostile(going_in_circles, XLS, "", "unreadable"),
    "family circles": Hostile(family_in_circles, XLS, "damaged", "unreadable"),
    "four billion texts": Hostile(
        lambda: with_claims_of_its_strings(struct.pack("<II", 0xFFFFFFFF, 0xFFFFFFFF) + text("姓名")), XLS, "", ""
    ),
    "text without an end": Hostile(
        lambda: with_claims_of_its_strings(struct.pack("<IIHB", 1, 1, 0xFFFF, 0) + b"a"), XLS, "", "unreadable"
    ),
    "reading without an end": Hostile(
        lambda: with_claims_of_its_strings(struct.pack("<IIHBIB", 1, 1, 1, 4, 0xFFFFFFFF, 65)), XLS, "", ""
    ),
    "many short texts": Hostile(
        lambda: xls(
            shared(0, 0, 0),
            strings=[struct.pack("<II", 1, 0xFFFFFFFF), *[b"\1\0\0a" * 2_000 for _record in range(scaled(6_000))]],
        ),
        XLS,
        "",
        "too_large",
    ),
    "text that is not there": Hostile(lambda: xls(shared(0, 0, 99)), XLS, "", "unreadable"),
    "last column": Hostile(lambda: xls(label(0, 255, "姓名")), XLS, "", FAR),
    "lying last column": Hostile(
        lambda: xls(record(0xBD, struct.pack("<HHHiH", 0, 5, 0, 2, 3))), XLS, "", "unreadable"
    ),
    "last row": Hostile(lambda: xls(label(0, 0, "姓名") + label(65_535, 199, "完")), XLS, "", ""),
    "backwards": Hostile(lambda: xls(label(9, 0, "张三") + label(2, 0, "李四")), XLS, "", "unreadable"),
    "empty records": Hostile(lambda: xls(record(0x99) * scaled(14_000_000)), XLS, "", "too_large"),
    "many sheets at one place": Hostile(many_sheets_at_one_place, XLS, "", "too_large"),
    "encrypted": Hostile(
        lambda: xls(label(0, 0, "姓名"), extra=record(0x2F, bytes(54))), XLS, "encrypted", "encrypted"
    ),
    "encrypted newer one": Hostile(
        lambda: container({"EncryptionInfo": b"", "EncryptedPackage": b""}), XLS, "encrypted", "encrypted"
    ),
    "of 1995": Hostile(lambda: container({"Book": begin(5, 0x0500) + END}), XLS, "too_old", "too_old"),
    "of 1995 under the newer name": Hostile(
        lambda: container({"Workbook": begin(5, 0x0500) + END}), XLS, "too_old", "too_old"
    ),
    # .csv
    "commas": Hostile(lambda: b"," * scaled(60 * MEGABYTE), CSV, "", "open_quotation"),
    "quotation": Hostile(lambda: b'"' + "长\n".encode() * scaled(15_000_000), CSV, "", "open_quotation"),
    "line breaks": Hostile(lambda: b"\n" * scaled(60 * MEGABYTE), CSV, "", "too_large"),
    "lines": Hostile(lambda: b"a\n" * scaled(300_001), CSV, "", "too_many_rows"),
    "500 fields": Hostile(lambda: b"a," * 500, CSV, "", FAR),
    "zeros": Hostile(lambda: "姓名\n".encode() + b"\0" * MEGABYTE, CSV, "text", "unreadable"),
    "half of a letter": Hostile(lambda: "姓名\n".encode() * 100_000 + b"\x80\xff", CSV, "", "unreadable"),
    "half of a wide letter": Hostile(lambda: "姓名\n".encode("utf-16") + b"\x41", CSV, "", "unreadable"),
}


def judged(content: bytes, kind: FileType) -> tuple[str, str]:
    """What is said when the content is uploaded, and when it is opened and read to its end."""
    try:
        found = sniff(io.BytesIO(content))
        uploaded = "" if found is kind or (kind is CSV and is_text(io.BytesIO(content))) else "text"
    except UnsafeFile as error:
        uploaded = error.reason
    try:
        for sheet in open_book(content, kind.content_type).sheets:
            assert sheet.head is not None
            for _row in sheet.rows():
                pass
    except UnusableFile as error:
        return uploaded, error.problem.code
    return uploaded, ""


def peak_megabytes() -> int:
    """The most memory this process ever had; what `resource` tells is at least that of the process it came from."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def judged_apart(hostile: Mapping[str, Hostile], directory: Path) -> list[Judged]:
    """What a process of its own says about some, one after the other."""
    paths = [directory / f"{name}.{each.kind.code}" for name, each in hostile.items()]
    for path, each in zip(paths, hostile.values(), strict=True):
        path.write_bytes(each.build())
    command = [sys.executable, "-m", "tests.hostile_files", str(times), *paths]
    run = subprocess.run(command, cwd=Path(__file__).parents[1], stdout=subprocess.PIPE, text=True, check=True)
    return [(name, tuple(said), *costs) for name, said, *costs in map(json.loads, run.stdout.splitlines())]


def main(smaller: str, *paths: str) -> None:
    """Write for each file its name, what is said about it, the seconds and how many megabytes memory had to grow."""
    global times
    times = int(smaller)
    shrink_limits()
    at_first = peak_megabytes()
    for path in map(Path, paths):
        content = path.read_bytes()
        kind = next(each for each in (XLSX, XLS, CSV) if each.code == path.suffix[1:])
        began = time.process_time()
        outcome = judged(content, kind)
        seconds = round(time.process_time() - began, 2)
        print(json.dumps([path.stem, outcome, seconds, peak_megabytes() - at_first]), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
