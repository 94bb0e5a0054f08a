"""The form of a backup: one tar of JSON lines (a row a line), stored files, and a manifest with all checksums.

Rows hold plain column values that any database can take; encrypted columns stay encrypted, and the keys are not in it.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.functions import Cast

from foundation.encryption import Ciphertext
from foundation.models import EncryptedTextField

FORMAT = 1
MANIFEST = "manifest.json"
# What a system makes anew by itself: sessions, locked-out logins, finished tasks.
LEFT_OUT = {"sessions", "axes", "django_tasks_database"}
# Made by `migrate` already, with numbers of its own; a restored system takes over those of the backup.
MADE_BY_MIGRATE = {"contenttypes.contenttype", "auth.permission"}


def kept_models() -> list[type[models.Model]]:
    """Every table a backup holds, in a fixed order, the tables of many-to-many relations included."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label not in LEFT_OUT and model._meta.managed and not model._meta.proxy
    ]
    return sorted(found, key=lambda model: model._meta.label_lower)


def member_name(model: type[models.Model]) -> str:
    return f"rows/{model._meta.label_lower}.jsonl"


def applied_migrations() -> list[str]:
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied if app not in LEFT_OUT)


def stored_columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [field for field in model._meta.concrete_fields if not field.generated]


def rows_of(model: type[models.Model]) -> Iterator[bytes]:
    """The rows of a table as JSON lines, in the order of the primary key; encrypted values stay encrypted."""
    fields = stored_columns(model)
    encrypted = {f"raw_{field.attname}": field for field in fields if isinstance(field, EncryptedTextField)}
    names = [f"raw_{field.attname}" if field in encrypted.values() else field.attname for field in fields]
    rows = models.QuerySet(model).annotate(
        **{alias: Cast(field.attname, models.TextField()) for alias, field in encrypted.items()}
    )
    for row in rows.order_by("pk").values_list(*names).iterator(chunk_size=2000):
        yield json.dumps(row, default=_as_text, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def values_from(line: bytes, fields: list[models.Field[Any, Any]]) -> list[Any]:
    """One JSON line as the values the database takes for these fields."""
    return [
        field.get_db_prep_save(_as_python(value, field), connection)
        for value, field in zip(json.loads(line), fields, strict=True)
    ]


def _as_text(value: Any) -> str:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    raise TypeError(f"A backup cannot hold a value of the type {type(value).__name__}.")


def _as_python(value: Any, field: models.Field[Any, Any]) -> Any:
    if value is None:
        return None
    if isinstance(field, EncryptedTextField):
        return Ciphertext(value)
    return field.to_python(value)
