"""Reads the container of older office files (OLE2; Microsoft's description of it is MS-CFB)."""

from __future__ import annotations

import io
import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER = 512
_ENTRY = 128
_NOTHING = 0xFFFFFFFA  # sector numbers from here on mean "none", "free" and the like
_STREAM, _ROOT = 2, 5
_MAX_ENTRIES = 10_000


class DamagedCompound(ValueError):
    """Not such a container, cut off, or going round in circles."""


@dataclass(frozen=True)
class _Entry:
    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


class CompoundFile:
    """The top level of a container: streams by their names, whatever the case.

    Raises:
        DamagedCompound: here or in any method.
    """

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content
        size = content.seek(0, io.SEEK_END)
        content.seek(0)
        header = content.read(_HEADER)
        if len(header) < _HEADER or not header.startswith(MAGIC):
            raise DamagedCompound
        shift, mini_shift = struct.unpack_from("<HH", header, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise DamagedCompound
        self._sector, self._mini = 1 << shift, 1 << mini_shift
        self._sectors = size // self._sector
        directory, _transactions, self._cutoff, mini_table = struct.unpack_from("<4I", header, 48)
        self._table = self._read_table(header)
        entries = self._read_entries(directory)
        root = next((entry for entry in entries if entry.kind == _ROOT), None)
        if root is None:
            raise DamagedCompound
        self._root, self._mini_table_start = root, mini_table
        self._entries = self._top_level(entries, root)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._entries

    def read(self, name: str, limit: int | None = None) -> bytes:
        """The content of a stream, or its first `limit` bytes; what the file lacks of it is lacking here too."""
        entry = self._entries.get(name.lower())
        if entry is None or entry.kind != _STREAM:
            raise DamagedCompound
        size = entry.size if limit is None else min(entry.size, limit)
        if entry.size >= self._cutoff:
            return self._read_chain(entry.start, size)
        return self._read_small(entry.start, size)

    def _read_small(self, start: int, size: int) -> bytes:
        """A small stream is kept in pieces inside a stream of the container itself."""
        table = array("I")
        raw = self._read_chain(self._mini_table_start, self._sectors * self._sector)
        table.frombytes(raw[: len(raw) // 4 * 4])
        minis = self._read_chain(self._root.start, self._root.size)
        pieces = [minis[at * self._mini : (at + 1) * self._mini] for at in _chain(table, start, size // self._mini + 1)]
        return b"".join(pieces)[:size]

    def _read_table(self, header: bytes) -> array[int]:
        """Which sector follows which. Its own sectors are listed in the header, and from there on in a chain."""
        listed = [at for at in struct.unpack_from("<109I", header, 76) if at < _NOTHING]
        (more,) = struct.unpack_from("<I", header, 68)
        seen = 0
        while more < _NOTHING:
            seen += 1
            if seen > self._sectors:
                raise DamagedCompound
            raw = self._read_sector(more)
            if len(raw) < self._sector:
                raise DamagedCompound
            *numbers, more = struct.unpack(f"<{self._sector // 4}I", raw)
            listed.extend(at for at in numbers if at < _NOTHING)
        if len(listed) > self._sectors:
            raise DamagedCompound
        table = array("I")
        for at in listed:
            raw = self._read_sector(at)
            table.frombytes(raw[: len(raw) // 4 * 4])
        return table

    def _read_entries(self, start: int) -> list[_Entry]:
        raw = self._read_chain(start, _MAX_ENTRIES * _ENTRY)
        return [_entry(raw[at : at + _ENTRY]) for at in range(0, len(raw) - _ENTRY + 1, _ENTRY)]

    def _top_level(self, entries: list[_Entry], root: _Entry) -> dict[str, _Entry]:
        """The entries beside each other right below the root; what an embedded file holds is not among them."""
        found: dict[str, _Entry] = {}
        waiting, seen = [root.child], set()
        while waiting:
            at = waiting.pop()
            if at >= len(entries) or at in seen:
                continue
            seen.add(at)
            entry = entries[at]
            found[entry.name.lower()] = entry
            waiting += [entry.left, entry.right]
        return found

    def _read_sector(self, at: int) -> bytes:
        self._content.seek((at + 1) * self._sector)
        return self._content.read(self._sector)

    def _read_chain(self, start: int, size: int) -> bytes:
        wanted = min(size, self._sectors * self._sector)
        content = io.BytesIO()
        for at in _chain(self._table, start, -(-wanted // self._sector)):
            content.write(self._read_sector(at))
        content.truncate(size)
        return content.getvalue()


def _entry(raw: bytes) -> _Entry:
    length, kind = struct.unpack_from("<HB", raw, 64)
    left, right, child = struct.unpack_from("<3I", raw, 68)
    start, size = struct.unpack_from("<II", raw, 116)
    return _Entry(
        raw[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace"), kind, left, right, child, start, size
    )


def _chain(table: array[int], start: int, number: int) -> Iterator[int]:
    """At most so many sectors, one leading to the next."""
    at = start
    for _count in range(number):
        if at >= _NOTHING:
            return
        yield at
        if at >= len(table):
            raise DamagedCompound
        at = table[at]
