"""What a roster's import makes of each row, as plain data for a program to read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from branches.imports.workbooks import Book
from branches.models import BatchRow
from branches.rules import roster_dates
from branches.rules.layouts import Layout
from branches.rules.people import Category, Sex
from branches.rules.problems import Problem
from branches.rules.roster_cells import nation_key
from branches.rules.roster_columns import plain_heading
from branches.rules.roster_rows import RosterEntry
from foundation.encryption import mask_identity, mask_phone

Action, Outcome = BatchRow.Action, BatchRow.Outcome
CSV_SHEET = "csv"
_ACCEPTED = frozenset({Action.CREATE, Action.UPDATE, Action.MOVE, Action.UNCHANGED})


@dataclass(frozen=True)
class Words:
    """How the records call what the file names: nations by their key, short names of branches by primary key.

    `headings` are the file's own, as they stand in their cells, by sheet and the label the problems bear.
    """

    nations: Mapping[str, str]
    branches: Mapping[int, str]
    headings: Mapping[tuple[str, str], str]

    def nation(self, entry: RosterEntry) -> str | None:
        return self.nations.get(nation_key(entry.nation), entry.nation) or None

    def branch(self, row: BatchRow, entry: RosterEntry) -> str:
        return self.branches.get(row.organisation_id or 0, entry.branch)


def headings_of(book: Book, layouts: Sequence[Layout]) -> dict[tuple[str, str], str]:
    """The headings of the columns as they are written, stars and line breaks and all."""
    sheets = {sheet.name: sheet for sheet in book.sheets}
    found = {}
    for layout in layouts:
        rows = list(sheets[layout.sheet].head)[layout.first_row : layout.last_row + 1]
        for key, at in layout.columns.items():
            label = layout.labels.get(key, "")
            cells = [str(row[at]) for row in reversed(rows) if at < len(row)]
            found[layout.sheet, label] = next((cell for cell in cells if plain_heading(cell) == label), label)
    return found


class Report:
    """`accepted` holds a row's action and what the file says, `reported` every remark; rows count from 1.

    Args:
        shows_numbers: identity numbers and phones in clear; whoever asks for it has it recorded.
    """

    def __init__(self, *, shows_numbers: bool = False) -> None:
        self.shows_numbers = shows_numbers
        self.file_error: str | None = None
        self.accepted: list[dict[str, Any]] = []
        self.reported: list[dict[str, Any]] = []

    def add(self, row: BatchRow, entry: RosterEntry, words: Words) -> None:
        """One row of the plan with what was read in the file."""
        place = {"sheet": entry.sheet or CSV_SHEET, "row": entry.number}
        payload = json.loads(row.payload)
        problems = [Problem(**problem) for problem in payload.get("problems", ())]
        for problem in problems:
            column = words.headings.get((entry.sheet, problem.column), problem.column)
            remark = {"column": column, "code": problem.code, "message": problem.message, "refused": problem.refuses}
            self.reported.append(place | remark)
        is_changed = row.outcome == Outcome.CHANGED
        if row.action in _ACCEPTED and not is_changed:
            words_of_row = {"ethnic": words.nation(entry), "branch": words.branch(row, entry)}
            self.accepted.append(place | {"action": row.action, "values": self._values(entry) | words_of_row})
        elif is_changed:
            message = _("Somebody else changed this member meanwhile, so the row was not written.")
            self.reported.append(place | {"column": "", "code": "changed", "message": message, "refused": True})
        elif not any(problem.refuses for problem in problems):
            message = _("The row awaits a decision and is left out.")
            self.reported.append(place | {"column": "", "code": "skipped", "message": message, "refused": True})

    def as_json(self) -> dict[str, Any]:
        return {"file_error": self.file_error, "accepted": self.accepted, "reported": self.reported}

    def _values(self, entry: RosterEntry) -> dict[str, Any]:
        values = entry.values
        number, phone = entry.identity_number, values.get("phone", "")
        shown = {
            "name": values.get("name", ""),
            "gender": _label(Sex, values.get("sex")),
            "id": (number if self.shows_numbers else mask_identity(number)) or entry.masked_number or None,
            "birth": _day(values, "birth_date"),
        }
        for name, key in (("join", "joined_on"), ("full", "full_on")):
            shown |= {name: _day(values, key), f"{name}_precision": values.get(f"{key}_precision") or None}
        shown["category"] = _label(Category, values.get("category"))
        return shown | {"phone": (phone if self.shows_numbers else mask_phone(phone)) or None}


def refused_rows(reported: Iterable[Mapping[str, Any]]) -> int:
    """How many rows of a report are refused; one row may have several remarks."""
    return len({(remark["sheet"], remark["row"]) for remark in reported if remark["refused"]})


def _label(choices: type[Sex | Category], value: str | None) -> str | None:
    return str(choices(value).label) if value else None


def _day(values: Mapping[str, Any], key: str) -> str | None:
    return roster_dates.show(values[key], values[f"{key}_precision"]) if values.get(key) else None
