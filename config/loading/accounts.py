"""The demo's accounts, and the table of logins people sign in with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from unicodedata import east_asian_width

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from branches.models import Role, RoleAssignment, User
from branches.rules.accounts import roles_at
from config.loading.files import Entry, read_toml
from config.loading.world import World

KEYS = ("username", "name", "branch", "roles", "since", "until")


@dataclass(frozen=True)
class Login:
    username: str
    password: str
    name: str
    task: str


def load_accounts(path: Path, world: World) -> list[Login]:
    """Create the accounts with the file's one password; returns how to sign in to each that has a role today."""
    content = read_toml(path)
    head = Entry(path, "", content, ("password", "account"))
    password = head.text("password")
    logins = []
    for number, table in enumerate(head.list("account"), start=1):
        entry = Entry(path, str(table.get("username", number)), table, KEYS)
        user = _open(entry, password, world)
        world.users[user.username] = user
        held = [_grant(entry, user, text, world) for text in entry.list("roles")]
        if entry.optional_day("until") is None:
            tasks = "、".join(f"{role.organisation.short_name} {role.get_role_display()}" for role in held)
            logins.append(Login(user.username, password, user.name, tasks))
    return logins


def _open(entry: Entry, password: str, world: World) -> User:
    name, username = entry.text("name"), entry.text("username")
    if username in world.users:
        raise entry.error(_("the user name is taken."))
    person = world.person(entry, world.organisation(entry, "branch"), name) if entry.text("branch", "") else None
    return User.objects.create(
        username=username, name=name, person=person, must_change_password=False, password=make_password(password)
    )


def _grant(entry: Entry, user: User, text: str, world: World) -> RoleAssignment:
    """A role is written as “secretary HYZZB-03”."""
    role, _space, code = text.partition(" ")
    organisation = world.organisations.get(code)
    if organisation is None or role not in roles_at(organisation.kind):
        raise entry.error(
            _("“%(role)s” must name one of the roles %(roles)s and an organisation where it can be given.")
            % {"role": text, "roles": ", ".join(Role.values)}
        )
    return RoleAssignment.objects.create(
        user=user,
        role=role,
        organisation=organisation,
        starts_on=entry.optional_day("since") or organisation.founded_on,
        ends_on=entry.optional_day("until"),
    )


def login_table(logins: Sequence[Login]) -> str:
    """The logins as aligned plain text."""
    heading = Login(_("User name"), _("Password"), pgettext("login table", "Name"), pgettext("login table", "Role"))
    rows = [(row.username, row.password, row.name, row.task) for row in (heading, *logins)]
    widths = [max(_width(row[column]) for row in rows) for column in range(3)]
    lines = [
        "  ".join(text + " " * (width - _width(text)) for text, width in zip(row[:3], widths, strict=True))
        + f"  {row[3]}"
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def _width(text: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
