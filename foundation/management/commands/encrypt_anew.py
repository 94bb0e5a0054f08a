import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from foundation.actions.encryption import encrypt_anew
from foundation.encryption import DecryptionError

EVERY = 5  # seconds


class Command(BaseCommand):
    help = "Encrypt every encrypted value with the first of FIELD_KEYS, so that the other keys can be taken away."

    def handle(self, *args: Any, **options: Any) -> None:
        self._told_at = time.monotonic()
        try:
            rows = encrypt_anew(tell=self._tell)
        except DecryptionError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            words = _("It stopped half-way: %(reason)s. What was done stands; run it again once the cause is removed.")
            raise CommandError(words % {"reason": error.strerror or error}) from error
        self.stdout.write(_("%(rows)d values encrypted anew with the first field key.") % {"rows": rows})
        if others := list(settings.FIELD_KEYS)[1:]:
            self.stdout.write(
                _(
                    "Nothing needs the other keys any more (%(names)s). They can be taken out of FIELD_KEYS; backups "
                    "made before still need them."
                )
                % {"names": ", ".join(others)}
            )

    def _tell(self, what: str, number: int) -> None:
        if time.monotonic() - self._told_at >= EVERY:
            self._told_at = time.monotonic()
            self.stdout.write(f"{what}: {number}")
