from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand
from django.utils.translation import gettext as _

from config.loading.accounts import login_table
from config.loading.counts import count_text
from config.loading.demo import DIRECTORY, load_demo


class Command(BaseCommand):
    help = "Write the demonstration data into an empty database and print its logins."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="directory", type=Path, default=DIRECTORY, help="directory of the files")

    def handle(self, *args: Any, directory: Path, verbosity: int, **options: Any) -> None:
        loaded = load_demo(directory)
        table = login_table(loaded.logins)
        (settings.VAR_DIR / "demo-logins.txt").write_text(table, encoding="utf-8")
        if verbosity == 0:
            return
        self.stdout.write(_("Demonstration data written: %(made)s.") % {"made": count_text(loaded.counts)})
        self.stdout.write(table)
