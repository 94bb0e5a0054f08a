from typing import Any

from django.core.management import BaseCommand
from django.utils.translation import ngettext

from branches.actions.purging import purge_batches


class Command(BaseCommand):
    help = "Purge files and rows of imports closed long ago; the worker does it every day."

    def handle(self, *args: Any, **options: Any) -> None:
        number = purge_batches()
        self.stdout.write(
            ngettext("%(number)d import purged.", "%(number)d imports purged.", number) % {"number": number}
        )
