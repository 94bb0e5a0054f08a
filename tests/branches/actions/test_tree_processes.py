from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from branches.actions.organisations import found
from branches.models import Organisation, Placement, User
from tests.tree import invalid_nodes

PROCESSES = 8
ACTS = 6


@pytest.mark.process
@pytest.mark.django_db(transaction=True)
def test_many_processes_leave_a_valid_tree() -> None:
    """Without the lock this leaves overlapping intervals and deadlocks in every run."""
    if connection.vendor != "postgresql":
        pytest.skip("The embedded SQLite test database lives in this process; the PostgreSQL run covers this.")
    User.objects.create_user(username="by", password="x", name="by")
    kind = Organisation.Kind.COMMITTEE
    found(code="top", kind=kind, name="党委", short_name="党委", parent=None, on=date(2020, 1, 1), by=None)
    worker = Path(__file__).with_name("tree_worker.py")
    running = [
        subprocess.Popen(
            [sys.executable, str(worker), str(connection.settings_dict["NAME"]), str(seed), str(ACTS)],
            cwd=Path(__file__).parents[3],
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
            stderr=subprocess.PIPE,
        )
        for seed in range(PROCESSES)
    ]
    errors = [process.communicate(timeout=120)[1].decode() for process in running]
    assert [process.returncode for process in running] == [0] * PROCESSES, "\n".join(errors)
    assert invalid_nodes() == []
    assert Organisation.objects.filter(code__startswith="p").exists()
    current = Placement.objects.filter(ends_on__isnull=True, is_void=False)
    standing = Organisation.objects.filter(ended_on__isnull=True)
    assert current.count() == standing.count(), "every organisation that stands has one current placement"
    assert not standing.filter(parent__ended_on__isnull=False).exists(), "nothing stands under what was revoked"
    for placement in current.select_related("organisation"):
        assert placement.parent_id == placement.organisation.parent_id
