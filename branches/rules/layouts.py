"""Where the table stands in a sheet: its header and which column holds which field."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Layout:
    """One sheet's header, recognised or chosen by somebody; rows and columns count from 0 within the sheet.

    `headings` are the words above every column, "" where there are none; `columns` holds the column of each field and
    `labels` its heading as the problems name it. A sheet that `is_used` no more is left aside.
    """

    sheet: str
    first_row: int
    last_row: int
    columns: Mapping[str, int]
    labels: Mapping[str, str] = field(default_factory=dict)
    headings: Sequence[str] = ()
    is_used: bool = True

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Layout:
        return cls(**stored)

    @property
    def shape(self) -> str:
        return shape_of(self.headings)


def shape_of(headings: Sequence[str]) -> str:
    """The checksum by which files of the same shape are known again: the words above every column, in their order."""
    return hashlib.sha256("\n".join("".join(text.split()) for text in headings).encode()).hexdigest()
