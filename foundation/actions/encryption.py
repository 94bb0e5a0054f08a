from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.db.models.functions import Cast

from foundation.actions.files import replace_content
from foundation.actions.jobs import let_others_write
from foundation.encryption import decrypt, decrypt_content, encrypt, encrypt_content, is_current
from foundation.models import EncryptedTextField, StoredFile

CHUNK = 500
PAUSE = 0.2  # seconds, before rows that others hold are asked for again
Tell = Callable[[str, int], None]


def encrypt_anew(*, tell: Tell = lambda _what, _number: None) -> int:
    """Encrypt what other field keys than the first encrypted; people may go on working, with both keys.

    Returns the number of values and files.

    Args:
        tell: is told the kind of value at work and how many of it are done, now and then.

    Raises:
        DecryptionError: a value was encrypted with a key that is missing.

    A row is locked while its value is replaced, and rows that others hold are left for later: nothing written meanwhile
    is lost, and nobody is ever waited for. It is safe to break off and run again.
    """
    count = 0
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField):
                count += _encrypt_column_anew(model, field, tell)
    return count + _encrypt_files_anew(tell)


def _encrypt_column_anew(model: type[models.Model], field: EncryptedTextField, tell: Tell) -> int:
    what, count, last = f"{model._meta.label} {field.name}", 0, None
    while True:
        done, last = _encrypt_chunk_anew(model, field, last)
        count += done
        if done:
            tell(what, count)
        let_others_write()
        if last is not None:
            continue
        if not _outdated(model, field).exists():
            return count
        time.sleep(PAUSE)


@transaction.atomic
def _encrypt_chunk_anew(model: type[models.Model], field: EncryptedTextField, last: Any) -> tuple[int, Any]:
    """The number of values replaced, and the last row seen; None for it once all have been seen."""
    outdated = _outdated(model, field).order_by("pk")
    if last is not None:
        outdated = outdated.filter(pk__gt=last)
    skips = connection.features.has_select_for_update_skip_locked
    chunk = list(outdated.select_for_update(skip_locked=skips).values_list("pk", "raw_value")[:CHUNK])
    for pk, stored in chunk:
        models.QuerySet(model).filter(pk=pk).update(**{field.attname: encrypt(decrypt(stored))})
    return len(chunk), chunk[-1][0] if chunk else None


def _outdated(model: type[models.Model], field: EncryptedTextField) -> models.QuerySet:
    current = f"k{next(iter(settings.FIELD_KEYS))}:"
    raw = models.QuerySet(model).annotate(raw_value=Cast(field.attname, models.TextField()))
    return raw.exclude(raw_value="").exclude(raw_value__startswith=current)


def _encrypt_files_anew(tell: Tell) -> int:
    count = 0
    for stored_file in StoredFile.objects.filter(is_encrypted=True).iterator():
        try:
            stored = stored_file.location.read_bytes()
        except FileNotFoundError:
            continue  # purged this moment; a backup reports what is missing
        if not is_current(stored):
            replace_content(stored_file=stored_file, content=encrypt_content(decrypt_content(stored)))
            count += 1
            tell(StoredFile._meta.label, count)
    return count
