"""The layers of ARCHITECTURE.md hold, and what people read says what stands."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from config.environment import BASE_DIR

APPS = ("foundation", "branches", "activities", "reports", "config")
MAX_LINES = 320


def test_nothing_imports_against_the_arrows() -> None:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
        "--no-cache",
    ]
    result = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("app", APPS)
def test_no_file_has_outgrown_its_noun(app: str) -> None:
    files = [path for path in (BASE_DIR / app).rglob("*.py") if "migrations" not in path.parts]
    long = {str(path.relative_to(BASE_DIR)): count for path in files if (count := lines(path)) > MAX_LINES}
    assert long == {}


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "manager", "misc"])
def test_no_drawer_for_the_rest(name: str) -> None:
    assert not [path for app in APPS for path in (BASE_DIR / app).rglob(f"{name}*")]


def test_the_locks_name_no_host() -> None:
    for lock in BASE_DIR.glob("requirements*.lock"):
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|--index|--find-links|file:|--trusted-host", text)


def test_every_dependency_has_its_reason() -> None:
    for name in ("requirements.in", "requirements-dev.in"):
        for line in (BASE_DIR / name).read_text().splitlines():
            assert line.startswith("-r ") or re.match(r"^[\w.\[\]-]+\S*\s+# .{10,}$", line), line


@pytest.mark.parametrize("document", ["ARCHITECTURE.md", "docs/glossary.md"])
def test_what_documents_name_exists(document: str) -> None:
    """`queries.roster`, `imports/planning`, `branches.actions.tree`: a module of some app, whatever follows it."""
    layers = "rules|models|queries|actions|imports|exports|forms|jobs|views"
    named = re.findall(rf"`(?:({'|'.join(APPS)})[./])?({layers})[./](\w+)", (BASE_DIR / document).read_text("utf-8"))
    assert len(named) > 5
    assert [name for app, *name in named if not any(_is_module(one, *name) for one in ([app] if app else APPS))] == []


def _is_module(*parts: str) -> bool:
    path = BASE_DIR.joinpath(*parts)
    return path.is_dir() or path.with_suffix(".py").is_file()


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())
