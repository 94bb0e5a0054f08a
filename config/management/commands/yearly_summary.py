import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from branches.models import Organisation
from foundation.clock import business_date
from reports.queries.summaries import summary_of

AS_OF = "count nothing held after this day, like 2020-10-26; records count by the state they are in today"


class Command(BaseCommand):
    help = "Print an organisation's figures of a year as JSON: each thing counted once, from the records."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("organisation", help="its code, such as HYZZB")
        parser.add_argument("year", type=int)
        parser.add_argument("--as-of", dest="as_of", metavar="DATE", help=AS_OF)

    def handle(self, *args: Any, organisation: str, year: int, as_of: str | None, **options: Any) -> None:
        found = Organisation.objects.filter(code=organisation).first()
        if found is None:
            raise CommandError(_("There is no organisation with the code %(code)s.") % {"code": organisation})
        today = _day(as_of) if as_of else business_date()
        if year > today.year or not found.founded_on.year <= year <= (found.ended_on or today).year:
            raise CommandError(
                _("%(name)s did not stand in %(year)d, or the year is still to come.")
                % {"name": found.short_name, "year": year}
            )
        figures = summary_of(found, year, today).figures
        self.stdout.write(json.dumps({key.value: number for key, number in figures.items()}, indent=2))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(_("--as-of must be a date like 2020-10-26, not “%(value)s”.") % {"value": text}) from None
