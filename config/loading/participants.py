"""Who took part in a demo activity that names its people: forum, service, inspection."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from branches.models import Organisation
from branches.queries.roster import Member, members_on
from config.loading.files import Entry
from config.loading.world import World

EVERYBODY = "*"


def participants(entry: Entry, organisation: Organisation, world: World, on: date) -> dict[str, Member]:
    """The people of the table `participants`: {branch code = [names]}, `["*"]` for everybody expected there.

    Raises:
        FixtureError: there is no such branch, a branch names people of another, or somebody was not a member,
            not expected, or is named twice.
    """
    table = entry.values.get("participants", {})
    if not isinstance(table, dict) or not all(isinstance(names, list) and names for names in table.values()):
        raise entry.error(_("participants must be a table of branch codes and lists of names."))
    branches = {code: _branch(entry, code, world) for code in table}
    strangers = [branch.short_name for branch in branches.values() if organisation.is_branch and branch != organisation]
    if strangers:
        problem = _("a branch names its own people only, not those of %(branches)s.")
        raise entry.error(problem % {"branches": "、".join(strangers)})
    members = members_on(branches.values(), on)
    found: dict[str, Member] = {}
    for code, names in table.items():
        here = {member.person.name: member for member in members if member.branch.pk == branches[code].pk}
        if names == [EVERYBODY]:
            names = [name for name, member in here.items() if member.is_expected]
        for name in names:
            if name not in here:
                words = {"name": name, "branch": branches[code].short_name}
                raise entry.error(_("%(name)s was not a member of %(branch)s that day.") % words)
            if not here[name].is_expected:
                raise entry.error(_("not expected that day: %(names)s.") % {"names": name})
            if name in found:
                raise entry.error(_("%(name)s is named twice.") % {"name": name})
            found[name] = here[name]
    return found


def branches_of(
    entry: Entry, organisation: Organisation, people: Iterable[Member], world: World
) -> tuple[list[Organisation], list[Organisation]]:
    """The branches of `taking_part`, whose duty it fulfils, and the others single people came from.

    Raises:
        FixtureError: there is no such branch, it is named needlessly, or sent nobody.
    """
    sent = {member.branch.pk: member.branch for member in people if member.branch != organisation}
    together: list[Organisation] = []
    for code in entry.list("taking_part"):
        branch = _branch(entry, code, world)
        if branch == organisation or branch in together:
            raise entry.error(_("%(name)s is named twice.") % {"name": branch.short_name})
        if branch.pk not in sent:
            raise entry.error(_("%(branch)s takes part, but sent nobody.") % {"branch": branch.short_name})
        together.append(branch)
    if organisation.is_branch:
        return [], []
    return together, [branch for branch in sent.values() if branch.is_branch and branch not in together]


def _branch(entry: Entry, code: object, world: World) -> Organisation:
    branch = world.organisations.get(str(code))
    if branch is None or not branch.is_branch:
        raise entry.error(_("there is no branch %(code)s.") % {"code": code})
    return branch
