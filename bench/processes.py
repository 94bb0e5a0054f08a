"""Twenty processes at the tree at once, and two imports of overlapping rosters at once: nothing is lost or torn."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.scratch import START, empty, plant, prepare, timed, vendor

ROOT = Path(__file__).parents[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--processes", type=int, default=20)
    parser.add_argument("--acts", type=int, default=10, help="of each process in a round")
    chosen = parser.parse_args()
    prepare()
    _imports(chosen.rounds)
    _trees(chosen)


def _trees(chosen: argparse.Namespace) -> None:
    from django.db import connection

    from branches.actions.organisations import found
    from branches.models import User
    from tests.tree import act_at_once, inconsistencies, lost

    User.objects.create_user("by", name="by")
    found(code="forest", kind="committee", name="林委", short_name="林委", parent=None, on=START, by=None)
    told: list[list[str]] = []
    longest = 0.0
    for number in range(chosen.rounds):
        with timed() as seconds:
            acts, failures = act_at_once(
                str(connection.settings_dict["NAME"]),
                processes=chosen.processes,
                acts=chosen.acts,
                first=number * chosen.processes,
            )
        told += acts
        longest = max(longest, seconds())
        assert not failures, failures[0]
        assert len(acts) == chosen.processes * chosen.acts
        assert not inconsistencies(), inconsistencies()[:5]
    assert not lost(told), lost(told)[:5]
    refused = sum(act == "refused" for act, *_rest in told)
    print(
        f"{chosen.processes} processes at the tree at once, {chosen.rounds} rounds, {vendor()}: {len(told) - refused} "
        f"acts done, none lost; {refused} refused with words; no other failure; the longest round {longest:.1f} s",
        flush=True,
    )


def _imports(rounds: int) -> None:
    """Of two rosters the second half of one is the first half of the other, with other phones and branches."""
    plant(20)
    with tempfile.TemporaryDirectory() as directory:
        files = [Path(directory) / name for name in ("甲.xlsx", "乙.xlsx")]
        for at, file in enumerate(files):
            file.write_bytes(_roster(range(at * 300, at * 300 + 600), str(at)))
        orders = []
        for order in (files, files[::-1]):
            for file in order:
                assert _run([file]) == [0]
            orders.append(_people())
        assert orders[0] != orders[1]
        met = [0, 0]
        for _round in range(rounds):
            empty()
            assert _run(files) == [0, 0]
            met[orders.index(_people())] += 1  # fails where neither order gives this
            empty()
    print(f"two overlapping imports at once, {vendor()}: {rounds} times as one after the other, {met[0]} and {met[1]}")


def _roster(people: range, mark: str) -> bytes:
    import io

    import xlsxwriter

    from bench.rosters import HEADINGS, person

    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        for row, number in enumerate(people, start=1):
            sheet.write_row(row, 0, (*person(number, 20)[:11], f"139{mark}{number:07}"))
    return target.getvalue()


def _run(files: list[Path]) -> list[int]:
    """Import the files at once, each by a process of its own."""
    command = [
        sys.executable,
        "manage.py",
        "import_roster",
        "--under",
        "top",
        "--as-of",
        "2020-10-01",
        "--apply",
        "--skip-checks",
    ]
    running = [subprocess.Popen([*command, str(file)], cwd=ROOT, stdout=subprocess.DEVNULL) for file in files]
    return [process.wait(timeout=300) for process in running]


def _people() -> list[tuple[Any, ...]]:
    from branches.models import Membership

    found = sorted(
        (one.person.identity_hash, one.person.phone, one.person.version, one.branch.code, str(one.starts_on))
        for one in Membership.objects.select_related("person", "branch")
    )
    empty()
    return found


if __name__ == "__main__":
    main()
