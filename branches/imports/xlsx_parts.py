"""What calamine does not tell about an .xlsx: how large it really is, and which date cells show no day.

Reads the parts with expat, cell by cell, before anything is laid out in memory.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any
from xml.parsers import expat

from branches.rules.roster_problems import UnusableFile

MAX_UNPACKED_BYTES = 100 * 1024 * 1024
MAX_MEMBERS = 2_000
MAX_ROWS = 20_000
MAX_COLUMNS = 200
# Built-in formats without a day: mmm-yy, and yyyy年m月 of Chinese editions (ECMA-376 part 1, 18.8.30).
_MONTH_FORMATS = frozenset({17, 27, 36, 50, 52, 57})
_CHUNK = 256 * 1024
# What a broken, encrypted or oddly made archive raises.
_DAMAGE = (
    zipfile.BadZipFile,
    expat.ExpatError,
    LookupError,
    ValueError,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    StopIteration,
    zlib.error,
)


@dataclass
class SheetFacts:
    """Of one sheet: the (row, column) of month-only cells, from 0."""

    month_only: set[tuple[int, int]] = field(default_factory=set)


def inspect(content: IO[bytes]) -> dict[str, SheetFacts]:
    """The facts of each sheet by its name.

    Raises:
        UnusableFile: damaged, with a document type definition, or too large.
    """
    try:
        with zipfile.ZipFile(content) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
                raise UnusableFile("too_large")
            paths = _sheet_paths(archive)
            month_styles = _month_styles(archive)
            return {name: _scan(archive, path, month_styles) for name, path in paths.items()}
    except _DAMAGE as error:
        raise UnusableFile("unreadable") from error


def shows_no_day(format_code: str) -> bool:
    """Whether a number format shows year and month but no day: yyyy"年"m"月", yyyy.mm."""
    plain = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", format_code).lower()
    return "y" in plain and "m" in plain and not re.search("[dhs]", plain)


def _sheet_paths(archive: zipfile.ZipFile) -> dict[str, str]:
    targets: dict[str, str] = {}
    sheets: dict[str, str] = {}

    def relationship(name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship":
            targets[attributes["Id"]] = attributes["Target"]

    def sheet(name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            key = next(key for key in attributes if key.endswith(":id"))
            target = targets[attributes[key]]
            sheets[attributes["name"]] = target[1:] if target.startswith("/") else f"xl/{target}"

    _parse(archive, "xl/_rels/workbook.xml.rels", relationship)
    _parse(archive, "xl/workbook.xml", sheet)
    return {name: path for name, path in sheets.items() if "worksheets/" in path}


def _month_styles(archive: zipfile.ZipFile) -> frozenset[int]:
    """The indexes of cell styles whose format shows no day."""
    if "xl/styles.xml" not in archive.namelist():
        return frozenset()
    formats = set(_MONTH_FORMATS)
    styles: list[bool] = []
    inside = {"cellXfs": False}

    def element(name: str, attributes: Mapping[str, str]) -> None:
        if name == "numFmt" and shows_no_day(attributes.get("formatCode", "")):
            formats.add(int(attributes["numFmtId"]))
        elif name in ("cellXfs", "cellStyles", "dxfs"):
            inside["cellXfs"] = name == "cellXfs"
        elif name == "xf" and inside["cellXfs"]:
            styles.append(int(attributes.get("numFmtId", 0)) in formats)

    _parse(archive, "xl/styles.xml", element)
    return frozenset(number for number, is_month in enumerate(styles) if is_month)


def _scan(archive: zipfile.ZipFile, path: str, month_styles: frozenset[int]) -> SheetFacts:
    facts = SheetFacts()
    at = {"row": -1, "column": -1, "style": 0}

    def element(name: str, attributes: Mapping[str, str]) -> None:
        if name == "c":
            reference = attributes.get("r")
            if reference:
                at["row"], at["column"] = _position(reference)
            else:
                at["column"] += 1
            at["style"] = int(attributes.get("s", 0))
        elif name == "row":
            at["row"], at["column"] = int(attributes.get("r", at["row"] + 2)) - 1, -1
        elif name in ("v", "is"):  # only cells with something in them count: whole columns are often formatted
            if at["row"] >= MAX_ROWS:
                raise UnusableFile("too_many_rows", limit=MAX_ROWS)
            if at["column"] >= MAX_COLUMNS:
                raise UnusableFile("too_many_columns", limit=MAX_COLUMNS)
            if at["style"] in month_styles:
                facts.month_only.add((at["row"], at["column"]))

    _parse(archive, path, element)
    return facts


def _parse(archive: zipfile.ZipFile, path: str, element: Any) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: element(name.rpartition(":")[2], attributes)
    parser.StartDoctypeDeclHandler = _refuse_doctype
    with archive.open(path) as part:
        while chunk := part.read(_CHUNK):
            parser.Parse(chunk, False)
    parser.Parse(b"", True)


def _refuse_doctype(*_arguments: Any) -> None:
    """Workbooks have none; one could make entities that grow without end."""
    raise UnusableFile("unreadable")


def _position(reference: str) -> tuple[int, int]:
    """B3 → (2, 1)."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(reference[len(letters) :]) - 1, column - 1
