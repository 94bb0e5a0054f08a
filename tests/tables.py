"""Tables of organisations and accounts for tests, and their way through the import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from branches.actions.batches import upload
from branches.models import Batch, Organisation, User
from branches.rules import account_columns, organisation_columns
from tests.cast import TODAY
from tests.rosters import uploaded, workbook

ORGANISATION_HEADINGS = [column.heading for column in organisation_columns.COLUMNS]
ACCOUNT_HEADINGS = [column.heading for column in account_columns.COLUMNS]


def organisation(name: str, kind: str = "党支部", parent: str = "", **cells: str) -> list[str]:
    """A good row of a table of organisations; `cells` replace single ones by their heading."""
    row = {"名称": name, "类别": kind, "上级党组织": parent, "成立日期": "2019-06-30", **cells}
    return [row.get(heading, "") for heading in ORGANISATION_HEADINGS]


def account(name: str, role: str, at: str, **cells: str) -> list[str]:
    """A good row of a table of accounts; `cells` replace single ones by their heading."""
    row = {"姓名": name, "角色": role, "党组织": at, **cells}
    return [row.get(heading, "") for heading in ACCOUNT_HEADINGS]


def plan_table(
    subject: str, rows: Sequence[Sequence[str]] | bytes, at: Organisation, by: User, *, as_of: date = TODAY
) -> Batch:
    """The plan of a table given as rows, or as a workbook."""
    headings: Mapping[str, Sequence[str]] = {"organisations": ORGANISATION_HEADINGS, "accounts": ACCOUNT_HEADINGS}
    content = rows if isinstance(rows, bytes) else workbook(rows, headings=headings[subject])
    batch = upload(organisation=at, file=uploaded(content, "表.xlsx"), as_of=as_of, by=by, subject=subject)
    batch.refresh_from_db()
    return batch
