"""The test database as other processes reach it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection


def address_for_others(directory: Path) -> str:
    """PostgreSQL's name; of SQLite's, which lives in this process, a copy in a file."""
    if connection.vendor == "postgresql":
        return str(connection.settings_dict["NAME"])
    path = directory / "shared.sqlite3"
    with closing(sqlite3.connect(path)) as file:
        connection.connection.backup(file)
    return str(path)


def take_back(address: str) -> None:
    """What other processes have written is in the test database of this one."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(address)) as file:
            file.backup(connection.connection)
