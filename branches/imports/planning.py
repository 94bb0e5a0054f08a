"""What every kind of import hands on: where the tables stand, and the plan, a chunk of rows at a time."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from branches.imports.workbooks import Book
from branches.models import Batch, BatchRow, Person
from branches.rules.decisions import is_worth_a_look
from branches.rules.layouts import Layout
from branches.rules.problems import Problem

# Rows are planned and kept by so many at a time: the memory of a large file stays that of a chunk.
CHUNK = 2000


@dataclass(frozen=True)
class Recognised:
    """The tables of a workbook; not sure where a column that is needed was not found."""

    layouts: Sequence[Layout]
    is_sure: bool = True


def rows_below(book: Book, layouts: Sequence[Layout]) -> int:
    """How many rows stand below the headings of the sheets that are read."""
    last = {layout.sheet: layout.last_row for layout in layouts if layout.is_used}
    return sum(max(0, sheet.number_of_rows - last[sheet.name] - 1) for sheet in book.sheets if sheet.name in last)


@dataclass
class Planned:
    """The next rows of a plan; `ignored` counts blank, footer and heading rows among them.

    `looked_up` are rows refused because of somebody out of the importer's reach, with that person and, where there is
    one, the branch the person belongs to.
    """

    rows: list[BatchRow] = field(default_factory=list)
    ignored: int = 0
    looked_up: list[tuple[BatchRow, Person, int | None]] = field(default_factory=list)


@dataclass
class Proposal:
    """One way to deal with a row: `fields` is what is to be written, `changes` what the preview shows of it.

    `label` says in a few words what it is when it is offered beside another: {"code", "params"}, a code of
    `branches.rules.decisions`.
    """

    action: str
    person: int | None = None
    version: int | None = None
    membership: int | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    changes: Sequence[Sequence[str]] = ()
    label: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Without what is empty: a plan of many rows is kept row by row."""
        return {key: value for key, value in vars(self).items() if value or key == "action"}


def make_row(
    batch: Batch,
    position: int,
    *,
    sheet: str,
    number: int,
    name: str,
    organisation: int | None,
    proposals: Sequence[Proposal],
    problems: Sequence[Problem],
    is_hidden: bool = False,
) -> BatchRow:
    """A row of the plan; the first proposal counts until somebody decides otherwise."""
    first = proposals[0]
    payload: dict[str, Any] = {"name": name, "plans": [proposal.as_json() for proposal in proposals]}
    if problems:
        payload["problems"] = [problem.as_json() for problem in problems]
    if is_hidden:
        payload["hidden"] = True
    return BatchRow(
        batch=batch,
        position=position,
        sheet=sheet[:80],
        number=number,
        action=first.action,
        proposed=first.action,
        is_warned=is_worth_a_look(first.action, [problem.code for problem in problems]),
        organisation_id=organisation,
        person_id=first.person,
        person_version=first.version,
        payload=json.dumps(payload, ensure_ascii=False, separators=(",", ":")),
    )
