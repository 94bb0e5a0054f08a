"""Opens the parts of an .xlsx and reads them element by element, never trusting the file about their sizes."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from xml.parsers import expat

from branches.imports.cell_stores import Strings
from branches.rules.number_formats import CellFormats
from branches.rules.problems import UnusableFile
from foundation.rules.archives import DamagedArchive, open_archive
from foundation.rules.files import MAX_UNPACKED_BYTES

# A cell takes four to six; an empty one, written in short, counts as three.
MAX_TAGS = 40_000_000
MAX_SMALL_PART = 20 * 1024 * 1024
MAX_SHEETS = 500
MAX_NAME = 80
_CHUNK = 64 * 1024
# What a parser keeps of its own: one element's tag, the names it met, the elements around the present one.
_MAX_TAG_BYTES = 256 * 1024
_MAX_NAMES = 2_000
_MAX_DEPTH = 100
_MAX_PIECES = 1_000
# What a broken or oddly made file raises.
DAMAGE = (
    DamagedArchive,
    zipfile.BadZipFile,
    expat.ExpatError,
    LookupError,
    ValueError,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    zlib.error,
)
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
TRUE = ("1", "true", "on")

Start = Callable[[Mapping[str, str]], None]
End = Callable[[], None]


@dataclass(frozen=True)
class Part:
    """A sheet by its name and where it stands in the archive."""

    name: str
    path: str


class Package:
    """The parts of one .xlsx. Everything unpacked from it, however often, counts against one limit.

    Raises:
        one of DAMAGE: it is broken; UnusableFile: too large.
    """

    def __init__(self, content: bytes) -> None:
        self._archive = open_archive(io.BytesIO(content))
        # Some programs write the names of parts in another case, or with the slashes of Windows.
        self._members = {_key(member.filename): member for member in self._archive.infolist()}
        self._bytes_left, self._tags_left = MAX_UNPACKED_BYTES, MAX_TAGS
        self.sheets: list[Part] = []
        self.is_1904 = False
        self._strings_path = "xl/sharedstrings.xml"
        self.styles_path = "xl/styles.xml"
        self._read_workbook()

    def feed(self, path: str, elements: Elements, *, is_counted: bool = True) -> Iterator[None]:
        """Read a part, a piece at a time: what was gathered can be taken in between.

        Args:
            is_counted: False when a part already judged is read again.
        """
        with self._archive.open(self._members[_key(path)]) as part:
            while chunk := part.read(_CHUNK):
                if is_counted:
                    self._bytes_left -= len(chunk)
                    self._tags_left -= chunk.count(b"<") + 2 * chunk.count(b"/>")
                    if self._bytes_left < 0 or self._tags_left < 0:
                        raise UnusableFile("too_large")
                elements.feed(chunk)
                yield
        elements.close()
        yield

    def strings(self) -> Strings:
        """The texts shared by all cells; they are read as far as they are asked for."""
        return Strings(self._read_strings)

    def _read_strings(self, strings: Strings) -> Iterator[None]:
        text = Text()

        def end_of_string() -> None:
            strings.append(unescaped(text.take()))

        elements = Elements({}, {"si": end_of_string}, text)
        if _key(self._strings_path) in self._members:
            for _piece in self.feed(self._strings_path, elements):
                text.check()
                yield

    def formats(self) -> CellFormats:
        """What the styles of cells show."""
        styles: list[int] = []
        codes: dict[int, str] = {}
        lists: list[str] = [""]

        def number_format(attributes: Mapping[str, str]) -> None:
            codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")[:300]

        def style(attributes: Mapping[str, str]) -> None:
            if lists[-1] == "cellXfs":
                styles.append(int(attributes.get("numFmtId", 0)))

        if _key(self.styles_path) in self._members:
            # Styles of cells are listed beside the named styles they follow, in the same words.
            opening = {name: partial(_note, lists, name) for name in ("cellXfs", "cellStyleXfs", "dxfs")}
            self._read_small(self.styles_path, {**opening, "numFmt": number_format, "xf": style})
        return CellFormats.of(styles, codes)

    def _read_workbook(self) -> None:
        targets: dict[str, str] = {}
        kinds: dict[str, str] = {}

        def relationship(attributes: Mapping[str, str]) -> None:
            target, key = attributes["Target"], attributes["Id"]
            targets[key] = target[1:] if target.startswith("/") else f"xl/{target}"
            kinds[key] = attributes.get("Type", "").rpartition("/")[2]

        def properties(attributes: Mapping[str, str]) -> None:
            self.is_1904 = attributes.get("date1904", "0") in TRUE

        def sheet(attributes: Mapping[str, str]) -> None:
            key = next((attributes[key] for key in attributes if key.endswith(":id")), "")
            if attributes.get("state", "visible") == "visible" and kinds.get(key) == "worksheet":
                self.sheets.append(Part(attributes["name"][:MAX_NAME], targets[key]))
            if len(self.sheets) > MAX_SHEETS:
                raise UnusableFile("too_large")

        self._read_small("xl/_rels/workbook.xml.rels", {"Relationship": relationship})
        paths = {kind: targets[key] for key, kind in kinds.items()}
        self._strings_path = paths.get("sharedStrings", self._strings_path)
        self.styles_path = paths.get("styles", self.styles_path)
        self._read_small("xl/workbook.xml", {"workbookPr": properties, "sheet": sheet})

    def _read_small(self, path: str, starts: Mapping[str, Start]) -> None:
        before = self._bytes_left
        for _piece in self.feed(path, Elements(starts, {})):
            if before - self._bytes_left > MAX_SMALL_PART:
                raise UnusableFile("too_large")


class Text:
    """The text met since it was last taken; a cell may hold it in pieces."""

    def __init__(self) -> None:
        self.pieces: list[str] = []

    def take(self) -> str:
        text = "".join(self.pieces)
        self.pieces.clear()
        return text

    def check(self) -> None:
        if len(self.pieces) > _MAX_PIECES:
            raise UnusableFile("too_large")


class Elements:
    """Calls, by the names of elements whatever their prefix, what is to be done at their start and end.

    Args:
        text: gathers what stands inside the elements v and t, readings of Chinese or Japanese words (rPh) left out.
    """

    def __init__(self, starts: Mapping[str, Start], ends: Mapping[str, End], text: Text | None = None) -> None:
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        self._fed = 0
        at_start: dict[str, Start | None] = {**starts}
        at_end: dict[str, End | None] = {**ends}
        depth = 0
        if text is not None:
            self._gather(text, at_start, at_end)

        def start(name: str, attributes: Mapping[str, str]) -> None:
            nonlocal depth
            depth += 1
            if depth > _MAX_DEPTH:
                raise UnusableFile("too_large")
            try:
                handler = at_start[name]
            except KeyError:
                handler = at_start[name] = at_start.get(name.rpartition(":")[2])
            if handler is not None:
                handler(attributes)

        def end(name: str) -> None:
            nonlocal depth
            depth -= 1
            try:
                handler = at_end[name]
            except KeyError:
                handler = at_end[name] = at_end.get(name.rpartition(":")[2])
            if handler is not None:
                handler()

        parser.StartElementHandler, parser.EndElementHandler = start, end

    def feed(self, chunk: bytes) -> None:
        self._parser.Parse(chunk, False)
        self._fed += len(chunk)
        if self._fed - self._parser.CurrentByteIndex > _MAX_TAG_BYTES or len(self._parser.intern) > _MAX_NAMES:
            raise UnusableFile("too_large")

    def listen(self, text: Text | None) -> None:
        """Gather whatever text comes next; None: no more of it."""
        self._parser.CharacterDataHandler = None if text is None else text.pieces.append

    def close(self) -> None:
        self._parser.Parse(b"", True)

    def _gather(self, text: Text, starts: dict[str, Start | None], ends: dict[str, End | None]) -> None:
        parser, keep = self._parser, text.pieces.append
        is_reading = False

        def open_text(_attributes: Mapping[str, str]) -> None:
            if not is_reading:
                parser.CharacterDataHandler = keep

        def close_text() -> None:
            parser.CharacterDataHandler = None

        def open_reading(_attributes: Mapping[str, str]) -> None:
            nonlocal is_reading
            is_reading = True

        def close_reading() -> None:
            nonlocal is_reading
            is_reading = False

        starts.update({"v": open_text, "t": open_text, "rPh": open_reading})
        ends.update({"v": close_text, "t": close_text, "rPh": close_reading})


def _key(path: str) -> str:
    return path.replace("\\", "/").lower()


def unescaped(text: str) -> str:
    """_x000D_ → carriage return; no mark that cannot be stored comes of it."""
    return _ESCAPED.sub(lambda match: _character(int(match[1], 16)), text) if "_x" in text else text


def _character(code: int) -> str:
    if code < 32 and code not in (9, 10, 13):
        return ""
    return "\ufffd" if 0xD800 <= code < 0xE000 else chr(code)


def _note(lists: list[str], name: str, _attributes: Mapping[str, str]) -> None:
    lists[:] = [name]


def _refuse_doctype(*_arguments: object) -> None:
    """Workbooks have none; one could make entities that grow without end."""
    raise UnusableFile("unreadable")
