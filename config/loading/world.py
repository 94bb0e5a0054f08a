"""What the files read so far have made, and how later files name it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from branches.models import Membership, Office, Organisation, PartyGroup, Person, User
from config.loading.files import Entry


@dataclass
class World:
    """`as_of` is the last day the demo tells of; nothing in it is later but plans and expiry dates."""

    as_of: date
    organisations: dict[str, Organisation] = field(default_factory=dict)
    offices: dict[str, Office] = field(default_factory=dict)
    groups: dict[tuple[str, str], PartyGroup] = field(default_factory=dict)
    people: dict[tuple[str, str], Person] = field(default_factory=dict)
    memberships: dict[tuple[str, str], Membership] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)

    def organisation(self, entry: Entry, key: str) -> Organisation:
        code = entry.text(key)
        if code not in self.organisations:
            raise entry.error(_("there is no organisation %(code)s.") % {"code": code})
        return self.organisations[code]

    def person(self, entry: Entry, branch: Organisation, name: str) -> Person:
        """Somebody who is or was a member of `branch`; names are unique inside a branch."""
        if (branch.code, name) not in self.people:
            raise entry.error(_("%(branch)s has no member %(name)s.") % {"branch": branch, "name": name})
        return self.people[branch.code, name]

    def office(self, entry: Entry, name: str) -> Office:
        if name not in self.offices:
            raise entry.error(_("there is no office %(name)s.") % {"name": name})
        return self.offices[name]

    def group(self, entry: Entry, branch: Organisation, name: str) -> PartyGroup:
        if (branch.code, name) not in self.groups:
            raise entry.error(_("%(branch)s has no party group %(name)s.") % {"branch": branch, "name": name})
        return self.groups[branch.code, name]

    def user(self, entry: Entry, key: str) -> User:
        username = entry.text(key)
        if username not in self.users:
            raise entry.error(_("there is no account %(name)s.") % {"name": username})
        return self.users[username]
