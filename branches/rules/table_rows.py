"""One row of a table below a recognised header, whatever the table is about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from branches.rules import roster_cells, roster_dates
from branches.rules.people import Precision
from branches.rules.problems import Problem

YES = ("是", "√", "✓", "1", "y", "yes")
NO = ("否", "×", "0", "n", "no")
_WRAPPED = re.compile(r'^=\s*"(.*)"$', re.DOTALL)


@dataclass(frozen=True)
class TableRow:
    """Cells of one row by field, with the number the user sees and the file's own headings."""

    sheet: str
    number: int
    cells: Mapping[str, object]
    labels: Mapping[str, str]
    is_month_only: frozenset[str] = frozenset()

    def text(self, key: str) -> str:
        cell = self.cells.get(key)
        return "" if roster_cells.is_blank(cell) else as_typed(cell)

    def label(self, key: str) -> str:
        return self.labels.get(key, "")

    @property
    def tells_something(self) -> bool:
        """Whether it is an entry: not blank, no footer, not the header again."""
        name = self.text("name")
        if name and name_key(name) == name_key(self.label("name")):
            return False
        return bool(name) or sum(bool(self.text(key)) for key in self.cells) >= 2


@dataclass
class TableEntry:
    """What one row says. `values` holds the fields that were filled in and understood, and no blanks."""

    row: TableRow
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        return any(problem.refuses for problem in self.problems)

    @property
    def name(self) -> str:
        return str(self.values.get("name", ""))

    def add(self, code: str, key: str = "", **params: Any) -> None:
        """Remark `code` on the cell of `key`."""
        self.problems.append(Problem(code, self.row.label(key) if key else "", params))

    def take_text(self, key: str, limit: int) -> None:
        """Keep the text of a cell; longer than `limit` characters the row is refused."""
        text = self.row.text(key)
        if len(text) > limit:
            self.add("text_too_long", key, limit=limit)
        elif text:
            self.values[key] = text

    def take_yes_or_no(self, key: str) -> None:
        """Keep whether a cell says yes; blank says nothing."""
        text = roster_cells.text_of(self.row.text(key)).lower()
        if text in YES or text in NO:
            self.values[key] = text in YES
        elif text:
            self.add("yes_or_no", key, value=text[:20])

    def take_day(self, key: str, today: date) -> None:
        """Keep a whole day; year and month alone stand for the first day of the month, with a remark."""
        cell = self.row.cells.get(key)
        if roster_cells.is_blank(cell):
            return
        plain = cell if isinstance(cell, int | float | date) else roster_cells.text_of(cell)
        found = roster_dates.read(plain, today=today, is_month_only=key in self.row.is_month_only)
        shown = roster_cells.text_of(cell)[:40]
        if found.problem or found.value is None:
            self.add(found.problem or "date_invalid", key, value=shown)
            return
        for code in found.warnings:
            self.add(code, key, value=shown, read=found.text)
        if found.precision != Precision.DAY:
            self.add("day_assumed", key, value=shown, read=found.value.isoformat())
        self.values[key] = found.value


def as_typed(cell: object) -> str:
    """A cell as its writer sees it: white space tidied, invisible marks and the apostrophe of text cells gone.

    Unlike `roster_cells.text_of` full-width brackets and letters stay: they belong to names and document numbers.
    """
    if not isinstance(cell, str):
        return roster_cells.text_of(cell)
    text = "".join(mark for mark in cell if mark.isspace() or unicodedata.category(mark) not in ("Cf", "Cc"))
    text = re.sub(r"\s+", " ", text).strip()
    wrapped = _WRAPPED.match(text)
    return (wrapped[1] if wrapped else text).strip().removeprefix("'").strip()


def name_key(text: str) -> str:
    """Equal for names that differ in nothing but width, case and white space."""
    return roster_cells.squeezed(unicodedata.normalize("NFKC", text)).casefold()


def with_code(name: str, code: str) -> str:
    """How a name is written that several bear; the import understands it as the one with the code."""
    return f"{name}({code})"
