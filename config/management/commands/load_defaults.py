from typing import Any

from django.core.management import BaseCommand
from django.utils.translation import gettext as _

from config.loading.counts import count_text
from config.loading.defaults import load_defaults


class Command(BaseCommand):
    help = "Create the code tables, kinds, rule texts, duty rules and default scheme that are missing."

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        counts = load_defaults()
        if verbosity == 0:
            return
        message = _("Defaults: nothing missing.")
        if counts:
            message = _("Defaults created or completed: %(made)s.") % {"made": count_text(counts)}
        self.stdout.write(message)
