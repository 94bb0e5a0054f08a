import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from branches.actions.indexing import index_anew
from foundation.encryption import DecryptionError

EVERY = 5  # seconds


class Command(BaseCommand):
    help = "Compute the keyed hashes of numbers and phones anew after INDEX_KEY was changed; stop the system first."

    def handle(self, *args: Any, **options: Any) -> None:
        self._told_at = time.monotonic()
        try:
            changed = index_anew(tell=self._tell)
        except DecryptionError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("%(number)d people are found by the new key.") % {"number": changed})

    def _tell(self, number: int) -> None:
        if time.monotonic() - self._told_at >= EVERY:
            self._told_at = time.monotonic()
            self.stdout.write(str(number))
