"""The file of an import, as it was uploaded."""

from __future__ import annotations

import hashlib

from branches.imports.workbooks import Book, open_book
from branches.models import Batch
from branches.rules.problems import UnusableFile
from foundation.encryption import DecryptionError
from foundation.queries.files import open_content


def content_of(batch: Batch) -> bytes:
    """
    Raises:
        UnusableFile: it is gone, or is not the one that was uploaded.
    """
    if batch.file is None:
        raise UnusableFile("changed_file")
    try:
        with open_content(batch.file) as file:
            content = file.read()
    except (OSError, DecryptionError) as error:
        raise UnusableFile("changed_file") from error
    if hashlib.sha256(content).hexdigest() != batch.file_sha256:
        raise UnusableFile("changed_file")
    return content


def open_stored(batch: Batch, *, is_head_enough: bool = False) -> Book:
    """The file as sheets.

    Args:
        is_head_enough: only what is asked of `Sheet.head` is read: while somebody waits.

    Raises:
        UnusableFile: it is gone, is not the one that was uploaded, or cannot be read.
    """
    content = content_of(batch)
    assert batch.file is not None
    return open_book(content, batch.file.content_type, is_head_enough=is_head_enough)
