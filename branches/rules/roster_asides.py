"""What columns that are not taken over say against a row: remarks, and a second column for one date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from branches.rules import roster_cells, roster_dates
from branches.rules.headers import key_of
from branches.rules.layouts import Layout
from branches.rules.roster_columns import ALL_COLUMNS
from branches.rules.roster_rows import RosterEntry

_REMARKS = ("备注", "备注说明", "说明")
_TWICE = ("joined_on", "full_on")
_LONGEST_REMARK = 20


@dataclass(frozen=True)
class Asides:
    """Columns by their places: `remarks`, and `dates` as (field, place, heading)."""

    remarks: Sequence[int] = ()
    dates: Sequence[tuple[str, int, str]] = ()

    @classmethod
    def of(cls, layout: Layout) -> Asides:
        """Those of a table; a column somebody chose as a field is none."""
        others = [(at, text) for at, text in enumerate(layout.headings) if at not in layout.columns.values()]
        named = [(key_of(text, ALL_COLUMNS), at, text) for at, text in others]
        return cls([at for at, text in others if text in _REMARKS], [one for one in named if one[0] in _TWICE])

    def remark(self, cells: Sequence[object]) -> str:
        """What is remarked on a row in a few words; "" for nothing, or a longer story."""
        texts = (roster_cells.text_of(cells[at]) for at in self.remarks if at < len(cells))
        return next((text for text in texts if text and len(text) <= _LONGEST_REMARK), "")

    def check_dates(self, entry: RosterEntry, cells: Sequence[object], labels: Mapping[str, str], today: date) -> None:
        """Remark on a date that another column gives otherwise.

        Args:
            entry: the row as read; its own dates stay.
            cells: the whole row.
            labels: the headings of the columns that count, by field.
            today: decides the century of two-digit years.
        """
        for key, at, heading in self.dates:
            cell = cells[at] if at < len(cells) else ""
            if key not in entry.values or roster_cells.is_blank(cell):
                continue
            other = roster_dates.read(
                cell if isinstance(cell, int | float | date) else roster_cells.text_of(cell), today=today
            )
            mine, precision = entry.values[key], entry.values[f"{key}_precision"]
            if other.value and not roster_dates.agrees(mine, precision, other.value, other.precision):
                entry.add("date_differs", labels.get(key, ""), heading=heading[:20], read=other.text)
