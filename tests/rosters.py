"""Roster files for tests, and the way through the import."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from branches.actions.batches import confirm, upload
from branches.models import Batch, BatchRow, Organisation, User
from branches.rules.identity_numbers import check_character
from tests.cast import TODAY

FILES = Path(__file__).parent / "data" / "rosters"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADINGS = ("姓名", "性别", "身份证号", "学历", "入党时间", "转正时间", "人员类别", "所在党支部", "联系电话")


def number(born: str = "19800101", sequence: int = 1) -> str:
    """A sound identity number of a place that does not exist; odd sequences are men."""
    first = f"139901{born}{sequence:03}"
    return first + check_character(first)


def line(name: str, identity: str, branch: str, **cells: str) -> list[str]:
    """A good row under `HEADINGS`; `cells` replace single ones by the names 学历, 入党时间 …"""
    row = dict(
        zip(HEADINGS, (name, "男", identity, "本科", "2010.07.01", "2011.07.01", "正式党员", branch, ""), strict=True)
    )
    return [{**row, **cells}[heading] for heading in HEADINGS]


def workbook(
    rows: Iterable[Sequence[object]], *, headings: Sequence[str] = HEADINGS, top: int = 0, left: int = 0
) -> bytes:
    """An .xlsx with the header at (`top`, `left`) and `rows` below it."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate([headings, *rows], start=top):
            for column, cell in enumerate(row, start=left):
                if isinstance(cell, int | float):
                    sheet.write_number(at, column, cell)
                elif cell:
                    sheet.write_string(at, column, str(cell))
    return target.getvalue()


def uploaded(content: bytes, name: str = "花名册.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=XLSX)


def plan(
    content: bytes,
    organisation: Organisation,
    by: User,
    *,
    name: str = "花名册.xlsx",
    as_of: date = TODAY,
) -> Batch:
    batch = upload(
        organisation=organisation,
        file=uploaded(content, name),
        as_of=as_of,
        by=by,
    )
    batch.refresh_from_db()
    return batch


def write(batch: Batch) -> Batch:
    confirm(batch=batch, plan_version=batch.plan_version, by=batch.uploaded_by)
    batch.refresh_from_db()
    return batch


def rows(batch: Batch) -> dict[int, BatchRow]:
    return {row.number: row for row in batch.rows.all()}


def codes(row: BatchRow) -> list[str]:
    return [problem["code"] for problem in payload(row).get("problems", ())]


def payload(row: BatchRow) -> dict[str, Any]:
    """What is kept of a row, opened."""
    return json.loads(row.payload)
