"""Reads a roster file into entries, one for each person's row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from branches.imports.workbooks import Sheet, open_sheets
from branches.rules import roster_cells
from branches.rules.roster_columns import Header, find_header
from branches.rules.roster_problems import UnusableFile
from branches.rules.roster_rows import RosterEntry, Row, is_person, read_row, refuse_repetitions


@dataclass
class ReadRoster:
    """`labels` are the file's own headings by sheet and field; `ignored` counts blank, footer and heading rows."""

    entries: list[RosterEntry] = field(default_factory=list)
    labels: dict[str, dict[str, str]] = field(default_factory=dict)
    ignored: int = 0


def read_roster(content: bytes, *, is_csv: bool, today: date) -> ReadRoster:
    """Read every sheet that has a header.

    Args:
        content: the file.
        is_csv: text with separators instead of a workbook.
        today: the day the roster is true of.

    Raises:
        UnusableFile: no sheet has a usable header, or nobody is listed.
    """
    found = ReadRoster()
    has_header = has_number = False
    for sheet in open_sheets(content, is_csv=is_csv):
        header = find_header(sheet.rows)
        if header is None:
            continue
        has_header = True
        if "identity_number" not in header.columns:
            continue
        has_number = True
        found.labels[sheet.name] = dict(header.labels)
        for row in _rows(sheet, header):
            if row is None:
                found.ignored += 1
            else:
                found.entries.append(read_row(row, today=today))
    if not has_header:
        raise UnusableFile("no_header")
    if not has_number:
        raise UnusableFile("no_identity_column")
    if not found.entries:
        raise UnusableFile("no_rows")
    refuse_repetitions(found.entries, found.labels)
    return found


def _rows(sheet: Sheet, header: Header) -> Iterator[Row | None]:
    """The rows below the header; None for one that is not about a person."""
    branch_of = _merged_branches(sheet, header)
    for index in range(header.last_row + 1, len(sheet.rows)):
        cells = sheet.rows[index]
        by_key = {key: cells[at] for key, at in header.columns.items() if at < len(cells)}
        if not is_person(cells, by_key, header):
            yield None
            continue
        if "branch" not in header.columns:
            by_key["branch"] = sheet.name  # a sheet for each branch
        elif index in branch_of and roster_cells.is_blank(by_key.get("branch")):
            by_key["branch"] = branch_of[index]
        month_only = {key for key, at in header.columns.items() if (index, at) in sheet.month_only}
        yield Row(sheet.name, index + 1, by_key, header.labels, month_only)


def _merged_branches(sheet: Sheet, header: Header) -> dict[int, object]:
    """The branch of every row that a merged cell of the branch column covers."""
    at = header.columns.get("branch")
    if at is None:
        return {}
    return {
        row: sheet.rows[top][at]
        for (top, left), (bottom, right) in sheet.merges
        if left <= at <= right and top > header.last_row
        for row in range(top + 1, min(bottom + 1, len(sheet.rows)))
    }
