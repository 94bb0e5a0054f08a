"""What the pages of an import call the things it brings in, by the import's subject."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Words:
    """`title` heads the pages, `short` stands in the segment, `one` heads the column of who or what a row is about,
    `home` is the list they end up in, `form` the name of the empty form."""

    title: str | Promise
    short: str | Promise
    one: str | Promise
    home: str | Promise
    page: str
    tips: tuple[str | Promise, ...]


WORDS: Mapping[str, Words] = {
    "members": Words(
        _("Import of members"),
        pgettext_lazy("import", "Members"),
        _("Member"),
        _("Roster"),
        "branches:roster",
        (
            _("People are recognised by their identity number. Keep that column as text, or Excel drops its last digits."),
            _("Write branches exactly by their full or short name."),
        ),
    ),
    "organisations": Words(
        _("Import of organisations"),
        pgettext_lazy("import", "Organisations"),
        _("Organisation"),
        _("Organisations"),
        "branches:organisations",
        (
            _("Organisations are recognised by their full name. Whatever stands above another may stand in the same file."),
        ),
    ),
    "accounts": Words(
        _("Import of accounts"),
        pgettext_lazy("import", "Accounts"),
        _("Account"),
        _("Accounts and roles"),
        "branches:accounts",
        (
            _("An account is told from others by its user name. Its one-time password can be fetched after the import."),
            _("Write organisations exactly by their full or short name."),
        ),
    ),
}
