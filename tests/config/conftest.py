import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from config.environment import BASE_DIR, write_demo_environment


class Installation:
    """A system of its own, run by real processes on a real database file."""

    def __init__(self, var: Path) -> None:
        self.var = var
        write_demo_environment(var)
        kept = ("PATH", "HOME", "LANG", "LC_ALL", "VIRTUAL_ENV")
        self.environment = {name: os.environ[name] for name in kept if name in os.environ}
        self.environment |= {"BRANCH_LEDGER_VAR": str(var), "PYTHONPATH": str(BASE_DIR), "PYTHONUNBUFFERED": "1"}

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=BASE_DIR,
            env=self.environment | options.pop("env", {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **options,
        )

    def run(self, *arguments: str, timeout: int = 120, **options: Any) -> tuple[int, str]:
        process = self.start(*arguments, **options)
        try:
            output, _nothing = process.communicate(timeout=timeout)
        finally:
            process.kill()
        return process.returncode, output

    def manage(self, *arguments: str) -> str:
        code, output = self.run("manage.py", *arguments)
        assert code == 0, output
        return output

    def script(self, *lines: str) -> str:
        """Lines of Python, run with Django set up."""
        return (
            "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'; import django; django.setup()\n"
            + "\n".join(lines)
        )


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(tmp_path / "var")
