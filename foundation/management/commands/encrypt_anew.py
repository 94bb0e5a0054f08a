from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from foundation.actions.encryption import encrypt_anew


class Command(BaseCommand):
    help = "Encrypt every encrypted value with the first of FIELD_KEYS, so that the other keys can be taken away."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(_("%(rows)d values encrypted anew with the first field key.") % {"rows": encrypt_anew()})
