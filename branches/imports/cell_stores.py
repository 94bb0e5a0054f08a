"""Keeps what is known of very many cells in little memory."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator

from branches.rules.problems import UnusableFile

MAX_TEXT_BYTES = 120 * 1024 * 1024
MAX_STRINGS = 3_000_000
# One long text may be in very many cells.
MAX_GIVEN_BYTES = 2 * 1024 * 1024 * 1024
# What is kept of a cell's text: nothing that long fits anywhere.
MAX_CELL_CHARACTERS = 2_000


class Strings:
    """The texts a workbook keeps once for all its cells, by their number.

    Args:
        source: appends more of them at every step, once they are asked for.
    """

    def __init__(self, source: Callable[[Strings], Iterator[None]] | None = None) -> None:
        self._source = source(self) if source else iter(())
        self._bytes = bytearray()
        self._ends = array("I", [0])
        self._left = MAX_GIVEN_BYTES

    def append(self, text: str) -> None:
        """
        Raises:
            UnusableFile: they are too many.
        """
        self._bytes += text[:MAX_CELL_CHARACTERS].encode(errors="replace")
        self._ends.append(len(self._bytes))
        if len(self._bytes) > MAX_TEXT_BYTES or len(self._ends) > MAX_STRINGS:
            raise UnusableFile("too_large")

    def __getitem__(self, number: int) -> str:
        """
        Raises:
            IndexError: there is none of this number.
            UnusableFile: far more has been asked for than any real file holds.
        """
        if number < 0:
            raise IndexError(number)
        while number + 1 >= len(self._ends) and next(self._source, self) is None:
            pass
        start, end = self._ends[number], self._ends[number + 1]
        self._left -= end - start
        if self._left < 0:
            raise UnusableFile("too_large")
        return self._bytes[start:end].decode()

    def read_all(self) -> None:
        """
        Raises:
            UnusableFile: they are too many.
        """
        for _step in self._source:
            pass


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
