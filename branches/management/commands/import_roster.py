import json
import os
import tempfile
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from branches.actions.people import reveal_roster
from branches.imports.roster_places import place_of
from branches.imports.roster_reports import Report, refused_rows
from branches.jobs.roster_imports import RosterFile, apply, plan_only
from branches.models import Batch, Organisation
from branches.rules.problems import UnusableFile
from foundation.clock import business_date

EPILOG = """exit codes:
  0  planned or imported, whether or not single rows were refused
  1  the file, or what was asked for, cannot be used; nothing was written
  2  unknown or missing arguments
  130  interrupted; what was begun with --apply is finished by a worker

The report is JSON: {"file_error": null or text, "accepted": [{"sheet", "row", "action", "values"}],
"reported": [{"sheet", "row", "column", "code", "message", "refused"}]}; rows count as Excel shows them."""
FEWEST_LETTERS = 4


class Command(BaseCommand):
    help = "Plan the import of a roster (.xlsx, .xls, .et or .csv), or with --apply bring it in."

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> Any:
        return super().create_parser(
            prog_name, subcommand, epilog=EPILOG, formatter_class=RawDescriptionHelpFormatter, **options
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--under", metavar="CODE", help="the organisation whose branches the file lists")
        parser.add_argument("--as-of", metavar="DATE", help="the day the file is true of; default: the business date")
        parser.add_argument("--apply", action="store_true", dest="applies", help="write what the plan says")
        parser.add_argument("--report", type=Path, metavar="PATH", help="write the report there")
        parser.add_argument(
            "--reveal", metavar="REASON", help="identity numbers and phones in clear; the reason goes on record"
        )

    def handle(self, *args: Any, file: Path, applies: bool, **options: Any) -> None:
        with translation.override(settings.LANGUAGE_CODE):
            as_of, target = _day(options["as_of"]), options["report"]
            reason = _reason(options["reveal"])
            if target is not None:
                _check_target(target)
            report = Report(shows_numbers=bool(reason))
            try:
                batch = self._work(file, options["under"], as_of, report, reason=reason, applies=applies)
            except _Unusable as error:
                report.file_error, batch = str(error), None
            if target is not None:
                try:
                    _write(target, report)
                except OSError as error:
                    words = _("The report cannot be written to %(path)s: %(reason)s.")
                    raise CommandError(words % {"path": target, "reason": error.strerror or error}) from error
            if report.file_error:
                raise CommandError(report.file_error)
            self._summarise(report, batch)

    def _work(
        self, path: Path, code: str | None, as_of: date, report: Report, *, reason: str, applies: bool
    ) -> Batch | None:
        try:
            file = RosterFile.open(path)
            organisation = _organisation(code) if code else _place(file, as_of)
            file.layouts(organisation, as_of)
        except (UnusableFile, ValidationError, OSError) as error:
            raise _Unusable(_words(error)) from error
        if reason:
            reveal_roster(organisation=organisation, file_name=path.name, reason=reason)
        try:
            if applies:
                return apply(file, organisation, as_of, report, self._tell)
            plan_only(file, organisation, as_of, report, self._tell)
        except UnusableFile as error:
            raise _Unusable(error.problem.message) from error
        except (ValidationError, OSError) as error:
            raise CommandError(_words(error)) from error
        except KeyboardInterrupt:
            raise CommandError(_("Interrupted. What was begun with --apply is finished by a worker."), 130) from None
        return None

    def _tell(self, done: int, total: int) -> None:
        if self.stderr.isatty() and total:
            self.stderr.write(f"\r{done}/{total}", ending="")

    def _summarise(self, report: Report, batch: Batch | None) -> None:
        if self.stderr.isatty():
            self.stderr.write("")
        actions = Counter(row["action"] for row in report.accepted)
        numbers = {name: actions[name] for name in ("create", "update", "move", "unchanged")}
        numbers["refused"] = refused_rows(report.reported)
        self.stdout.write(
            _("%(create)d new, %(update)d updated, %(move)d moved in, %(unchanged)d unchanged; %(refused)d refused.")
            % numbers
        )
        for remark in report.reported:
            place = _("%(sheet)s, row %(row)d") % remark
            column = " ".join(remark["column"].split())
            self.stdout.write("  ".join(part for part in (place, column, remark["message"]) if part))
        if batch is None:
            self.stdout.write(_("This was only a plan; nothing was written. Add --apply to import it."))


class _Unusable(Exception):
    """The file cannot be used; the message says why."""


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text) if text else business_date()
    except ValueError:
        raise CommandError(_("--as-of must be a date like 2020-10-26, not “%(value)s”.") % {"value": text}) from None


def _reason(text: str | None) -> str:
    if text is None:
        return ""
    reason = text.strip()
    if len(reason) < FEWEST_LETTERS:
        raise CommandError(_("Say after --reveal what the numbers are needed for; the reason is kept on record."))
    return reason


def _organisation(code: str) -> Organisation:
    found = Organisation.objects.filter(code=code, is_void=False).first()
    if found is None:
        raise CommandError(_("There is no organisation with the code %(code)s.") % {"code": code})
    return found


def _place(file: RosterFile, as_of: date) -> Organisation:
    tops = list(Organisation.objects.filter(parent=None, is_void=False, ended_on=None).order_by("code"))
    if not tops:
        raise CommandError(_("There is no organisation yet. Found one before its roster is brought in."))
    found = place_of(file.book, tops, as_of)
    if found is None:
        codes = "、".join(f"{top.code} {top.short_name}" for top in tops)
        raise CommandError(
            _("Say with --under which organisation the file belongs to. The top ones are: %(codes)s") % {"codes": codes}
        )
    return found


def _words(error: UnusableFile | ValidationError | OSError) -> str:
    if isinstance(error, UnusableFile):
        return error.problem.message
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return _("The file cannot be read: %(cause)s") % {"cause": error.strerror or type(error).__name__}


def _check_target(target: Path) -> None:
    """Whether the report can be written, asked before any work is done."""
    directory = target.parent
    if target.is_dir() or not directory.is_dir() or not os.access(directory, os.W_OK):
        raise CommandError(_("The report cannot be written to %(path)s.") % {"path": target})


def _write(target: Path, report: Report) -> None:
    """Whole or not at all; only the one who asked may read what names people."""
    text = json.dumps(report.as_json(), ensure_ascii=False, indent=1)
    if target.exists() and not target.is_file():  # /dev/stdout
        target.write_text(text, encoding="utf-8")
        return
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".report-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
