from __future__ import annotations

import pytest
from django.utils import translation

from branches.queries.batches import previewed, rows_of
from tests.cast import Cast
from tests.tables import account, organisation, plan_table


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_change_of_a_plan_has_words(cast: Cast, language: str) -> None:
    new = organisation("甲支部", 联合党支部="是", 临时党支部="是", 离退休干部党支部="是", 批准文号="1号", 简称="甲")
    known = organisation("新一支部", 代码="first", 简称="新一", 联合党支部="是", 成立日期="")
    tables = {
        "organisations": [new, known],
        "accounts": [account("甲", "书记", "first", 截止日期="2021-12-31")],
    }
    for subject, rows in tables.items():
        batch = plan_table(subject, rows, cast.city, cast.admin)
        with translation.override(language):
            shown = [change for row in previewed(rows_of(batch)) for change in row.changes]
        assert shown
        for change in shown:
            assert "." not in change.label
            assert "_" not in change.label
            assert change.after not in ("yes", "branch", "secretary", "2021-12-31")


def test_a_plan_is_shown_in_chinese(cast: Cast) -> None:
    batch = plan_table("organisations", [organisation("甲支部", 联合党支部="是")], cast.city, cast.admin)
    [row] = previewed(rows_of(batch))
    shown = {(change.label, change.after) for change in row.changes}
    assert {("类别", "党支部"), ("上级党组织", "市直机关工委"), ("联合党支部", "是")} <= shown
