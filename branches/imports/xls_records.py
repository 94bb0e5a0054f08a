"""Takes the records of an .xls apart (BIFF8; Microsoft's description of it is MS-XLS)."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Sequence

from branches.imports.cell_stores import Strings
from branches.rules.problems import UnusableFile
from foundation.rules.compound_files import CompoundFile, DamagedCompound

BOF, EOF, CONTINUE, FILEPASS = 0x809, 0x0A, 0x3C, 0x2F
BIFF8 = 0x0600
MAX_RECORDS = 12_000_000
# What a broken file raises on the way.
DAMAGE = (DamagedCompound, struct.error, LookupError, ValueError, OverflowError)

Record = tuple[int, bytes]
_HEAD = struct.Struct("<HH")
_WIDE, _WITH_PHONETIC, _WITH_RUNS = 0x01, 0x04, 0x08


class Records:
    """The records of a workbook; however often they are gone through, there is one limit.

    Raises:
        one of DAMAGE: it is broken; UnusableFile: encrypted, too old, or too large.
    """

    def __init__(self, content: bytes) -> None:
        container = CompoundFile(io.BytesIO(content))
        if "Workbook" not in container:
            raise UnusableFile("encrypted" if "EncryptedPackage" in container else "too_old")
        self._stream = container.read("Workbook")
        self._left = MAX_RECORDS

    def at(self, position: int, *, is_counted: bool = True) -> Iterator[Record]:
        """The records of one part of the workbook, from its beginning to its end, charts inside it left out.

        Args:
            is_counted: False when a part already judged is read again.
        """
        stream, head = self._stream, _HEAD.unpack_from
        depth = 0
        left = self._left
        while True:
            code, size = head(stream, position)
            position += 4 + size
            left -= 1
            if is_counted and left < 0:
                raise UnusableFile("too_large")
            if code == EOF:
                depth -= 1
                if depth <= 0:
                    break
            elif code == BOF:
                depth += 1
                if depth == 1 and struct.unpack_from("<H", stream, position - size)[0] != BIFF8:
                    raise UnusableFile("too_old")
            elif code == FILEPASS:
                raise UnusableFile("encrypted")
            elif depth == 1:
                yield code, stream[position - size : position]
        if is_counted:
            self._left = left


def text_at(data: bytes, offset: int, *, size_bytes: int = 2) -> str:
    """A string inside one record, after its length of one or two bytes; what is cut off is lacking."""
    length = int.from_bytes(data[offset : offset + size_bytes], "little")
    flags = data[offset + size_bytes]
    offset += size_bytes + 1 + (2 if flags & _WITH_RUNS else 0) + (4 if flags & _WITH_PHONETIC else 0)
    if flags & _WIDE:
        return plain(data[offset : offset + 2 * length].decode("utf-16-le", "replace"))
    return plain(data[offset : offset + length].decode("latin-1"))


def plain(text: str) -> str:
    """Without the mark no database keeps."""
    return text.replace("\0", "") if "\0" in text else text


def shared_strings(segments: Sequence[bytes]) -> Strings:
    """The table of strings, which goes on from record to record."""
    strings = Strings()
    reader = _Segments(segments)
    _total, number = struct.unpack("<II", reader.take(8))
    for _number in range(number):
        if reader.is_at_end:  # the number of strings may be wrong
            break
        length, flags = struct.unpack("<HB", reader.take(3))
        runs = struct.unpack("<H", reader.take(2))[0] if flags & _WITH_RUNS else 0
        phonetic = struct.unpack("<I", reader.take(4))[0] if flags & _WITH_PHONETIC else 0
        strings.append(plain(reader.take_characters(length, is_wide=bool(flags & _WIDE))))
        reader.skip(4 * runs + phonetic)
    return strings


class _Segments:
    """Bytes that go on over several records; characters that do so begin again with a note of how wide they are."""

    def __init__(self, segments: Sequence[bytes]) -> None:
        self._segments = segments
        self._segment = 0
        self._at = 0

    @property
    def is_at_end(self) -> bool:
        self._turn_page()
        return self._segment >= len(self._segments)

    def take(self, size: int) -> bytes:
        self._turn_page()
        taken = self._segments[self._segment][self._at : self._at + size]
        self._at += size
        if len(taken) < size:
            raise DamagedCompound
        return taken

    def take_characters(self, number: int, *, is_wide: bool) -> str:
        pieces = []
        while number:
            segment = self._segments[self._segment]
            if self._at >= len(segment):
                self._turn_page()
                is_wide = bool(self.take(1)[0] & _WIDE)
                segment = self._segments[self._segment]
            room = len(segment) - self._at
            size = min(number, room // 2) * 2 if is_wide else min(number, room)
            if not size:
                raise DamagedCompound
            raw = segment[self._at : self._at + size]
            self._at += size
            number -= size // 2 if is_wide else size
            pieces.append(raw.decode("utf-16-le" if is_wide else "latin-1", "replace"))
        return "".join(pieces)

    def skip(self, size: int) -> None:
        while size and not self.is_at_end:
            step = min(size, len(self._segments[self._segment]) - self._at)
            self._at += step
            size -= step

    def _turn_page(self) -> None:
        while self._segment < len(self._segments) and self._at >= len(self._segments[self._segment]):
            self._segment += 1
            self._at = 0
