"""Which role fits where, and how an account is named."""

from __future__ import annotations

from collections.abc import Container

from django.db import models
from django.utils.translation import gettext_lazy as _

from branches.rules.organisations import OrganisationKind
from branches.rules.pinyin import initials


class Role(models.TextChoices):
    SECRETARY = "secretary", _("Branch secretary")
    RECORDER = "recorder", _("Recorder")
    STAFF = "staff", _("Committee staff")
    CONTACT_LEADER = "contact_leader", _("Contact leader")
    ADMINISTRATOR = "administrator", _("Administrator")
    AUDITOR = "auditor", _("Auditor (read-only)")


ONE_TIME_PASSWORD_DAYS = 7
# Without the letters and digits that are mistaken for one another when they are written down or read out.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"

_AT_BRANCHES = (Role.SECRETARY, Role.RECORDER, Role.CONTACT_LEADER, Role.AUDITOR)
_ABOVE_BRANCHES = (Role.STAFF, Role.CONTACT_LEADER, Role.ADMINISTRATOR, Role.AUDITOR)


def roles_at(kind: str) -> tuple[Role, ...]:
    """The roles that may be given at an organisation of `kind`.

    Recorders write for a branch; staff and administrators judge branches and stand above them. A committee has a
    secretary, too, who reviews its own records where nobody stands above; an organ is a unit and has none.
    """
    if kind == OrganisationKind.BRANCH:
        return _AT_BRANCHES
    if kind == OrganisationKind.ORGAN:
        return _ABOVE_BRANCHES
    return (Role.SECRETARY, *_ABOVE_BRANCHES)


def username_for(name: str, taken: Container[str]) -> str:
    """A user name for a person: pinyin initials, with a number where they are taken ("wjg", "wjg2")."""
    stem = initials(name) or "user"
    number = 1
    while (username := stem if number == 1 else f"{stem}{number}") in taken:
        number += 1
    return username
