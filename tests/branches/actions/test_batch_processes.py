"""An import worked off by real processes that are killed on the way, on a database of their own."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg2
import pytest

from config.environment import BASE_DIR
from tests.config.conftest import Installation

ROWS, MEMBERS = 48, 7

pytestmark = pytest.mark.process


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    """A database of the kind the suite runs on, as DATABASE_URL names it; "" for the file of the installation."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield ""
        return
    name = f"processes_{uuid4().hex}"
    connection = psycopg2.connect(server)
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute(f"CREATE DATABASE {name}")
    yield f"{server.rpartition('/')[0]}/{name}"
    cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    connection.close()


def test_an_import_survives_the_deaths_of_its_workers(tmp_path: Path, database: str) -> None:
    installation = Installation(tmp_path / "var")
    installation.environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
    if database:
        installation.environment["DATABASE_URL"] = database
    driver = BASE_DIR / "tests/branches/actions/batch_driver.py"
    code, output = installation.run(str(driver), str(tmp_path))
    assert code == 0, output
    found = json.loads(output.splitlines()[-1])

    planned = found["planned"]
    assert planned["counts"]["create"] == ROWS
    assert planned["counts"]["move"] == MEMBERS
    assert planned["rows"] == ROWS + MEMBERS

    written = found["written"]
    assert written["counts"]["written"] == ROWS + MEMBERS
    assert written["people"] == written["with_one_membership"] == ROWS
    assert written["effects"] == ROWS + MEMBERS
    assert written["members"] == ["second"] * MEMBERS
    assert written["groups"] == 0
    assert written["created"] == [ROWS, ROWS], "nobody is entered twice in the trail"
    assert written["moved"] == [MEMBERS, MEMBERS]
    assert written["applied"] == [1, 1]

    undone = found["undone"]
    assert (undone["counts"]["undone"], undone["counts"]["kept"]) == (ROWS + MEMBERS, 0)
    assert undone["people"] == 0
    assert undone["members"] == ["first"] * MEMBERS
    assert undone["groups"] == MEMBERS
    assert undone["undone"] == [ROWS + MEMBERS, ROWS + MEMBERS]
    assert undone["finished"] == [1, 1]

    assert found["attempts"] > 3, "workers were killed at work"
    assert max(found["waits"]) < 1.5, "whoever works beside the import does not wait"
    assert len(found["waits"]) > 20
