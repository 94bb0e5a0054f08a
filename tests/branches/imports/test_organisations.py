from __future__ import annotations

from datetime import date

import pytest

from branches.actions.organisations import found, revoke
from branches.models import Batch, Organisation
from tests.cast import Cast
from tests.rosters import codes, payload, rows, workbook
from tests.tables import organisation, plan_table


def planned(cast: Cast, *table: list[str]) -> Batch:
    return plan_table("organisations", table, cast.city, cast.admin)


def one(cast: Cast, *table: list[str]) -> tuple[str, list[str]]:
    """(action, problems) of the last row."""
    batch = planned(cast, *table)
    row = rows(batch)[len(table) + 1]
    return row.action, codes(row)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (organisation(""), "organisation_name_empty"),
        (organisation("甲", 类别=""), "kind_empty"),
        (organisation("甲", "党小组"), "kind_unknown"),
        (organisation("甲", 成立日期=""), "founded_empty"),
        (organisation("甲", 成立日期="昨天"), "date_invalid"),
        (organisation("甲", 成立日期="2020-10-27"), "founded_later"),
        (organisation("甲", 成立日期="2017-12-31"), "parent_later"),
        (organisation("甲", 代码="甲1"), "code_invalid"),
        (organisation("甲", 代码="far"), "code_taken"),
        (organisation("甲", 代码="FAR_committee"), "code_taken"),
        (organisation("甲", parent="无此党委"), "parent_unknown"),
        (organisation("甲", parent="农业局机关党委"), "parent_unknown"),
        (organisation("甲", parent="第一党支部"), "kind_not_there"),
        (organisation("甲" * 121), "text_too_long"),
        (organisation("甲" * 61), "short_name_needed"),
        (organisation("甲", 联合党支部="也许"), "yes_or_no"),
        (organisation("甲", 撤销日期="2020-01-01"), "organisation_not_ended"),
        (organisation("第一党支部", parent="水利局机关党委", 代码="another"), "name_beside"),
        (organisation("甲", parent="水利局机关党委", 简称="第二党支部"), "name_beside"),
        (organisation("第一党支部", "党总支", "committee", 代码="first"), "kind_differs"),
        (organisation("第一党支部", parent="青岭市水利局", 代码="first"), "organisation_moves"),
        (organisation("水利局机关党委", "党委", "city"), "organisation_moves"),
    ],
)
def test_what_cannot_be_written_is_refused_with_its_reason(cast: Cast, row: list[str], code: str) -> None:
    action, problems = one(cast, row)
    assert (action, code in problems) == ("refused", True), problems


def test_rows_that_stand_under_each_other_are_refused(cast: Cast) -> None:
    batch = planned(
        cast,
        organisation("甲党委", "党委", "乙党委"),
        organisation("乙党委", "党委", "丙党委"),
        organisation("丙党委", "党委", "甲党委"),
        organisation("丁支部", parent="甲党委"),
    )
    found = {number: codes(row) for number, row in rows(batch).items()}
    assert found == {2: ["parent_ring"], 3: ["parent_ring"], 4: ["parent_ring"], 5: ["parent_refused"]}
    assert {row.action for row in rows(batch).values()} == {"refused"}


def test_under_a_refused_row_everything_is_refused_with_the_row_to_mend(cast: Cast) -> None:
    batch = planned(
        cast,
        organisation("支部", parent="总支"),
        organisation("总支", "党总支", "党委甲"),
        organisation("党委甲", "党委", "", 成立日期=""),
        organisation("党委乙", "党委"),
    )
    found = rows(batch)
    assert codes(found[2]) == codes(found[3]) == ["parent_refused"]
    assert payload(found[2])["problems"][0]["params"] == {"row": 3}
    assert found[5].action == "create"


def test_a_parent_may_be_another_row_in_any_order(cast: Cast) -> None:
    batch = planned(
        cast,
        organisation("支部", parent="总支"),
        organisation("总支", "党总支", "QX-1"),
        organisation("某党委", "党委", 代码="QX-1"),
    )
    assert [row.number for row in batch.rows.all()] == [4, 3, 2]
    plans = [payload(row)["plans"][0]["fields"] for row in batch.rows.all()]
    assert [plan["code"] for plan in plans] == ["QX-1", "QX-1-01", "QX-1-01-01"]
    assert plans[0]["parent"] == cast.city.pk
    assert plans[2]["parent_code"] == "QX-1-01"


