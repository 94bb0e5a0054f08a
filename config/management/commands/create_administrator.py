from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from branches.actions.accounts import open_account
from branches.actions.organisations import found
from branches.actions.start import open_first_account
from branches.models import Organisation, Role, User
from branches.rules.organisations import OrganisationKind
from foundation.clock import business_date


class Command(BaseCommand):
    help = (
        "Open the first administrator's account. In an empty system its first sign-in leads through the setting up; "
        "with a code the account is given its role at that organisation, which can be founded here, too."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("name", help="the administrator's name")
        parser.add_argument("code", nargs="?", help="the code of the organisation the account is for, e.g. city")
        parser.add_argument("--organisation", help="the full name, if it is to be founded")
        parser.add_argument("--kind", choices=OrganisationKind.values, default=OrganisationKind.WORK_COMMITTEE)
        parser.add_argument("--founded-on", type=date.fromisoformat, help="like 2018-01-01; without it, today")

    @transaction.atomic
    def handle(
        self,
        *args: Any,
        username: str,
        name: str,
        code: str | None,
        organisation: str | None,
        kind: str,
        founded_on: date | None,
        **options: Any,
    ) -> None:
        try:
            if code is None:
                self._say(*open_first_account(username=username, name=name))
                self.stdout.write(_("Sign in with it: the system then leads through its setting up."))
                return
            place = Organisation.objects.filter(code=code).first()
            if place is None and not organisation:
                raise CommandError(
                    _("There is no organisation %(code)s. Give its name with --organisation to found it.")
                    % {"code": code}
                )
            if place is None:
                place = found(
                    code=code,
                    kind=kind,
                    name=str(organisation),
                    short_name=str(organisation),
                    parent=None,
                    on=founded_on or business_date(),
                    by=None,
                )
            account, password = open_account(
                username=username, name=name, role=Role.ADMINISTRATOR, organisation=place, by=None
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self._say(account, password)

    def _say(self, account: User, password: str) -> None:
        self.stdout.write(
            _("Account %(username)s, one-time password: %(password)s")
            % {"username": account.username, "password": password}
        )
