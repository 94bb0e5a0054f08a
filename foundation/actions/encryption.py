from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Cast

from foundation.actions.files import replace_content
from foundation.encryption import decrypt, decrypt_content, encrypt, encrypt_content, is_current
from foundation.models import EncryptedTextField, StoredFile


def encrypt_anew() -> int:
    """Encrypt what other field keys than the first encrypted; people may go on working.

    Returns the number of values and files.

    A value is replaced only if it is still the one that was read, so nothing written meanwhile is lost; it is safe to
    break off and run again.
    """
    count = 0
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField):
                count += _encrypt_column_anew(model, field)
    return count + _encrypt_files_anew()


def _encrypt_column_anew(model: type[models.Model], field: EncryptedTextField) -> int:
    current = f"k{next(iter(settings.FIELD_KEYS))}:"
    raw = models.QuerySet(model).annotate(raw_value=Cast(field.attname, models.TextField()))
    outdated = raw.exclude(raw_value="").exclude(raw_value__startswith=current).order_by("pk")
    count, last = 0, None
    while chunk := list((outdated.filter(pk__gt=last) if last else outdated).values_list("pk", "raw_value")[:500]):
        with transaction.atomic():
            for pk, stored in chunk:
                sealed = encrypt(decrypt(stored))
                count += raw.filter(pk=pk, raw_value=stored).update(**{field.attname: sealed})
        last = chunk[-1][0]
    return count


def _encrypt_files_anew() -> int:
    count = 0
    for stored_file in StoredFile.objects.filter(is_encrypted=True).iterator():
        if not stored_file.location.is_file():
            continue  # a backup reports what is missing
        stored = stored_file.location.read_bytes()
        if not is_current(stored):
            replace_content(stored_file=stored_file, content=encrypt_content(decrypt_content(stored)))
            count += 1
    return count
