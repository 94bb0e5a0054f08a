from __future__ import annotations

import io
import struct
import zipfile

import pytest

from foundation.rules.archives import DamagedArchive, open_archive
from tests.workbooks import plain_id


def packed(method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        archive.writestr("part.xml", b"<x/>" * 1000)
    return target.getvalue()


def claiming(*, directory_bytes: int) -> bytes:
    """An archive with a directory of this size."""
    content = packed()
    end = content.rindex(b"PK\x05\x06")
    start = struct.unpack_from("<I", content, end + 16)[0]
    entry = content[start:end]
    directory = entry * (directory_bytes // len(entry))
    fields = list(struct.unpack("<4H2IH", content[end + 4 :]))
    fields[4] = len(directory)
    return content[:start] + directory + content[end : end + 4] + struct.pack("<4H2IH", *fields)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        packed()[:-30],
        packed(zipfile.ZIP_LZMA),
        packed(zipfile.ZIP_BZIP2),
        claiming(directory_bytes=3_000_000),
        packed().replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"),  # encrypted
    ],
    ids=plain_id,
)
def test_what_cannot_be_opened_or_only_at_a_price(content: bytes) -> None:
    with pytest.raises(DamagedArchive):
        open_archive(io.BytesIO(content))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_sound_archive(method: int) -> None:
    with open_archive(io.BytesIO(packed(method))) as archive:
        assert archive.read("part.xml") == b"<x/>" * 1000
