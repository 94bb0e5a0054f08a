from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from branches.models import Person
from tests.cast import draw
from tests.rosters import line, number, plan, workbook
from tests.rotation import check, exchange


@pytest.fixture
def database(transactional_db: None, tmp_path: Path) -> Iterator[str]:
    """The test database as other processes reach it; of SQLite's, which lives in this process, a copy in a file."""
    call_command("load_defaults", verbosity=0)
    cast = draw()
    for at, person in enumerate(Person.objects.all()):
        person.phone = f"136{at:08}"
        person.save()
    plan(workbook([line("留", number(sequence=1), "第一党支部")]), cast.committee, cast.staff)
    if connection.vendor == "postgresql":
        yield str(connection.settings_dict["NAME"])
        return
    path = tmp_path / "rotation.sqlite3"
    with closing(sqlite3.connect(path)) as file:
        connection.connection.backup(file)
    yield str(path)


@pytest.mark.process
def test_the_key_is_exchanged_while_people_work(database: str, tmp_path: Path, settings: object) -> None:
    scratch = tmp_path / "told"
    scratch.mkdir()
    told = exchange(database, str(settings.MEDIA_ROOT), scratch, before=0.3, after=0.3)
    check(told)
    assert told.read["values"] > Person.objects.count()
