"""The sheets of an .xlsx: judged once from end to end, then read row by row as often as asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from math import isfinite

from branches.imports.cell_stores import MAX_CELL_CHARACTERS, CellMarks, Strings
from branches.imports.sheets import HEAD_ROWS, MAX_COLUMNS, MAX_MERGES, MAX_ROWS, Merge, Sheet
from branches.imports.xlsx_parts import DAMAGE, TRUE, Elements, Package, Part, Text, unescaped
from branches.rules.number_formats import CellFormats, moment
from branches.rules.problems import UnusableFile

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_COLUMN_NAMES = [*_LETTERS, *(first + second for first in _LETTERS for second in _LETTERS)][:MAX_COLUMNS]
_COLUMNS = {name: at for at, name in enumerate(_COLUMN_NAMES)}
_FAR = MAX_COLUMNS  # stands for every column beyond


def read_xlsx(content: bytes, *, is_head_enough: bool = False) -> list[Sheet]:
    """The visible sheets.

    Args:
        is_head_enough: only as far as `Sheet.head` goes, and without what stands behind the rows (`Sheet.merges`).

    Raises:
        UnusableFile: damaged or too large.
    """
    try:
        package = Package(content)
        formats = package.formats()
        strings = package.strings()
        if not is_head_enough:
            strings.read_all()
        sheets = []
        for part in package.sheets:
            scan = _Scan(formats)
            scan.run(package, part, is_head_enough=is_head_enough)
            sheets.append(_sheet(package, part, scan, strings, formats))
        return sheets
    except DAMAGE as error:
        raise UnusableFile("unreadable") from error


def _sheet(package: Package, part: Part, scan: _Scan, strings: Strings, formats: CellFormats) -> Sheet:
    def read() -> Iterator[Sequence[object]]:
        return _rows(package, part, scan, strings, formats)

    return Sheet(
        part.name,
        scan.rows,
        read,
        scan.merges,
        scan.month_only,
        scan.without_result,
        frozenset(scan.hidden_rows),
        frozenset(scan.hidden_columns),
    )


class _Scan:
    """What must be known of a sheet before its first row is used."""

    def __init__(self, formats: CellFormats) -> None:
        self.rows = 0
        self.columns = 0
        self.merges: list[Merge] = []
        self.month_only = CellMarks()
        self.without_result = CellMarks()
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self._months = {str(at) for at, is_month in enumerate(formats.months) if is_month}
        self._row = self._column = -1
        self._attributes: Mapping[str, str] = {}
        self._is_used = self._is_formula = False
        self._result = Text()

    def run(self, package: Package, part: Part, *, is_head_enough: bool) -> None:
        starts = {
            "c": self._start_cell,
            "v": self._start_value,
            "is": self._start_value,
            "f": self._start_formula,
            "row": self._start_row,
            "col": self._note_column,
            "mergeCell": self._note_merge,
        }
        self._elements = Elements(starts, {"c": self._end_cell})
        for _piece in package.feed(part.path, self._elements):
            self._result.check()
            if is_head_enough and self._row >= HEAD_ROWS:
                self.rows = min(self.rows, HEAD_ROWS)
                break

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        self._column = _column(attributes, self._column)
        self._attributes = attributes
        self._is_used = self._is_formula = False

    def _start_value(self, _attributes: Mapping[str, str]) -> None:
        self._is_used = True
        if self._is_formula:
            self._elements.listen(self._result)

    def _start_formula(self, _attributes: Mapping[str, str]) -> None:
        self._is_used = self._is_formula = True

    def _end_cell(self) -> None:
        """Only cells with something in them count: whole columns are often formatted."""
        if not self._is_used:
            return
        row, column = self._row, self._column
        if row >= MAX_ROWS:
            raise UnusableFile("too_many_rows", limit=MAX_ROWS)
        if column >= MAX_COLUMNS:
            raise UnusableFile("too_many_columns", limit=MAX_COLUMNS)
        self.rows = row + 1
        if column >= self.columns:
            self.columns = column + 1
        if self._attributes.get("s") in self._months:
            self.month_only.add(row, column)
        if self._is_formula:
            self._elements.listen(None)
            if not self._result.take() and self._attributes.get("t") != "str":
                self.without_result.add(row, column)

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        before, self._row, self._column = self._row, _row(attributes, self._row), -1
        if self._row <= before:
            raise UnusableFile("unreadable")
        if attributes.get("hidden") in TRUE and self._row < MAX_ROWS:
            self.hidden_rows.add(self._row)

    def _note_column(self, attributes: Mapping[str, str]) -> None:
        if attributes.get("hidden") in TRUE:
            first, last = int(attributes["min"]), int(attributes["max"])
            self.hidden_columns.update(range(max(first - 1, 0), min(last, MAX_COLUMNS)))

    def _note_merge(self, attributes: Mapping[str, str]) -> None:
        first, _colon, last = attributes["ref"].partition(":")
        self.merges.append((_position(first), _position(last or first)))
        if len(self.merges) > MAX_MERGES:
            raise UnusableFile("too_large")


class _RowReader:
    """Gathers the cells of the rows a sheet mentions."""

    def __init__(self, scan: _Scan, strings: Strings, formats: CellFormats, *, is_1904: bool) -> None:
        self.ready: list[tuple[int, list[object]]] = []
        self.row = -1
        self.text = Text()
        self.elements = Elements({"c": self._start_cell, "row": self._start_row}, {"c": self._end_cell}, self.text)
        self._scan, self._strings, self._is_1904 = scan, strings, is_1904
        self._dates = {str(at) for at, is_date in enumerate(formats.dates) if is_date}
        self._column = -1
        self._cells: list[object] = []
        self._attributes: Mapping[str, str] = {}

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        self.row, self._column = _row(attributes, self.row), -1
        self._cells = [""] * self._scan.columns
        if self.row < self._scan.rows:
            self.ready.append((self.row, self._cells))

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        self._column = _column(attributes, self._column)
        self._attributes = attributes

    def _end_cell(self) -> None:
        plain = self.text.take() if self.text.pieces else ""
        if plain and self._column < len(self._cells):
            self._cells[self._column] = self._value(plain)

    def _value(self, plain: str) -> object:
        kind = self._attributes.get("t")
        if kind == "s":
            return self._strings[int(plain)]
        if kind is None or kind == "n":
            number = _number(plain)
            is_date = isinstance(number, float) and self._attributes.get("s") in self._dates
            return moment(number, is_1904=self._is_1904) if is_date else number
        if kind == "b":
            return plain.strip() in TRUE
        return _iso(plain) if kind == "d" else unescaped(plain)[:MAX_CELL_CHARACTERS]


def _rows(
    package: Package, part: Part, scan: _Scan, strings: Strings, formats: CellFormats
) -> Iterator[Sequence[object]]:
    """The rows, those between them that the file does not mention as empty ones."""
    at = 0
    try:
        for number, cells in _mentioned_rows(package, part, scan, strings, formats):
            while at < number:
                yield [""] * scan.columns
                at += 1
            yield cells
            at += 1
    except DAMAGE as error:
        raise UnusableFile("unreadable") from error


def _mentioned_rows(
    package: Package, part: Part, scan: _Scan, strings: Strings, formats: CellFormats
) -> Iterator[tuple[int, list[object]]]:
    reader = _RowReader(scan, strings, formats, is_1904=package.is_1904)
    for _piece in package.feed(part.path, reader.elements, is_counted=False):
        reader.text.check()
        # The last row may still be without its last cells.
        whole = reader.ready[:-1]
        del reader.ready[:-1]
        yield from whole
        if reader.row >= scan.rows:
            break
    yield from reader.ready


def _row(attributes: Mapping[str, str], before: int) -> int:
    """The number of a row; the file need not give it."""
    return int(attributes["r"]) - 1 if "r" in attributes else before + 1


def _column(attributes: Mapping[str, str], before: int) -> int:
    reference = attributes.get("r")
    return _COLUMNS.get(reference.rstrip("0123456789"), _FAR) if reference else min(before + 1, _FAR)


def _number(plain: str) -> float | str:
    """A number; what is none stays a text."""
    try:
        number = float(plain)
    except ValueError:
        return plain
    return number if isfinite(number) else plain


def _iso(plain: str) -> object:
    try:
        return date.fromisoformat(plain) if len(plain) == 10 else datetime.fromisoformat(plain).replace(tzinfo=None)
    except ValueError:
        return plain


def _position(reference: str) -> tuple[int, int]:
    """B3 → (2, 1); never beyond the limits."""
    letters = reference.rstrip("0123456789")
    return min(int(reference[len(letters) :]), MAX_ROWS) - 1, _COLUMNS.get(letters, _FAR)
