from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from foundation.actions.restore import RestoreRefused, restore


class Command(BaseCommand):
    help = "Fill an empty system from a backup."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path, help="a file made by `backup`")

    def handle(self, *args: Any, source: Path, **options: Any) -> None:
        if not source.is_file():
            raise CommandError(_("There is no file %(file)s.") % {"file": source})
        call_command("migrate", interactive=False, verbosity=0)
        try:
            report = restore(source=source)
        except RestoreRefused as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            reason = {"reason": error.strerror or error}
            raise CommandError(_("The backup was not restored, nothing was kept: %(reason)s.") % reason) from error
        for table, count in report.rows.items():
            if count:
                self.stdout.write(f"{count:>10}  {table}")
        counts = {"rows": sum(report.rows.values()), "files": report.files}
        self.stdout.write(_("%(rows)d rows and %(files)d files restored.") % counts)
        if report.missing_keys:
            warning = _(
                "The keys of this system are not those of the backup (%(keys)s). Set FIELD_KEYS and INDEX_KEY of the "
                "old system, or identity numbers and phones cannot be read."
            )
            self.stderr.write(warning % {"keys": ", ".join(report.missing_keys)})
