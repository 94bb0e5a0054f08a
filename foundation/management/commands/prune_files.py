from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from foundation.actions.files import prune


class Command(BaseCommand):
    help = "Delete stored contents older than a day that no record points to."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(_("%(files)d files removed.") % {"files": prune()})
