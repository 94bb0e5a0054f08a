"""What the pages of an import call the things it brings in, by the import's subject."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from branches.rules.headers import Column


@dataclass(frozen=True)
class Words:
    """`title` heads the pages, `short` stands in the segment, `one` heads the column of who or what a row is about,
    `home` is the list they end up in, `as_of` says what the day
    the file is true of means."""

    title: str | Promise
    short: str | Promise
    one: str | Promise
    home: str | Promise
    page: str
    tips: tuple[str | Promise, ...]
    as_of: str | Promise


WORDS: Mapping[str, Words] = {
    "members": Words(
        _("Import of members"),
        pgettext_lazy("import", "Members"),
        _("Member"),
        _("Roster"),
        "branches:roster",
        (
            _(
                "People are recognised by their identity number. Keep that column as text, or Excel drops its last "
                "digits."
            ),
            _("Write branches exactly by their full or short name."),
        ),
        _("The day the file describes. Who is new in it or moves in is a member there from this day on."),
    ),
    "organisations": Words(
        _("Import of organisations"),
        pgettext_lazy("import", "Organisations"),
        _("Organisation"),
        _("Organisations"),
        "branches:organisations",
        (
            _(
                "Organisations are recognised by their code, those without one by their full name and what stands "
                "above."
            ),
            _("What stands above may be another row of the same file, in any order."),
        ),
        _("The day the file describes. A new name of an organisation holds from this day on."),
    ),
    "accounts": Words(
        _("Import of accounts"),
        pgettext_lazy("import", "Accounts"),
        _("Account"),
        _("Accounts and roles"),
        "branches:accounts",
        (
            _(
                "An account is told from others by its user name. Its one-time password can be fetched after the "
                "import."
            ),
            _("Write organisations by their code, full or short name."),
        ),
        _("The day the file describes. A role without a first day counts from this day on."),
    ),
}

# What the fields of a table are called in another language; in Chinese they are called as in our own workbooks.
FIELDS: Mapping[str, str | Promise] = {
    "name": _("name"),
    "sex": _("sex"),
    "nation": _("nation"),
    "identity_number": _("identity number"),
    "birth_date": _("date of birth"),
    "education": _("education"),
    "native_place": _("native place"),
    "joined_on": _("joined the Party on"),
    "full_on": _("became a full member on"),
    "category": _("category"),
    "branch": _("branch"),
    "position_title": _("position"),
    "phone": _("phone"),
    "home_address": _("home address"),
    "serial": _("serial number"),
    "standing": _("membership status"),
    "birth_date_month": _("date of birth: month"),
    "birth_date_day": _("date of birth: day"),
    "joined_on_month": _("joined the Party on: month"),
    "joined_on_day": _("joined the Party on: day"),
    "full_on_month": _("became a full member on: month"),
    "full_on_day": _("became a full member on: day"),
    "code": _("code"),
    "short_name": _("short name"),
    "kind": _("kind"),
    "parent": _("organisation above"),
    "founded_on": _("founded on"),
    "founding_document": _("founding document number"),
    "is_joint": _("joint branch"),
    "is_temporary": _("temporary branch"),
    "is_retired": _("branch of retired members"),
    "ended_on": _("last day"),
    "ending_document": _("revocation document number"),
    "username": _("user name"),
    "role": _("role"),
    "organisation": _("organisation"),
    "starts_on": _("first day"),
    "ends_on": _("last day"),
}


def field_label(column: Column) -> str:
    """What a field is called on the columns page."""
    if not (get_language() or "").startswith("en") and not column.key.endswith(("_month", "_day")):
        return column.heading
    return str(FIELDS.get(column.key, column.key))
