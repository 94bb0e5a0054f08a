"""The words of what an import of organisations or accounts would change: `organisation.kind`, `account.role` …"""

from __future__ import annotations

from django.utils.translation import gettext

from branches.models import Organisation, RoleAssignment, User
from branches.rules.accounts import Role
from branches.rules.organisation_columns import TRAITS
from branches.rules.organisations import OrganisationKind
from branches.rules.people import iso_words


def label_of(key: str) -> str:
    """What a changed field is called, in the reader's language."""
    subject, _dot, name = key.partition(".")
    if name == "parent":
        return gettext("organisation above")
    if name == "organisation":
        return str(Organisation._meta.verbose_name)
    model = Organisation if subject == "organisation" else User if name in ("username", "name") else RoleAssignment
    return str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def worded(key: str, value: str) -> str:
    """A value as people read it; it is kept as the code or the day it is stored as."""
    name = key.partition(".")[2]
    if not value:
        return ""
    if name in TRAITS:
        return gettext("Yes") if value == "yes" else gettext("No")
    if name == "kind":
        return str(OrganisationKind(value).label)
    if name == "role":
        return str(Role(value).label)
    return iso_words(value) if name.endswith("_on") else value
