"""Several organisations typed as lines: a name, and after a comma or tab its code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

MOST_LINES = 200
NAME_LENGTH = 60
_LINE = re.compile(r"^(?P<name>[^,，\t]+)(?:[,，\t]\s*(?P<code>.*))?$")
_CODE = re.compile(r"^[A-Za-z0-9_-]{1,40}$")


class LineProblem(StrEnum):
    TOO_MANY = "too_many"
    NO_NAME = "no_name"
    LONG_NAME = "long_name"
    WRONG_CODE = "wrong_code"
    TWICE = "twice"


@dataclass(frozen=True)
class NamedLine:
    """One organisation to found; `code` is "" where none was typed."""

    number: int
    name: str
    code: str


def read_lines(text: str) -> tuple[list[NamedLine], list[tuple[int, LineProblem]]]:
    """The organisations in `text`, and what is wrong with which line (counted from 1, empty lines included)."""
    found: list[NamedLine] = []
    problems: list[tuple[int, LineProblem]] = []
    names: set[str] = set()
    codes: set[str] = set()
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        match = _LINE.match(line.strip())
        name = match["name"].strip() if match else ""
        code = (match["code"] or "").strip() if match else ""
        if not name:
            problems.append((number, LineProblem.NO_NAME))
        elif len(name) > NAME_LENGTH:
            problems.append((number, LineProblem.LONG_NAME))
        elif code and not _CODE.match(code):
            problems.append((number, LineProblem.WRONG_CODE))
        elif name in names or (code and code.lower() in codes):
            problems.append((number, LineProblem.TWICE))
        names.add(name)
        codes.add(code.lower())
        found.append(NamedLine(number, name, code))
    if len(found) > MOST_LINES:
        problems.append((found[MOST_LINES].number, LineProblem.TOO_MANY))
    return found, problems


def code_under(parent: str, taken: set[str]) -> str:
    """The next free code made of the code of the organisation above: "HY" gives "HY-01", "HY-02" and so on."""
    number = 1
    while (code := f"{parent[:36]}-{number:02d}").lower() in taken:
        number += 1
    return code
