"""The cell styles of a workbook, and copies of them in the colours that mark a problem."""

from __future__ import annotations

from collections.abc import Mapping
from xml.parsers import expat

from branches.exports.splicing import TAG, attribute, prefix_of, with_attribute

# Not the red and yellow of Excel's own lists: cells in these colours are known to be marked by us.
RED, YELLOW = "FFFFA9A8", "FFFFE699"


class Styles:
    """Reads styles.xml; every style asked for is kept, and `as_part` writes the part with them."""

    def __init__(self, part: bytes) -> None:
        self._part = part
        self._formats: list[bytes] = []
        self._fills = 0
        self._ours: set[int] = set()
        self._spans: dict[str, tuple[int, int]] = {}  # where the lists begin and where their end tags stand
        self._made: dict[tuple[int, str], int] = {}
        self._added: list[bytes] = []
        self._read()

    @property
    def is_usable(self) -> bool:
        return {"fills", "cellXfs"} <= self._spans.keys() and bool(self._formats)

    def is_ours(self, style: int) -> bool:
        """Whether a cell of that style was marked in an earlier round."""
        return style < len(self._formats) and _number(self._formats[style], "fillId") in self._ours

    def marked(self, style: int, *, is_refused: bool) -> int | None:
        """The style in red or yellow."""
        return self._copy(style, RED if is_refused else YELLOW)

    def unmarked(self, style: int) -> int | None:
        """The style without a fill."""
        return self._copy(style, "none")

    def note(self) -> int | None:
        """The style of the texts that say what is wrong: wrapped, and text whatever they begin with."""
        return self._copy(0, "note")

    def as_part(self) -> bytes:
        """The part with the styles made."""
        if not self._added:
            return self._part
        prefix = prefix_of(self._formats[0])
        fills = b"".join(
            b'<%bfill><%bpatternFill patternType="solid"><%bfgColor rgb="%b"/><%bbgColor indexed="64"/>'
            b"</%bpatternFill></%bfill>" % (prefix, prefix, prefix, colour.encode(), prefix, prefix, prefix)
            for colour in (RED, YELLOW)
        )
        edits = []
        for name, number, new in (
            ("fills", self._fills + 2, fills),
            ("cellXfs", len(self._formats) + len(self._added), b"".join(self._added)),
        ):
            start, end = self._spans[name]
            tag = TAG.match(self._part, start)
            assert tag is not None
            edits += [(start, tag.end(), with_attribute(tag[0], "count", str(number))), (end, end, new)]
        pieces, at = [], 0
        for start, end, new in sorted(edits):
            pieces += [self._part[at:start], new]
            at = end
        return b"".join([*pieces, self._part[at:]])

    def _copy(self, style: int, kind: str) -> int | None:
        if not self.is_usable:
            return None
        style = style if style < len(self._formats) else 0
        if (style, kind) not in self._made:
            self._made[style, kind] = len(self._formats) + len(self._added)
            self._added.append(self._changed(self._formats[style], kind))
        return self._made[style, kind]

    def _changed(self, written: bytes, kind: str) -> bytes:
        tag = TAG.match(written)
        assert tag is not None
        if kind == "note":
            prefix = prefix_of(self._formats[0])
            start = with_attribute(tag[0].rstrip(b"/>") + b">", "numFmtId", "49")
            for name in ("applyNumberFormat", "applyAlignment", "quotePrefix"):
                start = with_attribute(start, name, "1")
            return start + b'<%balignment vertical="center" wrapText="1"/></%bxf>' % (prefix, prefix)
        fill = {RED: self._fills, YELLOW: self._fills + 1, "none": 0}[kind]
        start = with_attribute(with_attribute(tag[0], "fillId", str(fill)), "applyFill", "1")
        return start + written[tag.end() :]

    def _read(self) -> None:
        parser = expat.ParserCreate()
        parents: list[str] = []
        begun = 0

        def start(name: str, attributes: Mapping[str, str]) -> None:
            nonlocal begun
            name = name.rpartition(":")[2]
            if name in ("fills", "cellXfs") and len(parents) == 1:
                tag = TAG.match(self._part, parser.CurrentByteIndex)
                if tag is not None and not tag[1]:
                    self._spans[name] = (parser.CurrentByteIndex, 0)
            if name == "fgColor" and "fills" in parents and attributes.get("rgb", "").upper() in (RED, YELLOW):
                self._ours.add(self._fills)
            if parents[-1:] == ["cellXfs"]:
                begun = parser.CurrentByteIndex
            parents.append(name)

        def end(name: str) -> None:
            parents.pop()
            name = name.rpartition(":")[2]
            at = parser.CurrentByteIndex
            if parents[-1:] == ["fills"]:
                self._fills += 1
            elif parents[-1:] == ["cellXfs"]:
                tag = TAG.match(self._part, begun)
                if tag is not None:
                    end = tag.end() if tag[1] else self._part.index(b">", at) + 1
                    self._formats.append(self._part[begun:end])
            elif name in self._spans and len(parents) == 1:
                self._spans[name] = (self._spans[name][0], at)

        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.Parse(self._part, True)


def _number(tag: bytes, name: str) -> int:
    value = attribute(tag, name)
    return int(value) if value.isdigit() else 0