def test_two_that_are_called_alike_are_named_both(cast: Cast) -> None:
    batch = planned(
        cast,
        organisation("总支", "党总支", "city", 代码="a1"),
        organisation("总支", "党总支", "committee", 代码="a2"),
        organisation("支部", parent="总支"),
    )
    row = rows(batch)[4]
    assert (row.action, codes(row)) == ("refused", ["parent_ambiguous"])
    assert payload(row)["problems"][0]["params"]["first"] == "总支（a1）"
    assert payload(row)["problems"][0]["params"]["second"] == "总支（a2）"


def test_the_same_one_twice_counts_once(cast: Cast) -> None:
    assert one(cast, organisation("甲", 代码="x"), organisation("乙", 代码="X")) == ("refused", ["organisation_twice"])
    first = organisation("第一党支部", parent="committee", 代码="first", 成立日期="")
    assert one(cast, first, organisation("第一党支部", parent="committee", 成立日期="")) == (
        "refused",
        ["organisation_twice"],
    )
    assert one(cast, organisation("甲"), organisation("甲")) == ("refused", ["name_beside"])


def test_nothing_is_founded_under_a_revoked_one_nor_is_it_changed(cast: Cast) -> None:
    gone = found(
        code="gone",
        kind="committee",
        name="旧党委",
        short_name="旧党委",
        parent=cast.city,
        on=date(2018, 1, 1),
        by=None,
    )
    revoke(organisation=gone, on=date(2020, 1, 1), by=None, document_number="1号")
    assert one(cast, organisation("甲", parent="gone")) == ("refused", ["parent_ended"])
    renamed = organisation("新党委", "党委", "", 代码="gone", 成立日期="2018-01-01")
    assert one(cast, renamed) == ("refused", ["organisation_ended"])
    same = organisation("旧党委", "党委", "", 代码="gone", 成立日期="2018-01-01", 撤销日期="2020-01-01")
    assert one(cast, same) == ("unchanged", [])


def test_what_is_on_record_is_known_again_by_code_or_by_name_and_place(cast: Cast) -> None:
    for row in (
        organisation("第一党支部", parent="水利局机关党委", 代码="FIRST", 成立日期="2018-01-01"),
        organisation("第一党支部", parent="committee", 成立日期="2018.01.01"),
        organisation("第一党支部", 类别="", 成立日期=""),
        organisation(" 市直 机关工委", "工委", 成立日期=""),
    ):
        assert one(cast, row) == ("unchanged", []), row


def test_a_new_name_and_traits_are_an_update(cast: Cast) -> None:
    row = organisation("机关第一党支部", parent="committee", 代码="first", 成立日期="", 联合党支部="是")
    batch = planned(cast, row)
    stored = rows(batch)[2]
    assert (stored.action, codes(stored)) == ("update", ["renames"])
    assert payload(stored)["plans"][0]["changes"] == [
        ["organisation.name", "第一党支部", "机关第一党支部"],
        ["organisation.is_joint", "no", "yes"],
    ]


def test_a_made_up_code_is_free(cast: Cast) -> None:
    for code in ("committee-01", "COMMITTEE-02"):
        found(
            code=code,
            kind="branch",
            name=code,
            short_name=code,
            parent=cast.far_committee,
            on=date(2019, 1, 1),
            by=None,
        )
    batch = planned(
        cast, organisation("甲", parent="committee"), organisation("乙", parent="committee", 代码="committee-03")
    )
    assert [payload(row)["plans"][0]["fields"]["code"] for row in batch.rows.all()] == ["committee-04", "committee-03"]


def test_full_width_brackets_stay_as_typed(cast: Cast) -> None:
    batch = planned(cast, organisation("甲支部（筹）", 批准文号="市直〔2019〕３号"))
    fields = payload(rows(batch)[2])["plans"][0]["fields"]
    assert (fields["name"], fields["founding_document"]) == ("甲支部（筹）", "市直〔2019〕３号")


def test_a_file_without_a_usable_header_says_so(cast: Cast) -> None:
    batch = plan_table("organisations", workbook([["甲"]], headings=["组织"]), cast.city, cast.admin)
    assert batch.state == "failed"
    assert "no_table_header" in batch.problem
    assert not Organisation.objects.filter(name="甲").exists()


@pytest.mark.parametrize("above", ["ＱＸ－１", "qx-1", " QX-1 ", "QX- 1"])
def test_a_code_above_is_known_in_any_width_and_case(cast: Cast, above: str) -> None:
    table = organisation("某党委", "党委", 代码="QX-1"), organisation("支部", parent=above)
    assert one(cast, *table) == ("create", [])
    assert one(cast, organisation("支部", parent="ｃｏｍｍｉｔｔｅｅ")) == ("create", [])
