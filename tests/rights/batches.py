"""Rosters in and out.

An import is its uploader's until it is confirmed: the preview shows what lies in that person's reach.
"""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from branches.models import Batch
from tests.cast import Cast
from tests.rights.row import Row
from tests.rosters import XLSX, line, number, plan, workbook

KEEPERS = "staff city_staff admin"


def at(code: str) -> Any:
    return lambda cast: [code]


def batch(cast: Cast) -> list[Any]:
    """An import of one new member by the committee's staff, waiting for its confirmation."""
    content = workbook([line("郝新民", number(), cast.first.name)])
    return [plan(content, cast.committee, cast.staff).pk]


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


ROWS = [
    Row("branches:batch_upload", KEEPERS, at("committee")),
    Row("branches:batch_upload", KEEPERS, at("first"), note="of a branch"),
    Row("branches:batch_upload", "", at("far"), note="of another tree"),
    Row("branches:batch_upload", KEEPERS, at("committee"), status=302, data=upload),
    Row("branches:roster_template", KEEPERS, at("committee")),
    Row("branches:roster_export", "staff auditor city_staff admin", at("committee")),
    Row("branches:roster_export", "secretary staff auditor city_staff admin", at("first"), note="of a branch"),
    Row(
        "branches:roster_export",
        "secretary staff auditor city_staff admin",
        at("first"),
        data=lambda cast: {"on": "2020-10-26", "purpose": "换届选举"},
    ),
    Row("branches:batch", "staff", batch),
    Row("branches:batch_progress", "staff", batch),
    Row("branches:batch_report", "staff", batch),
    Row("branches:batch_confirm", "staff", batch, status=302, data=lambda cast: {}),
    Row("branches:batch_abandon", "staff", batch, status=302, data=lambda cast: {}),
    Row("branches:batch", KEEPERS, stuck, note="once it is confirmed"),
    Row("branches:batch_progress", KEEPERS, stuck, note="once it is confirmed"),
    Row("branches:batch_report", KEEPERS, stuck, note="once it is confirmed"),
    Row("branches:batch_resume", KEEPERS, stuck, status=302, data=lambda cast: {}),
]
