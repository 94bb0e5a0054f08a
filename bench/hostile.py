"""Files made to hurt whoever opens them, as large as they come: seconds, memory and what is said about them."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import django

GOAL_SECONDS, GOAL_MEGABYTES = 20, 250


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings_test")
    django.setup()
    from tests.hostile_files import ZOO, judged_apart

    worst_seconds, worst_megabytes = 0.0, 0
    for name, hostile in ZOO.items():
        with tempfile.TemporaryDirectory() as directory:
            ((_name, said, seconds, megabytes),) = judged_apart({name: hostile}, Path(directory))
        assert said == (hostile.upload, hostile.opened), (name, said)
        print(f"{name:30} {seconds:5.1f} s {megabytes:5} MB  {said[1] or 'read'}", flush=True)
        worst_seconds, worst_megabytes = max(worst_seconds, seconds), max(worst_megabytes, megabytes)
    print(f"Worst: {worst_seconds:.1f} s (goal: {GOAL_SECONDS}), {worst_megabytes} MB (goal: {GOAL_MEGABYTES})")


if __name__ == "__main__":
    main()
