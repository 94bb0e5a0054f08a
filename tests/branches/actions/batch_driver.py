"""Run by `test_batch_processes` as a process of its own: imports a roster and undoes it with workers that are killed.

Writes what came of it as JSON. Workers and the secretary beside them are forked: real processes, started fast.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import django

django.setup()

from django.apps import apps  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections, transaction  # noqa: E402
from django.db.models import Count  # noqa: E402

from branches.actions import batches, roster_writing, undoing  # noqa: E402
from branches.actions.undoing import begin_undo  # noqa: E402
from branches.imports import roster_plans  # noqa: E402
from branches.models import Batch, GroupMembership, Membership, Person, User  # noqa: E402
from foundation.actions import jobs  # noqa: E402
from foundation.encryption import blind_index  # noqa: E402
from foundation.management.commands import worker  # noqa: E402
from foundation.models import AuditEntry  # noqa: E402
from foundation.models.jobs import Job  # noqa: E402
from tests.cast import TODAY, draw  # noqa: E402
from tests.rosters import line, number, uploaded, workbook  # noqa: E402

ROWS = 48
_started: set[int] = set()
State = Batch.State
roster_writing.pace.size = undoing.CHUNK = roster_plans.CHUNK = 8
jobs.DEAD_AFTER, jobs.HEARTBEAT_SECONDS, worker.REAP_SECONDS = timedelta(seconds=0.6), 0.15, 0.2
jobs.let_others_write = lambda: time.sleep(0.1)  # on PostgreSQL as well: long enough to be killed at work


def fork(work: Callable[[], object]) -> int:
    connections.close_all()
    pid = os.fork()
    _started.add(pid)
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    return pid


def start_worker() -> int:
    return fork(lambda: call_command("worker", verbosity=0, interval=0.05, startup_delay=False))


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    _started.discard(pid)


def work_through(batch: Batch, state: str, kills: int) -> None:
    """Let workers do the job of the batch; some are killed at any moment of it."""
    batch.refresh_from_db()
    for _kill in range(kills):
        job = Job.objects.get(pk=batch.job_id)
        if job.is_finished:
            break
        victim = start_worker()
        wait(lambda job=job: Job.objects.get(pk=job.pk).attempt > job.attempt)
        time.sleep(random.uniform(0, 0.5))
        kill(victim)
    workers = [start_worker(), start_worker()]
    wait(lambda: Batch.objects.get(pk=batch.pk).state == state)
    for pid in workers:
        kill(pid)
    batch.refresh_from_db()


def wait(is_so: Callable[[], bool], seconds: int = 30) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            found = list(Job.objects.values("kind", "state", "attempt", "done", "error"))
            sys.exit(f"waited in vain: {list(Batch.objects.values('state', 'problem', 'counts'))} {found}")
        time.sleep(0.03)


def save_again_and_again(waits: Path) -> None:
    """A secretary at work: how long each save took."""
    while True:
        began = time.monotonic()
        with transaction.atomic():
            User.objects.filter(username="secretary").update(name=f"{began}")
        with waits.open("a") as file:
            file.write(f"{time.monotonic() - began}\n")
        time.sleep(0.02)


def roster() -> tuple[Batch, list[Person]]:
    """People nobody knows, and the members of the first branch listed in the second."""
    cast = draw()
    members = [cast.people[f"first{at}"] for at in range(7)]
    lines = [
        line(f"郝{at}", number(f"198{at % 10}01{at // 12 + 10}", 1 + 2 * at), cast.first.name) for at in range(ROWS)
    ]
    for at, person in enumerate(members):
        person.identity_number = number("19700101", 1 + 2 * at)
        person.identity_hash = blind_index(person.identity_number)
        person.save()
        lines.append(line(person.name, person.identity_number, cast.second.name))
    file = uploaded(workbook(lines))
    return batches.upload(organisation=cast.committee, file=file, as_of=TODAY, by=cast.staff), members


def standing(members: list[Person]) -> dict[str, object]:
    """What the records say now."""
    entered = Person.objects.valid().filter(name__startswith="郝")
    current = Membership.objects.valid().filter(ends_on__isnull=True)
    return {
        "people": entered.count(),
        "with_one_membership": entered.filter(memberships__is_void=False).annotate(n=Count("memberships")).count(),
        "members": sorted(current.filter(person__in=members).values_list("branch__code", flat=True)),
        "groups": GroupMembership.objects.valid().filter(person__in=members, ends_on__isnull=True).count(),
    }


def entries(verb: str) -> tuple[int, int]:
    """(entries, different people)."""
    found = AuditEntry.objects.filter(verb=verb).values_list("target_id", flat=True)
    return len(found), len(set(found))


def main(directory: Path) -> None:
    # The tables at once instead of the whole history of migrations: which is quicker.
    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    call_command("migrate", run_syncdb=True, verbosity=0)
    call_command("load_defaults", verbosity=0)
    batch, members = roster()
    fork(lambda: save_again_and_again(directory / "waits"))
    try:
        work_through(batch, State.PLANNED, kills=1)
        planned = {"counts": batch.counts, "rows": batch.rows.count()}
        batches.confirm(batch=batch, plan_version=batch.plan_version, by=batch.uploaded_by)
        work_through(batch, State.APPLIED, kills=2)
        written = standing(members) | {
            "counts": batch.counts,
            "effects": batch.effects.filter(outcome="").count(),
            "created": entries("person.roster_create"),
            "moved": entries("person.roster_move"),
            "applied": entries("batch.apply"),
        }
        begin_undo(batch=batch, also=[], by=batch.uploaded_by)
        work_through(batch, State.UNDONE, kills=1)
        undone = standing(members) | {
            "counts": batch.counts,
            "undone": entries("person.roster_undo"),
            "finished": entries("batch.undone"),
        }
    finally:
        for pid in list(_started):
            kill(pid)
    waits = [float(line) for line in (directory / "waits").read_text().split()]
    attempts = sum(Job.objects.values_list("attempt", flat=True))
    found = {"planned": planned, "written": written, "undone": undone, "waits": waits, "attempts": attempts}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
