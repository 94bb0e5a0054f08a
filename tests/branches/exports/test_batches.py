from __future__ import annotations

import io
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from branches.exports.batches import write_report
from branches.models import Batch
from branches.queries.batches import rows_with_problems
from tests.cast import Cast
from tests.rosters import line, plan, workbook
from tests.tables import account, organisation, plan_table


def reported(batch: Batch) -> list[list[Any]]:
    content = write_report(rows_with_problems(batch, is_uploader=True), subject=batch.subject)
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_of_members_it_names_the_branch(cast: Cast) -> None:
    heading, row, *_further = reported(plan(workbook([line("=1+1", "12", "第一党支部")]), cast.city, cast.city_staff))
    assert heading == ["工作表", "行号", "姓名", "党支部", "结果", "列名", "问题说明"]
    assert row[2:5] == ["'=1+1", "第一党支部", "不写入"]


def test_of_organisations_no_word_is_about_people(cast: Cast) -> None:
    batch = plan_table("organisations", [organisation("@甲", "党小组")], cast.city, cast.admin)
    heading, row = reported(batch)
    assert heading == ["工作表", "行号", "党组织", "结果", "列名", "问题说明"]
    assert row[2:4] == ["'@甲", "不写入"]
    batch.rows.update(action="create", outcome="changed")
    *_others, last = reported(batch)
    assert "党组织已有变化" in last[-1]


@pytest.mark.parametrize("place", ["无此支部", ""])
def test_of_accounts_it_names_the_organisation(cast: Cast, place: str) -> None:
    heading, *rows = reported(plan_table("accounts", [account("甲", "书记", place)], cast.city, cast.admin))
    assert heading[2:4] == ["姓名", "党组织"]
    assert rows[0][2] == "甲"
