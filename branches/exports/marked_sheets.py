"""One sheet of an .xlsx with its problems: a column of texts beside the table, cells in red and yellow."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from branches.exports.marked_styles import Styles
from branches.exports.splicing import Splicer, as_xml, prefix_of, utf8_chunks, with_attribute
from branches.imports.cell_stores import Strings
from branches.rules.layouts import PROBLEM_HEADING

_WIDTH = 48


@dataclass
class RowMarks:
    """What is said about a row, and the columns concerned with whether that refuses it."""

    text: str = ""
    columns: dict[int, bool] = field(default_factory=dict)


@dataclass
class Survey:
    """What has to be known of a sheet before it is copied; columns count from 0, rows from 1."""

    last_column: int = -1
    last_row: int = 0
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    headings: set[int] = field(default_factory=set)
    formulas: set[int] = field(default_factory=set)
    column_styles: list[tuple[int, int, int]] = field(default_factory=list)


class Surveyor:
    """Looks a sheet through.

    Args:
        header: the numbers of the header's rows.
        strings: the texts shared by all cells.
    """

    def __init__(self, header: Collection[int], strings: Strings) -> None:
        self.found = Survey()
        self._header = header
        self._strings = strings
        self._at = _Position()
        self._is_shared = False
        self._pieces: list[str] = []
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._start, self._end

    def read(self, source: IO[bytes]) -> Survey:
        for chunk in utf8_chunks(source):
            self._parser.Parse(chunk, False)
        self._parser.Parse(b"", True)
        return self.found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "row":
            self._at.begin_row(attributes)
        elif name == "c":
            self._at.begin_cell(attributes)
            self._is_shared = attributes.get("t") == "s"
        elif name in ("v", "is", "f") and self._at.row:
            self._note(name)
        elif name == "col":
            first, last, style = (int(attributes.get(key, 0)) for key in ("min", "max", "style"))
            self.found.column_styles.append((first - 1, last - 1, style))
        elif name == "mergeCell":
            self.found.merges.append(_corners(attributes["ref"]))

    def _note(self, name: str) -> None:
        """A cell holds something."""
        found, at = self.found, self._at
        found.last_column, found.last_row = max(found.last_column, at.column), max(found.last_row, at.row)
        if name == "f":
            found.formulas.add(at.column)
        if at.row in self._header:
            self._parser.CharacterDataHandler = self._pieces.append

    def _end(self, name: str) -> None:
        if self._at.row not in self._header or name.rpartition(":")[2] != "c":
            return
        self._parser.CharacterDataHandler = None
        text = "".join(self._pieces)
        self._pieces.clear()
        if self._is_shared and text:
            text = self._strings[int(text)]
        if "".join(text.split()) == PROBLEM_HEADING:
            self.found.headings.add(self._at.column)


def choose_column(found: Survey, header: Collection[int], used: Collection[int]) -> tuple[int, bool]:
    """The column the texts go into, and whether it is that of an earlier round."""
    former = [column for column in sorted(found.headings) if column not in used and column not in found.formulas]
    if former:
        return former[0], True
    first = min(header)
    merged = [right for top, _left, bottom, right in found.merges if bottom > first or top >= first]
    return max([found.last_column, *merged]) + 1, False


class SheetMarker(Splicer):
    """Copies a sheet with its marks."""

    def __init__(
        self,
        target: IO[bytes],
        *,
        found: Survey,
        marks: Mapping[int, RowMarks],
        header_row: int,
        place: tuple[int, bool],
        styles: Styles | None,
    ) -> None:
        super().__init__(target)
        self._found = found
        self._marks = marks
        self._header_row = header_row
        self._column, self._is_former = place
        self._styles = styles
        self._at = _Position()
        self._parents: list[str] = []
        self._has_columns = False
        self._has_width = False
        self._prefix = b""
        self._pending: dict[int, bytes] = {}
        self._row_style = 0
        self._last_style = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        parent = self._parents[-1] if self._parents else ""
        self._parents.append(name)
        if name == "dimension" and parent == "worksheet":
            last = f"{column_name(max(self._found.last_column, self._column))}{max(self._found.last_row, 1)}"
            self.replace_tag(with_attribute(self.tag, "ref", f"A1:{last}"))
        elif name == "cols" and parent == "worksheet":
            self._has_columns = not self.is_empty
            if self.is_empty:
                self.drop()
        elif name == "col" and parent == "cols":
            self._start_width(attributes)
        elif name == "sheetData" and not self._has_width:
            self.insert(b"<%bcols>%b</%bcols>" % (self.prefix, self._width(self.prefix), self.prefix))
            self._has_width = True
        elif name == "row" and parent == "sheetData":
            self._start_row(attributes)
        elif name == "c" and parent == "row":
            self._start_cell(attributes)

    def end(self, name: str) -> None:
        self._parents.pop()
        if name == "cols" and self._has_columns and not self._has_width:
            self.insert(self._width(self._prefix))
            self._has_width = True
        elif name == "row" and self._pending:
            self._write_pending(upto=None)
        elif name in ("c", "col"):
            self.dropped()

    def _start_width(self, attributes: Mapping[str, str]) -> None:
        """Give our column its width; a range of columns that holds it is parted."""
        tag, first, last, ours = self.tag, int(attributes["min"]), int(attributes["max"]), self._column + 1
        self._prefix = prefix_of(tag)
        if self._has_width or last < ours:
            return
        self._has_width = True
        if first > ours:
            self.insert(self._width(self._prefix))
            return
        if not self.is_empty:
            tag = tag[:-1] + b"/>"
        before = with_attribute(tag, "max", str(ours - 1)) if first < ours else b""
        after = with_attribute(tag, "min", str(ours + 1)) if last > ours else b""
        here = tag
        for name, value in (("min", ours), ("max", ours), ("width", _WIDTH), ("customWidth", 1)):
            here = with_attribute(here, name, str(value))
        self.insert(before + with_attribute(here, "hidden", None) + after)
        self.drop()

    def _width(self, prefix: bytes) -> bytes:
        ours = str(self._column + 1).encode()
        return b'<%bcol min="%b" max="%b" width="%d" customWidth="1"/>' % (prefix, ours, ours, _WIDTH)

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        number = self._at.begin_row(dict(attributes))
        self._prefix = prefix_of(self.tag)
        self._row_style = int(attributes.get("s", 0)) if attributes.get("customFormat") in ("1", "true") else 0
        self._last_style = 0
        self._pending = self._new_cells(number)
        if not self._pending:
            return
        tag = with_attribute(self.tag, "spans", None)
        if not self.is_empty:
            self.replace_tag(tag)
            return
        self.replace_tag(tag[:-2].rstrip() + b">")
        self._write_pending(upto=None)
        self.insert(b"</%brow>" % self._prefix)

    def _new_cells(self, number: int) -> dict[int, bytes]:
        """What a row gets: the text, and for every cell concerned a place holder for its colour."""
        marks = self._marks.get(number)
        cells = dict.fromkeys(sorted(marks.columns), b"") if marks and self._styles else {}
        if number == self._header_row:
            cells[self._column] = as_xml(PROBLEM_HEADING)
        elif marks:
            cells[self._column] = as_xml(marks.text)
        return dict(sorted(cells.items()))

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        column = self._at.begin_cell(dict(attributes))
        style = int(attributes.get("s", 0))
        if column == self._column and self._replaces(self._at.row):
            self._last_style = self._last_style or style
            self._write_pending(upto=column)
            self.drop()
            return
        self._write_pending(upto=column - 1)
        self._last_style = style
        coloured = self._coloured(column, style)
        self._pending.pop(column, None)
        if coloured is not None and coloured != style:
            self.replace_tag(with_attribute(self.tag, "s", str(coloured)))

    def _replaces(self, row: int) -> bool:
        return self._column in self._pending or (self._is_former and row > self._header_row)

    def _coloured(self, column: int, style: int) -> int | None:
        if self._styles is None:
            return None
        marks = self._marks.get(self._at.row)
        if marks and column in marks.columns:
            return self._styles.marked(style, is_refused=marks.columns[column])
        if self._is_former and self._styles.is_ours(style):
            return self._styles.unmarked(style)
        return None

    def _write_pending(self, *, upto: int | None) -> None:
        for column in [column for column in self._pending if upto is None or column <= upto]:
            self.insert(self._cell(column, self._pending.pop(column)))

    def _cell(self, column: int, text: bytes) -> bytes:
        """A new cell: a text of ours, or an empty one in its colour."""
        reference = f"{column_name(column)}{self._at.row}"
        tag = b'<%bc r="%b"/>' % (self._prefix, reference.encode())
        if column != self._column:
            coloured = self._coloured(column, self._row_style or self._column_style(column))
            return tag if coloured is None else with_attribute(tag, "s", str(coloured))
        style: int | None = self._last_style
        if self._at.row != self._header_row:
            style = self._styles.note() if self._styles else None
        if style:
            tag = with_attribute(tag, "s", str(style))
        start = with_attribute(tag, "t", "inlineStr")[:-2] + b">"
        inside = b'<%bis><%bt xml:space="preserve">%b</%bt></%bis>' % (*[self._prefix] * 2, text, *[self._prefix] * 2)
        return start + inside + b"</%bc>" % self._prefix

    def _column_style(self, column: int) -> int:
        return next((style for first, last, style in self._found.column_styles if first <= column <= last), 0)


class _Position:
    """Where a sheet is being read: rows count from 1, columns from 0; either may be left unsaid."""

    def __init__(self) -> None:
        self.row = 0
        self.column = -1

    def begin_row(self, attributes: Mapping[str, str]) -> int:
        self.row, self.column = int(attributes.get("r") or self.row + 1), -1
        return self.row

    def begin_cell(self, attributes: Mapping[str, str]) -> int:
        reference = attributes.get("r")
        self.column = column_number(reference) if reference else self.column + 1
        return self.column


def column_number(reference: str) -> int:
    """AB12 → 27."""
    number = 0
    for letter in reference.replace("$", "").rstrip("0123456789").upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_name(number: int) -> str:
    """27 → AB."""
    name, number = "", number + 1
    while number:
        number, letter = divmod(number - 1, 26)
        name = chr(65 + letter) + name
    return name


def _corners(reference: str) -> tuple[int, int, int, int]:
    """B2:D5 → rows from 1 and columns from 0: (2, 1, 5, 3)."""
    first, _colon, last = reference.partition(":")
    ends = [(int("".join(filter(str.isdigit, end))), column_number(end)) for end in (first, last or first)]
    return ends[0][0], ends[0][1], ends[1][0], ends[1][1]
