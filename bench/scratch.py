"""A database of its own for a measurement, with the code tables and a forest to bring members into."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import uuid4

import django

START = date(2018, 1, 1)


def prepare() -> None:
    """Set Django up and create the database; call before anything of the project is imported."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    if connection.vendor == "postgresql":
        name = f"bench_{uuid4().hex[:12]}"
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
        connection.close()
        connection.settings_dict["NAME"] = os.environ["BENCH_DATABASE"] = name
    call_command("migrate", verbosity=0)
    call_command("migrate", run_syncdb=True, verbosity=0)  # the table of `bench.models`
    call_command("load_defaults", verbosity=0)


def vendor() -> str:
    from django.db import connection

    return "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"


def plant(number: int, *, each: int = 50) -> Any:
    """A committee with `number` branches, in general branches of `each`; every number of the tree worked out
    beforehand and everything created in bulk. Returns the committee."""
    from branches.models import Organisation, OrganisationName, Placement

    kinds = Organisation.Kind
    top = Organisation(code="top", kind=kinds.COMMITTEE, name="党委", short_name="党委", founded_on=START)
    top.lft, top.level, top.tree_id = 1, 0, 1
    at, groups, leaves = 2, [], []
    for first in range(0, number, each):
        size = min(each, number - first)
        name = f"第{first // each + 1}党总支"
        group = Organisation(
            code=f"g{first}", kind=kinds.GENERAL_BRANCH, name=name, short_name=name, founded_on=START, parent=top
        )
        group.lft, group.rght, group.level, group.tree_id = at, at + 2 * size + 1, 1, 1
        groups.append(group)
        for step in range(size):
            name = f"第{first + step + 1}党支部"
            leaf = Organisation(
                code=f"b{first + step}",
                kind=kinds.BRANCH,
                name=name,
                short_name=name,
                founded_on=START,
                parent=group,
            )
            leaf.lft, leaf.rght, leaf.level, leaf.tree_id = at + 1 + 2 * step, at + 2 + 2 * step, 2, 1
            leaves.append(leaf)
        at = group.rght + 1
    top.rght = at
    for level in ([top], groups, leaves):
        for organisation in level:
            organisation.parent = organisation.parent  # its key is known only now
        Organisation.objects.bulk_create(level, batch_size=500)
    everyone = [top, *groups, *leaves]
    Placement.objects.bulk_create(
        [Placement(organisation=one, parent=one.parent, starts_on=START) for one in everyone], batch_size=500
    )
    OrganisationName.objects.bulk_create(
        [
            OrganisationName(organisation=one, name=one.name, short_name=one.short_name, starts_on=START)
            for one in everyone
        ],
        batch_size=500,
    )
    return top


def empty() -> None:
    """Take everything out again that came in with members, so that the next round meets the same database."""
    from branches.models import Batch, BatchEffect, BatchRow, Membership, Person
    from foundation.models import AuditEntry, Job

    for model in (BatchEffect, BatchRow, Batch, Job, Membership, Person, AuditEntry):
        rows = model._base_manager.all()
        rows._raw_delete(rows.db)


def median_of(rounds: int, work: Callable[[], float]) -> float:
    return statistics.median(work() for _round in range(rounds))


@contextmanager
def timed() -> Iterator[Callable[[], float]]:
    """Seconds since entering, until leaving."""
    begun = time.perf_counter()
    ended: list[float] = []
    yield lambda: (ended[0] if ended else time.perf_counter()) - begun
    ended.append(time.perf_counter())
