"""Reading fixture files, and saying where in them something is wrong."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management import CommandError
from django.utils.translation import gettext as _


class FixtureError(CommandError):
    """A fixture cannot be loaded; the message names the file and the entry."""

    def __init__(self, path: Path, entry: str, problem: str) -> None:
        where = f"{path.parent.name}/{path.name}"
        super().__init__(f"{where} · {entry}: {problem}" if entry else f"{where}: {problem}")


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file.

    Raises:
        FixtureError: the file is missing or not TOML.
    """
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        raise FixtureError(path, "", _("the file is missing.")) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FixtureError(path, "", _("not readable as TOML: %(error)s") % {"error": error}) from error


def read_csv(path: Path, columns: Iterable[str]) -> list[tuple[int, dict[str, str]]]:
    """The rows of a CSV file (UTF-8, one heading line) with their line numbers; lines that begin with # are notes.

    Raises:
        FixtureError: the file is missing, or its heading is not `columns`.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise FixtureError(path, "", _("the file is missing.")) from None
    lines = [
        (number, line) for number, line in enumerate(text.splitlines(), start=1) if line and not line.startswith("#")
    ]
    rows = list(csv.reader([line for _number, line in lines]))
    wanted = list(columns)
    if not rows or rows[0] != wanted:
        raise FixtureError(path, "", _("the heading must read %(columns)s.") % {"columns": ",".join(wanted)})
    found = []
    for (number, _line), values in zip(lines[1:], rows[1:], strict=True):
        if len(values) != len(wanted):
            problem = _("%(found)d values instead of %(wanted)d.") % {"found": len(values), "wanted": len(wanted)}
            raise FixtureError(path, _("line %(number)d") % {"number": number}, problem)
        found.append((number, dict(zip(wanted, (value.strip() for value in values), strict=True))))
    return found


class Entry:
    """One table of a TOML file or one line of a CSV file: its values, checked as they are taken."""

    def __init__(self, path: Path, name: str, values: Mapping[str, Any], allowed: Iterable[str]) -> None:
        self.path = path
        self.name = name
        self.values = values
        unknown = sorted(set(values) - set(allowed))
        if unknown:
            raise self.error(_("unknown key: %(keys)s.") % {"keys": ", ".join(unknown)})

    def error(self, problem: str) -> FixtureError:
        return FixtureError(self.path, self.name, problem)

    def text(self, key: str, default: str | None = None) -> str:
        return str(self._typed(key, default, str))

    def choice(self, key: str, choices: Iterable[str], default: str | None = None) -> str:
        value = self.text(key, default)
        if value not in choices:
            allowed = ", ".join(choice for choice in choices if choice)
            raise self.error(
                _("%(key)s is “%(value)s”, allowed: %(allowed)s.") % {"key": key, "value": value, "allowed": allowed}
            )
        return value

    def day(self, key: str) -> date:
        day = self.optional_day(key)
        if day is None:
            raise self.error(_("%(key)s is missing.") % {"key": key})
        return day

    def optional_day(self, key: str) -> date | None:
        """A date, written as one or as text like 2020-10-26."""
        value = self.values.get(key)
        if not value:
            return None
        if type(value) is date:
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            raise self.error(
                _("%(key)s must be a date like 2020-10-26, not “%(value)s”.") % {"key": key, "value": value}
            ) from None

    def number(self, key: str, default: int | None = None) -> int:
        return int(self._typed(key, default, int))

    def flag(self, key: str) -> bool:
        return bool(self._typed(key, False, bool))

    def list(self, key: str) -> list[Any]:
        return list(self._typed(key, [], list))

    def _typed(self, key: str, default: Any, kind: type) -> Any:
        value = self.values.get(key, default)
        if value is None:
            raise self.error(_("%(key)s is missing.") % {"key": key})
        if not isinstance(value, kind):
            raise self.error(
                _("%(key)s must be %(kind)s, not “%(value)s”.") % {"key": key, "kind": kind.__name__, "value": value}
            )
        return value
