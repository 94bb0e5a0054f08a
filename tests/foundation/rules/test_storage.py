from __future__ import annotations

import errno
import sqlite3

import pytest

from foundation.rules.storage import is_disk_full


def sqlite_full() -> Exception:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    return error


def test_a_disk_a_quota_or_a_database_that_is_full() -> None:
    assert is_disk_full(OSError(errno.ENOSPC, "No space left on device"))
    assert is_disk_full(OSError(errno.EDQUOT, "Disk quota exceeded"))
    assert is_disk_full(sqlite_full())


def test_an_error_of_a_library_that_wraps_it() -> None:
    with pytest.raises(ValueError, match="not made") as caught:
        try:
            raise OSError(errno.ENOSPC, "No space left on device")
        except OSError as error:
            raise ValueError("not made") from error
    assert is_disk_full(caught.value)


def test_anything_else_is_not() -> None:
    around = ValueError("round")
    around.__context__ = around
    for error in (None, OSError(errno.EIO, "broken"), OSError("without a number"), around):
        assert not is_disk_full(error)
