"""Opens a zip archive without trusting what it says about itself."""

from __future__ import annotations

import io
import zipfile
from typing import IO

# The directory alone could be large enough to fill the memory; that of a real office file is some kilobytes.
MAX_DIRECTORY_BYTES = 2 * 1024 * 1024
# Of the others one (LZMA) lets the archive choose how much memory unpacking takes; office programs write these.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class DamagedArchive(ValueError):
    """Not an archive, cut off, or made in a way no office program makes one."""


def open_archive(content: IO[bytes]) -> zipfile.ZipFile:
    """The archive in a stream.

    Raises:
        DamagedArchive: it cannot be opened, or only at a price.
    """
    try:
        archive = zipfile.ZipFile(_Frugal(content))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise DamagedArchive from error
    if any(member.compress_type not in METHODS or member.flag_bits & 1 for member in archive.infolist()):
        archive.close()
        raise DamagedArchive
    return archive


class _Frugal:
    """A stream that never gives away more at once than a reasonable directory needs."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content

    def read(self, size: int = -1) -> bytes:
        if size > MAX_DIRECTORY_BYTES:
            raise DamagedArchive
        return self._content.read(min(size, MAX_DIRECTORY_BYTES) if size >= 0 else MAX_DIRECTORY_BYTES)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._content.seek(offset, whence)

    def tell(self) -> int:
        return self._content.tell()

    def seekable(self) -> bool:
        return True
