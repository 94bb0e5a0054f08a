from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from foundation.actions.backup import back_up


class Command(BaseCommand):
    help = "Write all records and files into one new tar file. The keys are not in it: keep them apart."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", type=Path, help="the file to write, e.g. 2026-11-22.tar")

    def handle(self, *args: Any, target: Path, **options: Any) -> None:
        try:
            report = back_up(target=target)
        except FileExistsError as error:
            raise CommandError(_("%(file)s exists already; choose another name.") % {"file": error.args[-1]}) from error
        except OSError as error:
            reason = {"file": target, "reason": error.strerror or error}
            raise CommandError(_("The backup %(file)s was not made: %(reason)s.") % reason) from error
        counts = {"rows": sum(report.rows.values()), "files": report.files, "file": target}
        self.stdout.write(_("%(rows)d rows and %(files)d files are in %(file)s.") % counts)
        for path in report.missing_files:
            self.stderr.write(_("Missing on the disk, so not in the backup: %(path)s") % {"path": path})
