"""Accounts as a table, a row for each role: one description of its columns, written into exports and read back."""

from __future__ import annotations

from typing import Any

from import_export import resources
from import_export.fields import Field

from branches.exports.cells import DayWidget, RoleWidget, TextWidget
from branches.queries.exports import AccountLine
from branches.rules.account_columns import BY_KEY
from foundation.encryption import mask_identity


def column(key: str, attribute: str, widget: Any = None) -> Field:
    return Field(attribute=attribute, column_name=BY_KEY[key].heading, widget=widget or TextWidget())


class AccountResource(resources.Resource):
    """`branches.queries.exports.AccountLine` rows, under the headings of `account_columns.COLUMNS`.

    Identity numbers are masked; the import compares them with the account's member and changes nothing.
    """

    username = column("username", "account__username")
    name = column("name", "account__name")
    role = column("role", "role__role", RoleWidget())
    organisation = column("organisation", "place")
    identity_number = column("identity_number", "account__person")
    starts_on = column("starts_on", "role__starts_on", DayWidget())
    ends_on = column("ends_on", "role__ends_on", DayWidget())

    def dehydrate_identity_number(self, line: AccountLine) -> str:
        person = line.account.person
        return mask_identity(person.identity_number or "") if person else ""
