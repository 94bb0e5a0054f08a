"""Keeps what is known of very many cells in little memory."""

from __future__ import annotations

from array import array

from branches.rules.roster_problems import UnusableFile

MAX_TEXT_BYTES = 120 * 1024 * 1024
# A cell of a spreadsheet program holds no more.
MAX_CELL_CHARACTERS = 32_767


class Strings:
    """The texts a workbook keeps once for all its cells, by their number."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("I", [0])

    def append(self, text: str) -> None:
        self._bytes += text.encode(errors="replace")
        self._ends.append(len(self._bytes))
        if len(self._bytes) + 4 * len(self._ends) > MAX_TEXT_BYTES or len(text) > MAX_CELL_CHARACTERS:
            raise UnusableFile("too_large")

    def __getitem__(self, number: int) -> str:
        return self._bytes[self._ends[number] : self._ends[number + 1]].decode()


class CellMarks:
    """A set of (row, column)."""

    def __init__(self) -> None:
        self._rows_by_column: dict[int, bytearray] = {}

    def add(self, row: int, column: int) -> None:
        rows = self._rows_by_column.setdefault(column, bytearray())
        if len(rows) <= row:
            rows.extend(bytes(row + 1 - len(rows)))
        rows[row] = 1

    def __contains__(self, cell: object) -> bool:
        if not isinstance(cell, tuple):
            return False
        row, column = cell
        rows = self._rows_by_column.get(column, b"")
        return row < len(rows) and rows[row] == 1
