"""Hostile and broken files: each is refused with a word that says what to do, in seconds and little memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from branches.rules.problems import FILE_PROBLEMS
from tests import hostile_files
from tests.hostile_files import ZOO, judged

TIMES = 20  # smaller than they come, the limits as well
LARGEST = 100  # megabytes more than at first
SLOWEST = 2  # seconds of the processor
SMALL = [
    "entities",
    "far cell",
    "far column",
    "500 columns",
    "far apart",
    "greedy unpacking",
    "record without an end",
    "circles",
    "family circles",
    "four billion texts",
    "text without an end",
    "reading without an end",
    "text that is not there",
    "last column",
    "lying last column",
    "last row",
    "backwards",
    "encrypted",
    "encrypted newer one",
    "of 1995",
    "of 1995 under the newer name",
    "500 fields",
    "half of a letter",
    "half of a wide letter",
    "zeros",
]


@pytest.mark.parametrize("name", SMALL)
def test_what_is_broken_or_far_out_is_refused(name: str) -> None:
    hostile = ZOO[name]
    assert judged(hostile.build(), hostile.kind) == (hostile.upload, hostile.opened)


def test_every_refusal_has_words() -> None:
    codes = {hostile.opened for hostile in ZOO.values()} - {""}
    assert codes == {
        "unreadable",
        "too_large",
        "too_many_rows",
        "too_many_columns",
        "encrypted",
        "too_old",
        "open_quotation",
    }
    assert codes <= set(FILE_PROBLEMS)


@pytest.mark.process
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the memory of a process is told on Linux only")
@pytest.mark.parametrize("kind", ["xlsx", "xls", "csv"])
def test_what_is_too_much_costs_neither_memory_nor_time(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hostile_files, "times", TIMES)
    hostile = {name: ZOO[name] for name in ZOO if name not in SMALL and ZOO[name].kind.code == kind}
    results = hostile_files.judged_apart(hostile, tmp_path)
    assert [(name, *outcome) for name, outcome, _seconds, _peak in results] == [
        (name, each.upload, each.opened) for name, each in hostile.items()
    ]
    assert [result for result in results if result[2] > SLOWEST] == []
    assert results[-1][3] < LARGEST
