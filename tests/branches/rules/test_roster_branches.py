from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from branches.rules.roster_branches import BranchNames, Place, branch_of_section, branch_of_title
from branches.rules.roster_cells import branch_key

FULL = "中共青岭县发展和改革局机关第一支部委员会"
NAMES = BranchNames(
    {
        "机关第一党支部": [1],
        FULL: [1],
        "机关第二党支部": [2],
        "中共青岭县发展和改革局机关第二支部委员会": [2],
        "第一党支部": [9],
        "中共青岭县税务局第一支部委员会": [9],
        "青年党支部": [4, 5],
    },
    above=["青岭县发展和改革局机关党委"],
)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Sheet1",
        "张三",
        "青岭县发展和改革局党员花名册",
        "党支部党员花名册",
        "XX支部党员花名册",
        "______党支部",
        "机关第一党支部、机关第二党支部党员名册",
        "机关第一党支部第一党小组",
        "机关第一党支部小计",
        "上级党组织：机关第一党支部",
        "党支部书记（签字）：",
        "二、预备党员（3人）",
        "截至日期：2026年6月30日",
        "机关第一党支部" * 50,
    ],
)
def test_lines_that_name_no_branch(line: str) -> None:
    assert NAMES.place_in(line) is None


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("机关第十一党支部", "机关第十一党支部"),
        ("一、机关第九党支部（3人）", "机关第九党支部"),
        ("机关第九党支部党员花名册（2026年6月）", "机关第九党支部"),
        ("项目办第一党支部党员名册", "项目办第一党支部"),
        ("填报单位：机关第九党支部", "机关第九党支部"),
    ],
)
def test_what_resembles_a_branch_is_none_that_is_known(line: str, name: str) -> None:
    assert NAMES.place_in(line) == Place(name, is_known=False)


@pytest.mark.parametrize(
    "line",
    [
        "机关第一党支部",
        "机 关 第 一 党 支 部",
        "一、机关第一党支部（12人）",
        "（一）机关第一党支部",
        "1.机关第一党支部",
        "机关第一党支部（12）",
        "机关第一党支部：12人",
        "支部名称：机关第一党支部　共12人",
        "填报单位（盖章）：机关第一党支部",
        "附件2：机关第一党支部党员花名册",
        "2026年机关第一党支部党员信息采集表",
        "青岭县发展和改革局机关第一党支部党员花名册",
        "青岭县发展和改革局机关党委机关第一党支部党员花名册",
        f"{FULL}党员名册（2026年6月）",
    ],
)
def test_titles_and_headings_that_name_a_branch(line: str) -> None:
    place = NAMES.place_in(line)
    assert place is not None
    assert place.is_known
    assert NAMES.identity(place.name) == 1


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("1001_机关第一党支部", "机关第一党支部"),
        ("发改局机关党委/机关第一党支部", "机关第一党支部"),
        ("机关第一 党支部", "机关第一 党支部"),
        ("发改局机关第一党支部", "发改局机关第一党支部"),
    ],
)
def test_only_a_code_or_a_path_is_taken_off_a_name(text: str, name: str) -> None:
    assert NAMES.whole(text) == name


def test_two_names_of_one_branch_are_the_same_and_a_shared_name_is_nobody_s() -> None:
    assert NAMES.identity(FULL) == NAMES.identity("机关第一 党支部")
    assert NAMES.identity("机关第一党支部") != NAMES.identity("机关第十一党支部")
    assert NAMES.identity("青年党支部") == branch_key("青年党支部")


def test_the_nearest_title_counts_and_two_branches_in_one_row_do_not() -> None:
    rows: list[list[object]] = [["机关第一党支部党员名册"], ["填报单位：", "机关第二党支部", "", "2026年6月"]]
    assert branch_of_title(rows, NAMES) == Place("机关第二党支部", is_known=True)
    assert branch_of_title([["机关第一党支部", "", "机关第二党支部"]], NAMES) is None
    assert branch_of_title([["单位：", "", "填表日期：", "2026年"]], NAMES) is None


def test_a_heading_in_several_cells() -> None:
    assert branch_of_section(["一", "机关第一党支部", "12人"], NAMES) == Place("机关第一党支部", is_known=True)
    assert branch_of_section(["机关第一党支部", "小计", "12人"], NAMES) is None


@given(st.text(max_size=60))
def test_nothing_makes_it_fall_over(text: str) -> None:
    NAMES.place_in(text)
    NAMES.whole(text)
    assert NAMES.place_in(f"{text}机关第十一党支部") != Place("机关第一党支部", is_known=True)
