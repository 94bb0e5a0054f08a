"""Imports.

An import is its uploader's until it is confirmed: the preview shows what lies in that person's reach.
"""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from branches.models import Batch
from tests.cast import Cast
from tests.rights.row import Row
from tests.rosters import XLSX, line, number, plan, workbook, write

KEEPERS = "staff city_staff admin"


def at(code: str, subject: str = "members") -> Any:
    return lambda cast: [code, subject]


def batch(cast: Cast) -> list[Any]:
    """An import of one new member by the committee's staff, waiting for its confirmation."""
    content = workbook([line("郝新民", number(), cast.first.name)])
    return [plan(content, cast.committee, cast.staff).pk]


def row_of_batch(cast: Cast) -> list[Any]:
    return [*batch(cast), 0]


def written(cast: Cast) -> list[Any]:
    return [write(Batch.objects.get(pk=batch(cast)[0])).pk]


def without_header(cast: Cast) -> list[Any]:
    """A file in which no header was found, and nothing Chinese."""
    return [plan(workbook([["a", "b", "c"]], headings=["A", "B", "C"]), cast.committee, cast.staff).pk]


def stuck(cast: Cast) -> list[Any]:
    [pk] = batch(cast)
    Batch.objects.filter(pk=pk).update(state=Batch.State.APPLYING, job=None)
    return [pk]


class Again(SimpleUploadedFile):
    """The same data is posted by one user after the other."""

    def read(self, size: int = -1) -> bytes:
        self.file.seek(0)
        return bytes(self.file.read(size))


def upload(cast: Cast) -> dict[str, Any]:
    content = workbook([line("郝新民", number(), cast.first.name)])
    return {"file": Again("花名册.xlsx", content, content_type=XLSX), "as_of": "2020-10-26"}


def first_row(cast: Cast) -> dict[str, Any]:
    """Where the header stands, pointed out."""
    return {"group-0": "0", "first-0": "1", "last-0": "1", "show": "0"}


ROWS = [
    Row("branches:batch_upload", KEEPERS, at("committee")),
    Row("branches:batch_upload", KEEPERS, at("first"), note="of a branch"),
    Row("branches:batch_upload", "", at("far"), note="of another tree"),
    Row("branches:batch_upload", "admin", at("committee", "organisations"), note="organisations"),
    Row("branches:batch_upload", "admin", at("committee", "accounts"), note="accounts"),
    Row("branches:batch_upload", "", at("committee", "guests"), note="nobody knows"),
    Row("branches:batch_upload", KEEPERS, at("committee"), status=302, data=upload),
    Row("branches:batch", "staff", batch),
    Row("branches:batch", "staff", batch, query="?show=leaver", note="perhaps left"),
    Row("branches:batch_columns", "staff", without_header),
    Row("branches:batch_columns", "staff", without_header, data=first_row),
    Row("branches:batch_decide", "staff", row_of_batch, status=302, data=lambda cast: {"decision": "skip"}),
    Row("branches:batch_decide_all", "staff", batch, status=302, data=lambda cast: {"decision": "skip"}),
    Row("branches:batch_progress", "staff", batch),
    Row("branches:batch_report", "staff", batch),
    Row("branches:batch_marked", "staff", batch),
    Row("branches:batch_confirm", "staff", batch, status=302, data=lambda cast: {"plan": "0"}),
    Row("branches:batch_abandon", "staff", batch, status=302, data=lambda cast: {}),
    Row("branches:batch_stop", "staff", batch, status=302, data=lambda cast: {}),
    Row("branches:batch", KEEPERS, stuck, note="once it is confirmed"),
    Row("branches:batch_progress", KEEPERS, stuck, note="once it is confirmed"),
    Row("branches:batch_report", KEEPERS, stuck, note="once it is confirmed"),
    Row("branches:batch_marked", "staff", stuck, note="once it is confirmed"),
    Row("branches:batch_resume", KEEPERS, stuck, status=302, data=lambda cast: {}),
    Row("branches:batch_undo", KEEPERS, written),
    Row("branches:batch_undo", KEEPERS, written, status=302, data=lambda cast: {}),
]
