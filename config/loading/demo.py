"""The demo: one organ's branches and their year, read from a directory of files a person can edit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.core.management import CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from activities.models import Activity, Check, Finding, Guidance, Result, WorkList
from branches.models import Office, Organisation, Person, User
from config.environment import BASE_DIR
from config.loading.accounts import Login, load_accounts
from config.loading.activities import load_activities
from config.loading.changes import load_changes
from config.loading.counts import Counts, count_changes
from config.loading.defaults import load_defaults
from config.loading.files import Entry, read_toml
from config.loading.findings import load_findings
from config.loading.organisations import load_organisations
from config.loading.people import load_people
from config.loading.results import load_results
from config.loading.supervision import load_supervision
from config.loading.world import World
from foundation.actions.audit import record

DIRECTORY = BASE_DIR / "fixtures" / "hengyang"


@dataclass(frozen=True)
class Loaded:
    logins: list[Login]
    counts: Counts


@transaction.atomic
def load_demo(directory: Path = DIRECTORY) -> Loaded:
    """Write the demo of `directory` into an empty database, all or nothing.

    Raises:
        FixtureError: an entry is wrong; the message names the file and the entry.
        CommandError: the database holds organisations already.
    """
    if Organisation.objects.exists():
        raise CommandError(_("The database already holds organisations. The demo goes into an empty database only."))
    load_defaults()
    path = directory / "organisations.toml"
    head = Entry(path, "", read_toml(path), ("as_of", "organisation"))
    world = World(as_of=head.day("as_of"))
    load_organisations(path, head.list("organisation"), world)
    load_people(directory / "people.csv", world)
    load_changes(directory / "changes.toml", world)
    logins = load_accounts(directory / "accounts.toml", world)
    counts: Counts = {
        Organisation: len(world.organisations),
        Office: len(world.offices),
        Person: len({person.pk for person in world.people.values()}),
        User: len(world.users),
        Activity: load_activities(directory / "activities", world),
        Result: load_results(directory / "results.toml", world),
    }
    made = load_findings(directory / "findings.toml", world)
    told = load_supervision(directory / "supervision.toml", world)
    counts = {**counts, Check: made.checks, Finding: made.findings, Guidance: told.words, WorkList: told.lists}
    root = next(organisation for organisation in world.organisations.values() if organisation.parent_id is None)
    record(verb="demo.load", target=root, by=None, organisation=root, changes=count_changes(counts))
    return Loaded(logins=logins, counts=counts)
