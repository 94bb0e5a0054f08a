"""Where the table stands in a sheet: its header and which column holds which field."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from branches.rules import account_columns, organisation_columns, roster_columns
from branches.rules.headers import Column, Header

# The column of a workbook that went back with what is wrong with its rows; no data when it comes again.
PROBLEM_HEADING = "问题说明"

_COLUMNS = {
    "members": roster_columns.ALL_COLUMNS,
    "organisations": organisation_columns.COLUMNS,
    "accounts": account_columns.COLUMNS,
}


def columns_of(subject: str) -> tuple[Column, ...]:
    """The fields that tables of a subject of `branches.models.Batch` may have."""
    return _COLUMNS[subject]


@dataclass(frozen=True)
class Layout:
    """One sheet's header, recognised or chosen by somebody; rows and columns count from 0 within the sheet.

    `headings` are the words above every column, "" where there are none; `columns` holds the column of each field and
    `labels` its heading as the problems name it. A sheet that is not `is_used` is left aside; where nobody found its
    header, `last_row` is -1. `is_remembered`: somebody chose the columns for an earlier file of this shape.
    """

    sheet: str
    first_row: int
    last_row: int
    columns: Mapping[str, int]
    labels: Mapping[str, str] = field(default_factory=dict)
    headings: Sequence[str] = ()
    is_used: bool = True
    is_remembered: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Layout:
        return cls(**stored)

    @classmethod
    def of_header(cls, sheet: str, header: Header) -> Layout:
        """A sheet whose header was found."""
        return cls(
            sheet,
            header.first_row,
            header.last_row,
            dict(header.columns),
            dict(header.labels),
            list(header.headings),
        )

    def with_columns(self, columns: Mapping[str, int], *, is_remembered: bool = False) -> Layout:
        """The same sheet with other columns, as somebody chose them."""
        as_found = {at: label for key, label in self.labels.items() if (at := self.columns.get(key)) is not None}
        labels = {key: label for key, at in columns.items() if (label := as_found.get(at) or self.headings[at])}
        return replace(self, columns=dict(columns), labels=labels, is_used=True, is_remembered=is_remembered)

    def aside(self) -> Layout:
        """The same sheet, left aside."""
        return replace(self, is_used=False)

    @property
    def shape(self) -> str:
        return shape_of(self.headings)


def shape_of(headings: Sequence[str]) -> str:
    """The checksum by which files of the same shape are known again: the words above every column, in their order."""
    words = ["".join(text.split()) for text in headings]
    while words and words[-1] in ("", PROBLEM_HEADING):
        words.pop()
    return hashlib.sha256("\n".join(words).encode()).hexdigest()
