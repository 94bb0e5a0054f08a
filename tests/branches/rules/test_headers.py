from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from branches.rules.headers import Header, find_header, plain_heading
from branches.rules.roster_columns import ALL_COLUMNS

Rows = list[list[object]]


def found(rows: Rows) -> Header:
    header = find_header(rows, ALL_COLUMNS)
    assert header is not None
    return header


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [[]],
        [["党员花名册"], ["张三", "男", "13800000000"]],
        [["性别", "民族", "身份证号"]],
        [["姓名", "签到"]],
        [["支部", "党员总数", "正式", "预备"], ["第一党支部", 3, 2, 1]],
        [["介绍人姓名", "性别", "身份证号"]],
        [["x"]] * 30 + [["姓名", "性别", "身份证号"]],
    ],
)
def test_no_header_is_found_where_there_is_none(rows: Rows) -> None:
    assert find_header(rows, ALL_COLUMNS) is None


@pytest.mark.parametrize(
    ("heading", "plain"),
    [
        ("*姓名", "姓名"),
        ("姓名*", "姓名"),
        ("姓  名", "姓名"),
        ("姓\n名", "姓名"),
        ("1.姓名", "姓名"),
        ("出生年月\n（yyyy.mm）", "出生年月"),
        ("入党时间(2019/10/24)", "入党时间"),
        ("入党时间 yyyy-mm-dd", "入党时间"),
        ("入党时间（如：2019-01-01）", "入党时间"),
        ("家庭住址（xxx省-xxx市-xxx县（区）-xxxx）", "家庭住址"),
        ("单位（部门）及职务", "单位及职务"),
        ("＊身份证号码：", "身份证号码"),
        ("18位身份证号码", "18位身份证号码"),
        ("预/正", "预/正"),
        ("【姓名】", "姓名"),
        ("（必填）", ""),
        ("(yyyy-mm-dd)", ""),
        (None, ""),
        ("（" * 5000 + "姓名", "(" * 200),
    ],
)
def test_headings_are_made_plain(heading: object, plain: str) -> None:
    assert plain_heading(heading) == plain


def test_words_around_a_heading_do_not_hide_it() -> None:
    header = found([["姓名", "党员手机号码", "现职务", "党员民族"], ["x"]])
    assert header.columns == {"name": 0, "phone": 1, "position_title": 2, "nation": 3}


def test_two_words_for_one_thing_are_one_heading() -> None:
    assert found([["姓名", "性别", "手机/电话", "身份证号或公民身份号码"]]).columns["phone"] == 2
    assert "phone" not in found([["姓名", "性别", "民族", "手机/邮箱"]]).columns


def test_a_header_of_two_rows_with_groups() -> None:
    header = found([["序号", "基本情况", "", "党内情况"], ["", "姓名", "性别", "入党时间", "人员类别"]])
    assert (header.last_row, header.columns["name"], header.columns["joined_on"]) == (1, 1, 3)


def test_a_header_of_two_rows_with_merged_single_columns() -> None:
    header = found([["姓名", "性别", "身份证号", "党内时间", ""], ["", "", "", "入党时间", "转正时间"], ["张三"]])
    assert (header.last_row, header.columns["full_on"]) == (1, 4)


def test_a_column_may_be_named_by_its_group_and_itself_together() -> None:
    header = found([["姓名", "性别", "入党", "", "转正", ""], ["", "", "时间", "介绍人", "日期", "支部"]])
    assert (header.columns["joined_on"], header.columns["full_on"]) == (2, 4)
    assert "branch" not in header.columns


def test_a_header_of_three_rows() -> None:
    header = found(
        [
            ["序号", "个人信息", "", "", "党内信息", "", "", "所在支部"],
            ["", "姓名", "性别", "身份证号", "入党情况", "", "转正情况", ""],
            ["", "", "", "", "时间", "介绍人", "时间", ""],
            [1, "张三"],
        ]
    )
    assert (header.first_row, header.last_row) == (0, 2)
    assert [header.columns[key] for key in ("name", "joined_on", "full_on", "branch")] == [1, 4, 6, 7]


def test_the_row_above_may_name_columns_that_reach_over_both_rows() -> None:
    header = found(
        [["花名册"], ["序号", "基本情况", "", "", "所在支部"], ["", "姓名", "性别", "身份证号", ""], [1, "张三"]]
    )
    assert (header.first_row, header.last_row, header.columns["branch"]) == (1, 2, 4)


def test_a_line_with_labels_above_the_table_names_no_columns() -> None:
    header = found([["党支部：", "第一党支部", "", "", "电话："], ["", "姓名", "性别", "身份证号", ""]])
    assert (header.first_row, "branch" in header.columns, "phone" in header.columns) == (1, False, False)


def test_a_group_about_somebody_else_is_left_alone() -> None:
    header = found([["姓名", "性别", "民族", "配偶", "", "入党介绍人"], ["", "", "", "姓名", "身份证号", "电话"]])
    assert header.columns == {"name": 0, "sex": 1, "nation": 2}


def test_the_first_person_is_not_taken_for_half_a_header() -> None:
    assert found([["姓名", "性别", "支部"], ["张三", "男", "组织"]]).last_row == 0


def test_of_two_columns_the_one_with_fitting_values_wins() -> None:
    rows: Rows = [["姓名", "人员类别", "党籍状态", "政治面貌"], ["张三", "在岗", "正常", "预备党员"]]
    header = find_header(rows, ALL_COLUMNS, lambda _key, values: "预备党员" in values)
    assert header is not None
    assert header.columns["category"] == 3


@pytest.mark.parametrize(("second", "rivals"), [("", ["name"]), ("张三", []), ("李四", ["name"])])
def test_two_columns_of_one_heading_compete_if_they_differ(second: str, rivals: list[str]) -> None:
    header = found([["姓名", "性别", "民族", "姓名"], ["张三", "男", "汉族", second]])
    assert (header.columns["name"], header.rivals) == (0, rivals)


@given(st.lists(st.lists(st.one_of(st.none(), st.floats(), st.text(max_size=20)), max_size=5), max_size=5))
def test_nothing_makes_it_fall_over(rows: Rows) -> None:
    find_header(rows, ALL_COLUMNS)
    find_header([*rows, ["姓名", "性别", "身份证号"], *rows], ALL_COLUMNS)
