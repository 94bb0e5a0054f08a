import os
import re
from pathlib import Path

import pytest

from config.environment import BASE_DIR, write_demo_environment
from tests.config.conftest import Installation


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_KEYS", "INDEX_KEY", "ALLOWED_HOSTS"])
def test_a_missing_setting_is_named(installation: Installation, name: str) -> None:
    file = installation.var / "environment"
    file.write_text("".join(line for line in file.read_text().splitlines(True) if not line.startswith(name)))
    code, output = installation.run("manage.py", "check")
    assert code != 0
    assert f"{name} is not set" in output


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("BUSINESS_DATE=26.10.2020", "must read like 2020-10-26"),
        ("FIELD_KEYS=abc", "must read id:key"),
        ("PORT=http", "must be a whole number"),
    ],
)
def test_a_senseless_setting_is_told(installation: Installation, line: str, told: str) -> None:
    name, _equals, value = line.partition("=")
    code, output = installation.run("manage.py", "check", env={name: value})
    assert code != 0
    assert told in output


def test_an_existing_environment_is_never_touched(tmp_path: Path) -> None:
    assert write_demo_environment(tmp_path)
    before = (tmp_path / "environment").read_text()
    assert not write_demo_environment(tmp_path)
    assert (tmp_path / "environment").read_text() == before
    assert (tmp_path / "environment").stat().st_mode & 0o777 == 0o600


def test_two_installations_have_different_keys(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_demo_environment(tmp_path / name)
    keys = [re.findall("=(?:1:)?(.{40,})", (tmp_path / name / "environment").read_text()) for name in ("a", "b")]
    assert len(keys[0]) == 3
    assert not set(keys[0]) & set(keys[1])


def test_every_setting_is_documented() -> None:
    source = (BASE_DIR / "config" / "settings.py").read_text()
    names = set(re.findall(r'(?:env(?:\.\w+)?|required|number)\(\s*"([A-Z_]+)"', source)) | {"BRANCH_LEDGER_VAR"}
    assert len(names) > 15
    documented = set(re.findall(r"^\| `([A-Z_]+)`", (BASE_DIR / "README.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert names == documented


def test_the_suite_does_not_touch_the_installation_beside_it() -> None:
    assert Path(os.environ["BRANCH_LEDGER_VAR"]) != BASE_DIR / "var"
