"""Reads a table of text (.csv), record by record."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from functools import partial

from branches.imports.sheets import HEAD_ROWS, MAX_COLUMNS, MAX_ROWS, Sheet
from branches.rules.problems import UnusableFile

_CHUNK = 256 * 1024
# A record is one line, or several where a cell holds line breaks.
_MAX_RECORD = 512 * 1024
# Cells, or empty lines.
MAX_CELLS = 12_000_000
_SEPARATORS = ",\t;"


def read_text(content: bytes, *, is_head_enough: bool = False) -> Sheet:
    """The one sheet. Its row numbers count records: line breaks inside quotation marks start no new one.

    Args:
        is_head_enough: only as far as `Sheet.head` goes.

    Raises:
        UnusableFile: no text, too large, or with a quotation mark that is never closed.
    """
    encoding = _encoding(content)
    delimiter = _delimiter(content, encoding)
    read = partial(_records, content, encoding, delimiter)
    number_of_rows = cells = 0
    for number, record in enumerate(read(), start=1):
        cells += len(record)
        while record and not record[-1]:
            record.pop()
        if len(record) > MAX_COLUMNS:
            raise UnusableFile("too_many_columns", limit=MAX_COLUMNS)
        if record:
            number_of_rows = number
        if number_of_rows > MAX_ROWS:
            raise UnusableFile("too_many_rows", limit=MAX_ROWS)
        if cells > MAX_CELLS or number > MAX_CELLS:
            raise UnusableFile("too_large")
        if is_head_enough and number == HEAD_ROWS:
            break
    return Sheet("", number_of_rows, lambda: _first(read(), number_of_rows))


def _first(records: Iterator[Sequence[str]], number: int) -> Iterator[Sequence[object]]:
    for _number, record in zip(range(number), records, strict=False):
        yield record


def _records(content: bytes, encoding: str, delimiter: str) -> Iterator[list[str]]:
    pending = 0

    def lines() -> Iterator[str]:
        nonlocal pending
        with io.TextIOWrapper(io.BytesIO(content), encoding, newline="") as text:
            while line := text.readline(_MAX_RECORD):
                pending += len(line)
                if pending >= _MAX_RECORD:
                    raise UnusableFile("open_quotation")
                yield line

    try:
        for record in csv.reader(lines(), delimiter=delimiter):
            pending = 0
            yield record
    except csv.Error as error:
        raise UnusableFile("open_quotation") from error


def _delimiter(content: bytes, encoding: str) -> str:
    """The separator used most often in the first lines outside of quotation marks."""
    with io.TextIOWrapper(io.BytesIO(content), encoding, newline="") as text:
        head = text.read(8_000)
    outside = "".join(head.split('"')[::2])
    return max(_SEPARATORS, key=outside.count)


def _encoding(content: bytes) -> str:
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            with io.TextIOWrapper(io.BytesIO(content), encoding, newline="") as text:
                while piece := text.read(_CHUNK):
                    if "\0" in piece:
                        raise UnusableFile("unreadable")
        except UnicodeError:
            continue
        return encoding
    raise UnusableFile("unreadable")
