"""What happened to the demo's people afterwards: posts, transfers, departures, circumstances, exemptions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from django.utils.translation import gettext as _

from activities.models import DutyRule, Exemption
from branches.models import (
    Appointment,
    GroupMembership,
    Membership,
    MemberStatus,
    OfficeMembership,
    Organisation,
    Person,
)
from branches.rules.people import StatusKind
from config.loading.files import Entry, FixtureError, read_toml
from config.loading.people import POSTS
from config.loading.world import World


def load_changes(path: Path, world: World) -> None:
    content = read_toml(path)
    for table in content:
        if table not in TABLES:
            raise FixtureError(path, table, _("unknown table, allowed: %(tables)s.") % {"tables": ", ".join(TABLES)})
    for table, (load, keys) in TABLES.items():
        for number, values in enumerate(content.get(table, []), start=1):
            name = values.get("person") or values.get("branch", "")
            load(Entry(path, f"{table} {number} {name}".strip(), values, keys), world)


def _appoint(entry: Entry, world: World) -> None:
    person = world.person(entry, world.organisation(entry, "branch"), entry.text("person"))
    Appointment.objects.create(
        person=person,
        organisation=world.organisation(entry, "organisation"),
        post=POSTS[entry.choice("post", POSTS)],
        starts_on=entry.day("from"),
        ends_on=entry.optional_day("until"),
        document_number=entry.text("document", ""),
    )


def _transfer(entry: Entry, world: World) -> None:
    """A member goes from one branch of the demo to another: the last day there is the day before."""
    source, target = world.organisation(entry, "branch"), world.organisation(entry, "to")
    person, on = world.person(entry, source, entry.text("person")), entry.day("on")
    _end(entry, world, source, person, on - timedelta(days=1), Membership.End.TRANSFERRED)
    if (target.code, person.name) in world.people:
        raise entry.error(_("%(branch)s already has a member of this name.") % {"branch": target})
    world.people[target.code, person.name] = person
    world.memberships[target.code, person.name] = Membership.objects.create(
        person=person,
        branch=target,
        starts_on=on,
        start_kind=Membership.Start.TRANSFERRED,
        document_number=entry.text("document", ""),
    )
    OfficeMembership.objects.create(person=person, office=world.office(entry, entry.text("office")), starts_on=on)
    if entry.text("group", ""):
        group = world.group(entry, target, entry.text("group"))
        GroupMembership.objects.create(person=person, group=group, starts_on=on)


def _leave(entry: Entry, world: World) -> None:
    branch = world.organisation(entry, "branch")
    person = world.person(entry, branch, entry.text("person"))
    kind = entry.choice("kind", Membership.End.values)
    _end(entry, world, branch, person, entry.day("on"), Membership.End(kind))


def _end(
    entry: Entry, world: World, branch: Organisation, person: Person, last_day: date, kind: Membership.End
) -> None:
    """End what the person had in the branch; posts, office and group go with the membership."""
    membership = world.memberships[branch.code, person.name]
    if last_day < membership.starts_on:
        raise entry.error(_("ends before it began on %(day)s.") % {"day": membership.starts_on})
    membership.ends_on, membership.end_kind = last_day, kind
    membership.end_document = entry.text("document", "")
    membership.save()
    for model in (OfficeMembership, GroupMembership):
        model.objects.filter(person=person, ends_on=None).update(ends_on=last_day)
    Appointment.objects.filter(person=person, organisation=branch, ends_on=None).update(ends_on=last_day)


def _set_status(entry: Entry, world: World) -> None:
    MemberStatus.objects.create(
        person=world.person(entry, world.organisation(entry, "branch"), entry.text("person")),
        kind=entry.choice("kind", StatusKind.values),
        starts_on=entry.day("from"),
        ends_on=entry.optional_day("until"),
        reason=entry.text("reason"),
        document_number=entry.text("document", ""),
    )


def _exempt(entry: Entry, world: World) -> None:
    codes = DutyRule.objects.values_list("code", flat=True)
    Exemption.objects.create(
        organisation=world.organisation(entry, "branch"),
        rule_code=entry.choice("rule", list(codes)),
        granted_by=world.organisation(entry, "granted_by"),
        starts_on=entry.day("from"),
        ends_on=entry.optional_day("until"),
        reason=entry.text("reason"),
        document_number=entry.text("document", ""),
    )


TABLES: dict[str, tuple[Callable[[Entry, World], None], tuple[str, ...]]] = {
    "appointment": (_appoint, ("organisation", "branch", "person", "post", "from", "until", "document")),
    "transfer": (_transfer, ("branch", "person", "to", "on", "office", "group", "document")),
    "departure": (_leave, ("branch", "person", "on", "kind", "document")),
    "status": (_set_status, ("branch", "person", "kind", "from", "until", "reason", "document")),
    "exemption": (_exempt, ("branch", "rule", "from", "until", "reason", "granted_by", "document")),
}
