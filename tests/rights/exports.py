from __future__ import annotations

from typing import Any

from branches.actions.exports import begin_export
from branches.models import Batch
from tests.cast import TODAY, Cast
from tests.rights.row import Row
from tests.rosters import write
from tests.tables import account, plan_table

KEEPERS = "staff city_staff admin"
TAKERS = "staff auditor city_staff admin"


def at(code: str, subject: str) -> Any:
    return lambda cast: [code, subject]


def batch(cast: Cast) -> list[Any]:
    """An import of one new account by the administrator, written."""
    rows = [account("郝新民", "督查人员", "committee")]
    return [write(plan_table("accounts", rows, cast.city, cast.admin)).pk]


def of_members(cast: Cast) -> list[Any]:
    return [
        Batch.objects.create(organisation=cast.city, uploaded_by=cast.admin, as_of="2020-10-26", state="applied").pk
    ]


def made(cast: Cast) -> list[Any]:
    """A roster of the committee made in the background for its staff."""
    asked = {"organisation": cast.committee, "subject": "members", "day": TODAY, "purpose": "换届选举"}
    return [begin_export(**asked, by=cast.staff).pk]


def form(cast: Cast) -> dict[str, Any]:
    return {"on": "2020-10-26", "purpose": "换届选举"}


ROWS = [
    Row("branches:export", TAKERS, at("committee", "members")),
    Row("branches:export", f"secretary {TAKERS}", at("first", "members"), note="of a branch"),
    Row("branches:export", f"secretary {TAKERS}", at("first", "members"), data=form),
    Row("branches:export", "stranger", at("far", "members"), note="of another tree"),
    Row("branches:export", TAKERS, at("committee", "organisations"), note="of organisations"),
    Row("branches:export", TAKERS, at("committee", "organisations"), data=form, note="of organisations"),
    Row("branches:export", "admin", at("committee", "accounts"), note="of accounts"),
    Row("branches:export", "admin", at("committee", "accounts"), data=form, note="of accounts"),
    Row("branches:export", "", at("committee", "secrets"), note="of nothing there is"),
    Row("branches:export_made", "staff", made),
    Row("branches:export_progress", "staff", made),
    Row("branches:export_file", "staff", made),
    Row("branches:template", KEEPERS, at("committee", "members")),
    Row("branches:template", "admin", at("committee", "organisations"), note="of organisations"),
    Row("branches:template", "admin", at("committee", "accounts"), note="of accounts"),
    Row("branches:template", "", at("committee", "secrets"), note="of nothing there is"),
    Row("branches:batch_passwords", "admin", batch, data=lambda cast: {}),
    Row("branches:batch_passwords", "", of_members, data=lambda cast: {}, note="of an import of members"),
]
