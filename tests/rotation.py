"""People edit members, import and export while the field key is exchanged, each a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from config.environment import new_key

ROOT = Path(__file__).parents[1]
WORKER = ROOT / "tests/foundation/actions/rotation_worker.py"


@dataclass
class Told:
    """What the processes reported, by what they did."""

    edits: list[dict[str, Any]]
    imports: list[dict[str, Any]]
    exports: list[dict[str, Any]]
    rotation: dict[str, Any]
    read: dict[str, Any]


def exchange(database: str, media: str, scratch: Path, *, before: float = 1.0, after: float = 1.0) -> Told:
    """Exchange the field key of a database with the cast in it, then read everything with the new key alone.

    Args:
        database: its name, or the path of a SQLite file.
        media: the directory of stored files.
        scratch: an empty directory.
        before, after: seconds of work before the exchange begins and after it has ended.
    """
    both = {"new": new_key(), **settings.FIELD_KEYS}
    stop = scratch / "stop"
    running = {
        act: _start(act, database, media, both, scratch, "--until", str(stop)) for act in ("edit", "import", "export")
    }
    _wait_for_work(scratch, running)
    time.sleep(before)
    rotation = _finished(_start("rotate", database, media, both, scratch), "rotate", scratch)
    time.sleep(after)
    stop.touch()
    told = {act: _finished(process, act, scratch) for act, process in running.items()}
    alone = {"new": both["new"]}
    read = _finished(_start("read", database, media, alone, scratch), "read", scratch)
    return Told(told["edit"], told["import"], told["export"], rotation[0], read[0])


def check(told: Told) -> None:
    """Everything opens by the new key, and every edit is there."""
    last = {str(edit["person"]): edit["phone"] for edit in told.edits}
    assert last
    assert {pk: told.read["phones"][pk] for pk in last} == last
    imported = {told.imports[-1]["phones"][1], *(done["phones"][0] for done in told.imports)}
    assert imported <= set(told.read["phones"].values())
    assert told.exports
    assert told.rotation["rows"] > 0
    assert told.read["files"] >= len(told.imports)


def _start(act: str, database: str, media: str, keys: dict[str, str], scratch: Path, *more: str) -> Any:
    command = [sys.executable, str(WORKER), act, "--database", database, "--media", media, "--keys", json.dumps(keys)]
    with (scratch / act).open("w") as output, (scratch / f"{act}.err").open("w") as errors:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.Popen([*command, *more], cwd=ROOT, env=environment, stdout=output, stderr=errors)


def _wait_for_work(scratch: Path, running: dict[str, Any]) -> None:
    while not all((scratch / act).read_text() for act in running):
        ended = [act for act, process in running.items() if process.poll() is not None]
        assert not ended, (scratch / f"{ended[0]}.err").read_text()
        time.sleep(0.05)


def _finished(process: Any, act: str, scratch: Path) -> list[dict[str, Any]]:
    assert process.wait(timeout=300) == 0, (scratch / f"{act}.err").read_text()
    return [json.loads(line) for line in (scratch / act).read_text().splitlines()]
