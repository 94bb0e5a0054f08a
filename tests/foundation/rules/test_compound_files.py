from __future__ import annotations

import io
import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.rules.compound_files import MAGIC, CompoundFile, DamagedCompound
from tests.workbooks import container

CONTENT = bytes(range(256)) * 40


def opened(content: bytes) -> CompoundFile:
    return CompoundFile(io.BytesIO(content))


@pytest.mark.parametrize(
    "content", [b"", MAGIC, b"PK" + bytes(600), MAGIC + bytes(600), container({"A": CONTENT})[:1000]]
)
def test_what_is_no_container(content: bytes) -> None:
    with pytest.raises(DamagedCompound):
        opened(content)


def test_streams_by_their_names() -> None:
    file = opened(container({"Workbook": CONTENT, "Other": bytes(5000)}))
    assert "workbook" in file
    assert "Missing" not in file
    assert file.read("WORKBOOK") == CONTENT
    assert file.read("Workbook", 700) == CONTENT[:700]
    with pytest.raises(DamagedCompound):
        file.read("Missing")


def test_a_large_stream_whose_sectors_are_listed_outside_the_head() -> None:
    content = CONTENT * 800
    assert opened(container({"Workbook": content})).read("Workbook") == content


def test_a_small_stream_is_kept_in_pieces() -> None:
    """As office programs do below 4096 bytes: inside a stream of the container itself."""
    content = bytearray(container({"Small": bytes(4096), "Pieces": CONTENT}))
    directory = (struct.unpack_from("<I", content, 48)[0] + 1) * 512
    first = struct.unpack_from("<I", content, directory + 2 * 128 + 116)[0]
    struct.pack_into("<II", content, directory + 116, first, len(CONTENT))  # the root holds the pieces
    struct.pack_into("<II", content, directory + 128 + 116, 2, 100)  # the small stream begins with the third one
    struct.pack_into("<II", content, 60, 0, 1)  # the table of pieces is where the small stream was
    struct.pack_into("<4I", content, 512, 0xFFFFFFFF, 0xFFFFFFFF, 5, 0xFFFFFFFF)
    struct.pack_into("<I", content, 512 + 4 * 5, 0xFFFFFFFE)
    assert opened(bytes(content)).read("Small") == CONTENT[128:192] + CONTENT[320:356]


@given(st.data())
def test_whatever_is_changed_it_is_read_or_refused(data: st.DataObject) -> None:
    content = bytearray(container({"Workbook": bytes(5000)}))
    for _number in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(8, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    with suppress(DamagedCompound):
        assert len(opened(bytes(content)).read("Workbook")) <= len(content)
