"""Copies a part of a workbook, replacing pieces of it: every other byte stays as its program wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import IO
from xml.parsers import expat

_CHUNK = 256 * 1024
TAG = re.compile(rb"""<[^\s/>]+(?:\s+[^\s=/>]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*(/?)>""")
_END_TAG = re.compile(rb"</[^>]*>")
ATTRIBUTE = re.compile(rb"""\s+([^\s=/>]+)\s*=\s*("[^"]*"|'[^']*')""")
_NAME = re.compile(rb"<[^\s/>]+")
_ENCODING = re.compile(r"""(<\?xml[^>]*?)\s+encoding\s*=\s*["']([^"']*)["']""")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Splicer:
    """Streams a part from `source` to `target`; `start` and `end` say what is replaced, in the order of the part."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self._buffer = bytearray()
        self._base = 0  # where the buffer begins in the part
        self._copied = 0  # up to where the part is copied
        self._seen = 0  # where the last tag begins
        self._is_dropping = False
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._on_start
        self._parser.EndElementHandler = self._on_end

    def copy(self, source: IO[bytes]) -> None:
        for chunk in utf8_chunks(source):
            self._buffer += chunk
            self._parser.Parse(chunk, False)
            if not self._is_dropping:
                self._copy_to(self._seen)
        self._parser.Parse(b"", True)
        self._copy_to(self._base + len(self._buffer))

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Called at the start of every element, by its name without a prefix."""

    def end(self, name: str) -> None:
        """Called at its end."""

    @property
    def tag(self) -> bytes:
        """The start tag at hand as it is written."""
        match = self._match()
        return match[0]

    @property
    def is_empty(self) -> bool:
        """Whether the element at hand is closed by its start tag."""
        return bool(self._match()[1])

    @property
    def prefix(self) -> bytes:
        """That of the element at hand, with its colon."""
        return prefix_of(self.tag)

    def insert(self, new: bytes) -> None:
        """Put something before the tag at hand."""
        self._copy_to(self._seen)
        self._target.write(new)

    def replace_tag(self, new: bytes) -> None:
        end = self._seen + len(self.tag)
        self.insert(new)
        self._copied = end

    def drop(self) -> None:
        """Leave out the element at hand; to be called at its start. Its end must call `dropped`."""
        if self.is_empty:
            self.replace_tag(b"")
            return
        self._copy_to(self._seen)
        self._is_dropping = True

    def dropped(self) -> None:
        if self._is_dropping:
            match = _END_TAG.match(self._buffer, self._seen - self._base)
            assert match is not None
            self._copied = self._base + match.end()
            self._is_dropping = False

    def _match(self) -> re.Match[bytes]:
        match = TAG.match(self._buffer, self._seen - self._base)
        if match is None:
            raise expat.ExpatError("A tag is written in a way that is not understood.")
        return match

    def _on_start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._seen = self._parser.CurrentByteIndex
        self.start(name.rpartition(":")[2], attributes)

    def _on_end(self, name: str) -> None:
        self._seen = self._parser.CurrentByteIndex
        self.end(name.rpartition(":")[2])

    def _copy_to(self, position: int) -> None:
        if position <= self._copied:
            return
        self._target.write(self._buffer[self._copied - self._base : position - self._base])
        self._copied = position
        del self._buffer[: position - self._base]
        self._base = position


def with_attribute(tag: bytes, name: str, value: str | None) -> bytes:
    """A start tag with an attribute set, or without it."""
    new = b"" if value is None else f' {name}="{value}"'.encode()
    for match in ATTRIBUTE.finditer(tag):
        if match[1] == name.encode():
            return tag[: match.start()] + new + tag[match.end() :]
    return _NAME.sub(lambda start: start[0] + new, tag, count=1)


def attribute(tag: bytes, name: str) -> str:
    """The value of an attribute of the start tag an element begins with, "" without it."""
    match = TAG.match(tag)
    found = [match[2] for match in ATTRIBUTE.finditer(match[0] if match else b"") if match[1] == name.encode()]
    return found[0][1:-1].decode() if found else ""


def prefix_of(tag: bytes) -> bytes:
    """x: of <x:row …>."""
    match = _NAME.match(tag)
    name = match[0][1:] if match else b""
    return name[: name.index(b":") + 1] if b":" in name else b""


def as_xml(text: str) -> bytes:
    """Text as it is written into a cell: nothing a workbook cannot hold, and no escape it would read."""
    text = _FORBIDDEN.sub("", text).replace("_x", "_x005F_x")
    for mark, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(mark, entity)
    return text.encode()


def utf8_chunks(source: IO[bytes]) -> Iterator[bytes]:
    """The part piece by piece; one in another encoding than UTF-8 in a single piece, brought to it."""
    head = source.read(_CHUNK)
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    declared = _ENCODING.match(head[:200].decode("latin-1"))
    if encoding == "utf-8" and declared:
        encoding = declared[2].lower()
    if encoding in ("utf-8", "utf8", "us-ascii", "ascii"):
        while head:
            yield head
            head = source.read(_CHUNK)
        return
    yield _ENCODING.sub(r"\1", (head + source.read()).decode(encoding), count=1).encode()
