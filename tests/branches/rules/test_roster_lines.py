from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from branches.rules.headers import Header, find_header
from branches.rules.roster_columns import ALL_COLUMNS
from branches.rules.roster_lines import category_of_section, is_person, texts_of
from tests.rosters import number

HEADINGS = ["序号", "姓名", "性别", "身份证号", "入党时间", "类别", "支部", "电话", "备注"]


@pytest.fixture(scope="module")
def header() -> Header:
    found = find_header([HEADINGS], ALL_COLUMNS)
    assert found is not None
    return found


def person(cells: list[object], header: Header) -> bool:
    by_key = {key: cells[at] for key, at in header.columns.items() if at < len(cells)}
    return is_person(cells, texts_of(by_key))


@pytest.mark.parametrize(
    "cells",
    [
        [],
        ["", "", ""],
        [36.0, "", "", ""],
        [36.0, "", "", "", "", "", "第一党支部"],
        [36.0, "", "男", "", "", "正式党员", "第一党支部"],
        [36.0, 0, "", 0, 0, "", ""],
        [36.0, "#VALUE!", "", "", "1900-01-00"],
        ["填表人：周某某　审核人：　联系电话：0990-8600000"],
        ["", "填表人：周某某", "", "", "", "", "", ""],
        ["填表人：", "周某某", "", "", "审核人：", "", "", "0990-8600000"],
        ["", "党委书记（签字）：", "", "", "2026年6月30日"],
        ["", "2026年6月30日"],
        ["机关党委（盖章）", "", "", "", "2026年6月30日"],
        ["备注", "1、本表一式两份"],
        ["……", "……", "……"],
        ["注：1.“人员类别”填写正式党员、预备党员"],
        ["", "第1页 共2页"],
        ["", "以下空白"],
        ["", "合计：35人"],
        ["合 计", "35", "20", "", "", "", "", "12"],
        ["", "机关第一党支部小计", "", "", "", "", "", "12人"],
        HEADINGS,
        ["", "姓 名", "", "", "*入党时间", "", "", ""],
        ["", "必填", "必填", "18位身份证号"],
        ["", "（汉字）", "（男/女）", "（18位）", "（yyyy.mm）"],
        ["", "请按身份证填写", "男或女", "18位"],
        [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0],
        ["栏次", "1", "2", "3", "4"],
        ["甲", "乙", "丙", "丁"],
        ["例", "张三", "男", "110101199001011237"],
        ["示例", "张三", "男", "110101199001011234", "2010.07", "正式党员"],
        [1.0, "张三（示例）", "男", "110101199001011237"],
        [1.0, "张三", "男", number(), "2010.07", "正式党员", "", "", "此行为示例，请删除"],
        ["/", "/", "/", "/"],
        ["", "青岭县发展和改革局党员花名册"],
        ["", "一、在职党员"],
        ["", "预备党员（3人）"],
    ],
)
def test_rows_that_are_nobody(cells: list[object], header: Header) -> None:
    assert not person(cells, header)


@pytest.mark.parametrize(
    "cells",
    [
        [1.0, "张三"],
        ["", "张三"],
        [1.0, "", "男", number(), "", "", "第一党支部"],
        ["", "注正", "男", number()],
        ["", "", "", "", "2010.07", "正式党员", "第一党支部", "13800000000"],
        [1.0, "张三", "男", "", "2010.07", "", "", "", "负责全面工作"],
        [1.0, "李四", "男", "", "2010.07", "", "", "", "说明：外出务工"],
        [1.0, "张三", "男", number(), "2010.07", "", "", "", "示范区党员先锋岗"],
        [1.0, "张三", "男", "619901196206197086.0"],
    ],
)
def test_rows_that_are_somebody(cells: list[object], header: Header) -> None:
    assert person(cells, header)


@pytest.mark.parametrize(
    ("texts", "category"),
    [
        (["二、预备党员(3人)"], "预备党员"),
        (["正式党员:12人"], "正式党员"),
        (["三、入党积极分子"], "入党积极分子"),
        (["一、在职党员"], ""),
        (["张三", "预备党员", "12"], ""),
        ([], ""),
    ],
)
def test_a_heading_may_name_the_category(texts: list[str], category: str) -> None:
    assert category_of_section(texts) == category


@given(st.lists(st.one_of(st.none(), st.floats(), st.text(max_size=30), st.dates()), max_size=9))
def test_nothing_makes_it_fall_over(cells: list[object]) -> None:
    is_person(cells, texts_of(dict(zip(("name", "identity_number", "joined_on", "sex"), cells, strict=False))))
