"""Many rows in few statements, at a fraction of what `bulk_create` spends on putting them together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.db import connections, models, router

# Parameters of one statement; SQLite takes 32,766.
_PARAMETERS = 30_000
_PLAIN = (models.CharField, models.TextField, models.IntegerField, models.BooleanField)


def insert_many(objects: Sequence[models.Model], *, updating: Sequence[str] = ()) -> None:
    """Insert new objects of one model and give them their numbers; call inside the transaction.

    Every value must be of its field's own type. Unlike `bulk_create`, days and times of the kind `auto_now` are not
    set.

    Args:
        updating: the objects exist; of each these fields are written, and whoever calls holds the locks.
    """
    if not objects:
        return
    alias = router.db_for_write(type(objects[0]))
    keys = _write(type(objects[0]), [one.__dict__ for one in objects], updating, connections[alias])
    for one, pk in zip(objects, keys, strict=True) if keys else ():
        one.pk = pk
        one._state.adding, one._state.db = False, alias


def insert_rows(model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows nobody needs as objects: making those takes longer than writing them.

    Args:
        model: its defaults must be the same for every row.
        rows: the values by attribute (`person_id`), of their field's own type; what is left out has its default.
    """
    if rows:
        usual = dict(model().__dict__)
        _write(model, [{**usual, **row} for row in rows], (), connections[router.db_for_write(model)])


def _write(model: Any, rows: Sequence[Mapping[str, Any]], updating: Sequence[str], connection: Any) -> list[Any]:
    """Write rows in as many statements as their number asks for; returns the numbers of new ones."""
    key = model._meta.pk
    fields = [field for field in model._meta.concrete_fields if updating or not isinstance(field, models.AutoField)]
    readers = [(field.attname, _preparer(field, connection)) for field in fields]
    statement = _statement(model, fields, updating, connection)
    returns = "" if updating else f" RETURNING {connection.ops.quote_name(key.column)}"
    line = f"({', '.join(['%s'] * len(fields))})"
    size = max(1, _PARAMETERS // len(fields))
    keys: list[Any] = []
    with connection.cursor() as cursor:
        for first in range(0, len(rows), size):
            part = rows[first : first + size]
            values = [
                value if prepare is None else prepare(value)
                for held in part
                for name, prepare in readers
                for value in (held[name],)
            ]
            cursor.execute(statement.format(", ".join([line] * len(part))) + returns, values)
            if not updating:
                keys += [key.to_python(pk) for (pk,) in cursor.fetchall()]
    return keys


def _statement(model: Any, fields: Sequence[Any], updating: Sequence[str], connection: Any) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    start = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES {{}}"  # noqa: S608 (names of our own models)
    if not updating:
        return start
    written = [quote(model._meta.get_field(name).column) for name in updating]
    settings = ", ".join(f"{column} = EXCLUDED.{column}" for column in written)
    return f"{start} ON CONFLICT ({quote(model._meta.pk.column)}) DO UPDATE SET {settings}"


def _preparer(field: models.Field[Any, Any], connection: Any) -> Callable[[Any], Any] | None:
    """What makes a value of the field one of the database; None where it is that already."""
    stored = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(stored, _PLAIN) and type(stored).__module__.startswith("django.db"):  # none of our own
        return None

    def prepare(value: Any) -> Any:
        return field.get_db_prep_save(value, connection)

    # Days, and what a foreign key points to, are the same few again and again.
    return lru_cache(maxsize=4096)(prepare) if isinstance(field, models.DateField | models.ForeignKey) else prepare
