"""The lock every structural write of the tree takes.

Two inserts at once would give MPTT nodes overlapping intervals: the library has no lock of its own. On PostgreSQL one
advisory lock, held until the transaction ends, serialises them; SQLite does so by IMMEDIATE transactions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from branches.models import Organisation

_TREE_LOCK = 0x6272616E  # one constant for the whole forest: roots are numbered across trees


@contextmanager
def tree_lock() -> Iterator[None]:
    """One transaction holding the tree's lock. Fetch the nodes to change inside it, never before."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TREE_LOCK])
        yield


def keep_standing(organisations: Collection[int]) -> None:
    """Until the transaction ends nobody ends these; call it before they are read, and before anybody is locked.

    No lock of Django's: this one stands in nobody's way but that of `lock_to_end`. Whoever only works in an
    organisation or moves it in the tree does not wait, and so never waits in a circle.
    """
    if connection.vendor == "postgresql" and organisations:
        table = connection.ops.quote_name(Organisation._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT 1 FROM {table} WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE",  # noqa: S608 (our own model)
                [sorted(organisations)],
            )


def lock_to_end(organisations: Collection[int]) -> None:
    """Whoever has just entered somebody there comes first; call it before looking whether anybody belongs to them."""
    list(Organisation.objects.select_for_update().filter(pk__in=organisations).order_by("pk").values_list("pk"))
