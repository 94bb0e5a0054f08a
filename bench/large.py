"""260,000 members: how much memory a worker takes for them, and how long anybody else waits to write meanwhile."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from bench.scratch import plant, prepare, vendor

EACH = 40


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=260_000)
    chosen = parser.parse_args()
    os.environ["BENCH_WORKER"] = "1"
    prepare()
    from django.core.files.uploadedfile import SimpleUploadedFile

    from bench.rosters import roster
    from branches.actions.batches import confirm, upload
    from branches.models import Batch, Membership

    branches = chosen.members // EACH
    top = plant(branches)
    content = roster(range(chosen.members), branches)
    print(f"{chosen.members} members, a file of {len(content) / 1e6:.1f} MB, {vendor()}", flush=True)
    batch = upload(organisation=top, file=SimpleUploadedFile("花名册.xlsx", content), as_of=date(2020, 10, 1), by=None)
    del content
    _work("planning", top.pk)
    batch.refresh_from_db()
    assert batch.state == Batch.State.PLANNED, (batch.state, batch.problem)
    confirm(batch=batch, plan_version=batch.plan_version, by=None)
    _work("writing", top.pk)
    batch.refresh_from_db()
    assert batch.state == Batch.State.APPLIED, batch.state
    assert Membership.objects.count() == chosen.members == batch.counts["written"], batch.counts


def _work(name: str, pk: int) -> None:
    """Let a worker do what is queued, and write something small again and again until it is done."""
    from branches.models import Organisation

    command = [sys.executable, "manage.py", "worker", "--batch", "--no-startup-delay", "-v", "0"]
    begun, waits = time.perf_counter(), [0.0]
    with subprocess.Popen(command, cwd=Path(__file__).parents[1]) as worker:
        while True:
            pid, status, usage = os.wait4(worker.pid, os.WNOHANG)
            if pid:
                worker.returncode = os.waitstatus_to_exitcode(status)
                break
            asked = time.perf_counter()
            Organisation.objects.filter(pk=pk).update(founding_document=f"{asked}")
            waits.append(time.perf_counter() - asked)
            time.sleep(0.005)
    assert worker.returncode == 0
    print(
        f"  {name:8}  {time.perf_counter() - begun:7.1f} s   most memory of the worker {usage.ru_maxrss / 1024:4.0f} MB"
        f" (goal: 600 at most)   longest wait of another's write {max(waits) * 1000:5.0f} ms of {len(waits)}",
        flush=True,
    )


if __name__ == "__main__":
    main()
