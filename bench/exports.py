"""Taking out 260,000 members as a workbook: how long it takes, and how much memory the process that does it."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from bench.scratch import START, plant, prepare, vendor

EACH = 40
CHUNK = 5000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=260_000)
    parser.add_argument("--take-out", action="store_true", help="only export; the way the measurement calls itself")
    chosen = parser.parse_args()
    if chosen.take_out:
        _take_out()
        return
    prepare()
    _enter(chosen.members)
    print(f"{chosen.members} members, {vendor()}", flush=True)
    begun = time.perf_counter()
    command = [sys.executable, "-m", "bench.exports", "--take-out"]
    with subprocess.Popen(command, cwd=Path(__file__).parents[1]) as child:
        _pid, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0
    print(
        f"  {time.perf_counter() - begun:7.1f} s   most memory {usage.ru_maxrss / 1024:4.0f} MB (goal: 300 at most)",
        flush=True,
    )


def _enter(number: int) -> None:
    """The members, in bulk, with what is encrypted encrypted."""
    from bench.rosters import person
    from branches.models import Education, Membership, Nation, Organisation, Person
    from foundation.encryption import blind_index

    branches = number // EACH
    plant(branches)
    by_name = dict(Organisation.objects.values_list("name", "pk"))
    nation, education = Nation.objects.get(name="汉族"), Education.objects.get(name="大学本科")
    for first in range(0, number, CHUNK):
        lines = [person(at, branches) for at in range(first, min(first + CHUNK, number))]
        people = [
            Person(
                name=line[0],
                sex="male" if line[1] == "男" else "female",
                nation=nation,
                education=education,
                identity_number=line[3],
                identity_hash=blind_index(line[3]),
                birth_date=date(int(line[4][:4]), int(line[4][5:]), 1),
                birth_date_precision="month",
                native_place=line[6],
                joined_on=date.fromisoformat(line[7].replace(".", "-")),
                full_on=date.fromisoformat(line[8].replace(".", "-")),
                phone=line[11],
                phone_hash=blind_index(line[11]),
            )
            for line in lines
        ]
        Person.objects.bulk_create(people, batch_size=500)
        Membership.objects.bulk_create(
            [
                Membership(person=one, branch_id=by_name[line[10]], starts_on=START)
                for one, line in zip(people, lines, strict=True)
            ],
            batch_size=500,
        )


def _take_out() -> None:
    """As the worker does it, for somebody who sees phones."""
    import django

    django.setup()
    from branches.actions.exports import begin_export
    from branches.models import Organisation, RoleAssignment, User
    from foundation.actions.jobs import run
    from foundation.models import StoredFile

    top = Organisation.objects.get(code="top")
    staff = User.objects.create_user(username="staff", name="党务", must_change_password=False)
    RoleAssignment.objects.create(user=staff, role="staff", organisation=top, starts_on=START)
    job = begin_export(organisation=top, subject="members", day=date(2020, 10, 26), purpose="测算", by=staff)
    run.func(str(job.pk))
    job.refresh_from_db()
    assert job.done, job.error
    print(f"  {StoredFile.objects.get(pk=job.result['file']).size / 1e6:.1f} MB", flush=True)


if __name__ == "__main__":
    main()
