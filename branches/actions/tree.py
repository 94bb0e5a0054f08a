"""The lock every structural write of the tree takes.

Two inserts at once would give MPTT nodes overlapping intervals: the library has no lock of its own. On PostgreSQL one
advisory lock, held until the transaction ends, serialises them; SQLite does so by IMMEDIATE transactions.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

_TREE_LOCK = 0x6272616E  # one constant for the whole forest: roots are numbered across trees


@contextmanager
def tree_lock() -> Iterator[None]:
    """One transaction holding the tree's lock. Fetch the nodes to change inside it, never before."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TREE_LOCK])
        yield
