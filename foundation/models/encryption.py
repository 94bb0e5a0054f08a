from typing import Any

from django.db import models

from foundation.encryption import Ciphertext, decrypt, encrypt


class EncryptedTextField(models.TextField):
    """Text that is encrypted in the database. It cannot be searched: keep a `blind_index` beside it for that."""

    def get_prep_value(self, value: Any) -> str | None:
        value = super().get_prep_value(value)
        if value is None or value == "" or isinstance(value, Ciphertext):
            return value
        return encrypt(value)

    def to_python(self, value: Any) -> str | None:
        return value if isinstance(value, Ciphertext) else super().to_python(value)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return decrypt(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name not in ("isnull",):
            raise TypeError(f"{self.name} is encrypted and cannot be searched by {lookup_name}.")
        return super().get_lookup(lookup_name)
