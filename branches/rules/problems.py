"""What can be said about an uploaded file and its rows, as a code; the words follow the reader's language when shown.

The codes of rows stand with what the rows are about: `roster_problems`, `organisation_problems`, `account_problems`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from branches.rules import account_problems, organisation_problems, roster_problems
from branches.rules.decisions import who_words
from branches.rules.people import iso_words

# A row with one of these is not written.
REFUSALS: Mapping[str, str | Promise] = (
    roster_problems.REFUSALS | organisation_problems.REFUSALS | account_problems.REFUSALS
)
# A row with one of these is written all the same, but somebody should have a look.
WARNINGS: Mapping[str, str | Promise] = (
    roster_problems.WARNINGS | organisation_problems.WARNINGS | account_problems.WARNINGS
)
# Why a whole file cannot be used.
FILE_PROBLEMS: Mapping[str, str | Promise] = {
    "unreadable": _(
        "The file cannot be opened; it may be damaged or protected by a password. Save it again as .xlsx and upload it."
    ),
    "encrypted": _(
        "The workbook is protected by a password. Open it, remove the password, save it and upload it again."
    ),
    "too_old": _(
        "The workbook was saved by a very old program. Open it in Excel or WPS, save it as .xlsx and upload that."
    ),
    "open_quotation": _(
        "A quotation mark in the text is never closed, or a line is far too long. Open the file in Excel or WPS, save "
        "it as .xlsx and upload that."
    ),
    "too_large": _("The file unpacks to too much data. Delete what does not belong to the roster and upload it again."),
    "too_many_rows": _("The file has more than %(limit)s rows. Please split it."),
    "too_many_columns": _(
        "The file uses more than %(limit)s columns. Delete what does not belong to the roster and upload it again."
    ),
    "no_header": _("No header was found. One row within the first 30 must name the columns, “姓名” among them."),
    "no_table_header": _(
        "No header was found. One row within the first 30 must name the columns as the empty form does; download it "
        "and compare."
    ),
    "no_rows": _("There is a header, but nobody below it."),
    "changed_file": _("The stored file is not the one that was uploaded. Please upload it again."),
}


@dataclass(frozen=True)
class Problem:
    """A remark on a cell: `column` is the file's own heading. Never holds an identity number or a phone."""

    code: str
    column: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def refuses(self) -> bool:
        return self.code in REFUSALS

    @property
    def message(self) -> str:
        words = REFUSALS.get(self.code) or WARNINGS.get(self.code) or FILE_PROBLEMS[self.code]
        return (
            str(words) % {key: _worded(key, value) for key, value in self.params.items()} if self.params else str(words)
        )

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "column": self.column, "params": dict(self.params)}


def _worded(key: str, value: Any) -> Any:
    if key in ("read", "day"):
        return iso_words(str(value))
    return gettext("; ").join(who_words(one) for one in value) if key == "candidates" else value


class UnusableFile(Exception):
    """The file as a whole cannot be used."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.problem = Problem(code, params=params)
