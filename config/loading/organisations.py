"""The demo's tree: organisations, their offices, party groups and terms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from branches.actions.organisations import found
from branches.models import Office, OfficeAssignment, Organisation, PartyGroup, Term
from branches.rules.organisations import OrganisationKind
from config.loading.files import Entry
from config.loading.world import World

KEYS = (
    *("code", "kind", "parent", "name", "short_name", "founded_on", "document", "is_retired"),
    *("offices", "groups", "term"),
)


def load_organisations(path: Path, tables: list[dict[str, Any]], world: World) -> None:
    for number, table in enumerate(tables, start=1):
        entry = Entry(path, str(table.get("code", number)), table, KEYS)
        organisation = _found(entry, world)
        world.organisations[organisation.code] = organisation
        _add_offices(entry, organisation, world)
        for position, name in enumerate(entry.list("groups"), start=1):
            world.groups[organisation.code, name] = PartyGroup.objects.create(
                branch=organisation, name=name, position=position, starts_on=organisation.founded_on
            )
        if "term" in table:
            _begin_term(
                Entry(path, entry.name, table["term"], ("number", "starts_on", "expires_on", "has_committee")),
                organisation,
            )
    # Founding further organisations moved the intervals of those read before.
    world.organisations = {organisation.code: organisation for organisation in Organisation.objects.all()}


def _found(entry: Entry, world: World) -> Organisation:
    parent = entry.text("parent", "")
    if parent and parent not in world.organisations:
        raise entry.error(_("there is no organisation %(code)s above it.") % {"code": parent})
    try:
        return found(
            code=entry.text("code"),
            kind=entry.choice("kind", OrganisationKind.values),
            name=entry.text("name"),
            short_name=entry.text("short_name"),
            parent=world.organisations.get(parent),
            on=entry.day("founded_on"),
            by=None,
            document_number=entry.text("document", ""),
            is_retired=entry.flag("is_retired"),
        )
    except ValidationError as error:
        raise entry.error(" ".join(error.messages)) from error


def _add_offices(entry: Entry, branch: Organisation, world: World) -> None:
    names = entry.list("offices")
    organ = _organ_above(branch) if names else None
    for name in names:
        if name in world.offices:
            raise entry.error(_("the office %(name)s already belongs to another branch.") % {"name": name})
        if organ is None:
            raise entry.error(_("offices need an organ above the branch."))
        office = Office.objects.create(organ=organ, name=name, position=len(world.offices) + 1)
        OfficeAssignment.objects.create(office=office, branch=branch, starts_on=branch.founded_on)
        world.offices[name] = office


def _organ_above(branch: Organisation) -> Organisation | None:
    return branch.get_ancestors().filter(kind=OrganisationKind.ORGAN).last()


def _begin_term(entry: Entry, organisation: Organisation) -> None:
    Term.objects.create(
        organisation=organisation,
        number=entry.number("number", 1),
        starts_on=entry.day("starts_on"),
        expires_on=entry.day("expires_on"),
        has_committee=entry.flag("has_committee"),
    )
