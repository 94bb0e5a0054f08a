"""What only real processes show: workers that are killed, snapshots beside writers."""

import signal
import time
from pathlib import Path

import pytest

from tests.config.conftest import Installation

pytestmark = pytest.mark.process

SLOW_HANDLER = """
import time
from foundation.actions import jobs
from foundation.models import Job
@jobs.handles("test.slow")
def slow(job):
    open(os.environ["BRANCH_LEDGER_VAR"] + "/began", "a").write("x")
    if job.attempt == 1:
        time.sleep(60)
"""


def wait_for(path: Path, seconds: int = 30) -> None:
    deadline = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} did not appear"
        time.sleep(0.1)


def test_a_job_survives_the_death_of_its_worker(installation: Installation) -> None:
    installation.manage("migrate", "-v0")
    worker = installation.script(
        SLOW_HANDLER, "from django.core.management import call_command", "call_command('worker', '--verbosity=0')"
    )
    code, output = installation.run("-c", installation.script(SLOW_HANDLER, "jobs.enqueue(kind='test.slow', by=None)"))
    assert code == 0, output

    first = installation.start("-c", worker)
    wait_for(installation.var / "began")
    first.send_signal(signal.SIGKILL)
    first.wait()
    silence = "Job.objects.update(heartbeat_at='2020-01-01T00:00Z')"  # instead of waiting for a minute
    code, output = installation.run("-c", installation.script(SLOW_HANDLER, silence))
    assert code == 0, output

    second = installation.start("-c", worker)
    look = installation.script(
        SLOW_HANDLER,
        "for _ in range(100):",
        "    job = Job.objects.get()",
        "    if job.is_finished: break",
        "    time.sleep(0.2)",
        "print(job.state, job.attempt)",
    )
    try:
        assert installation.run("-c", look) == (0, "done 2\n")
    finally:
        second.terminate()
        second.wait(30)
    assert (installation.var / "began").read_text() == "xx"


def test_a_backup_shows_one_moment_and_keeps_nobody_from_writing(installation: Installation) -> None:
    installation.manage("migrate", "-v0")
    script = installation.script(
        "from django.contrib.auth.models import Group",
        "from django.db import connection",
        "from foundation.actions.backup import one_moment",
        "other = connection.copy()",
        "with one_moment():",
        "    before = Group.objects.count()",
        "    with other.cursor() as cursor:",
        "        cursor.execute(\"INSERT INTO auth_group (name) VALUES ('later')\")",
        "    print(before, Group.objects.count())",
        "print(Group.objects.count())",
    )
    assert installation.run("-c", script) == (0, "0 0\n1\n")
