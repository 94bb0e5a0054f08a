from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from branches.actions.organisations import found
from branches.models import Organisation, User
from tests.tree import act_at_once, inconsistencies, lost

PROCESSES = 8
ACTS = 6


@pytest.fixture
def database(transactional_db: None, tmp_path: Path) -> Iterator[str]:
    """The test database as other processes reach it; of SQLite's, which lives in this process, a copy in a file."""
    User.objects.create_user(username="by", password="x", name="by")
    kind = Organisation.Kind.COMMITTEE
    found(code="top", kind=kind, name="党委", short_name="党委", parent=None, on=date(2020, 1, 1), by=None)
    if connection.vendor == "postgresql":
        yield str(connection.settings_dict["NAME"])
        return
    path = tmp_path / "tree.sqlite3"
    with closing(sqlite3.connect(path)) as file:
        connection.connection.backup(file)
    yield str(path)


@pytest.mark.process
def test_many_processes_leave_a_sound_tree_and_lose_nothing(database: str) -> None:
    """Without the lock this leaves overlapping intervals and deadlocks in every run."""
    told, failures = act_at_once(database, processes=PROCESSES, acts=ACTS)
    assert not failures, "\n".join(failures)
    assert len(told) == PROCESSES * ACTS
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(database)) as file:
            file.backup(connection.connection)
    assert Organisation.objects.filter(code__startswith="p").count() == sum(act == "found" for act, *_rest in told)
    assert lost(told) == []
    assert inconsistencies() == []
