from __future__ import annotations

import pytest

from branches.rules.roster_columns import BY_KEY, COLUMNS, find_header, plain_heading, repeats_header


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [[]],
        [["党员花名册"], ["张三", "男", "13800000000"]],
        [["性别", "民族", "身份证号"]],
        [["姓名", "签到"]],
        [["x"]] * 30 + [["姓名", "性别", "身份证号"]],
    ],
)
def test_no_header_is_found_where_there_is_none(rows: list[list[object]]) -> None:
    assert find_header(rows) is None


@pytest.mark.parametrize(
    ("heading", "plain"),
    [
        ("*姓名", "姓名"),
        ("姓名*", "姓名"),
        ("姓  名", "姓名"),
        ("出生年月\n（yyyy.mm）", "出生年月"),
        ("入党时间(2019/10/24)", "入党时间"),
        ("＊身份证号码：", "身份证号码"),
        ("预/正", "预/正"),
        (None, ""),
    ],
)
def test_headings_are_made_plain(heading: object, plain: str) -> None:
    assert plain_heading(heading) == plain


def test_no_heading_means_two_things() -> None:
    headings = [heading for column in BY_KEY.values() for heading in column.headings]
    assert len(headings) == len(set(headings))
    assert all(plain_heading(heading) == heading for heading in headings)


def test_our_own_form_is_understood() -> None:
    header = find_header([["提示"], [f"*{c.heading}" if c.is_required else c.heading for c in COLUMNS]])
    assert header is not None
    assert header.columns == {column.key: at for at, column in enumerate(COLUMNS)}


def test_a_header_of_two_rows_with_groups() -> None:
    header = find_header([["序号", "基本情况", "", "党内情况"], ["", "姓名", "性别", "入党时间", "人员类别"]])
    assert header is not None
    assert (header.last_row, header.columns["name"], header.columns["joined_on"]) == (1, 1, 3)


def test_a_header_of_two_rows_with_merged_single_columns() -> None:
    header = find_header([["姓名", "性别", "身份证号", "党内时间", ""], ["", "", "", "入党时间", "转正时间"], ["张三"]])
    assert header is not None
    assert (header.last_row, header.columns["full_on"]) == (1, 4)


def test_the_first_person_is_not_taken_for_half_a_header() -> None:
    header = find_header([["姓名", "性别", "支部"], ["张三", "男", "组织"]])
    assert header is not None
    assert header.last_row == 0


def test_of_two_columns_for_one_thing_the_more_telling_wins() -> None:
    header = find_header([["姓名", "入党时间", "加入党组织日期", "政治面貌", "人员类别"]])
    assert header is not None
    assert (header.columns["joined_on"], header.columns["category"]) == (2, 4)


def test_the_state_of_membership_stands_in_for_a_missing_category() -> None:
    header = find_header([["姓名", "性别", "党籍状态"]])
    assert header is not None
    assert header.columns["category"] == 2


def test_the_header_again_on_the_next_page() -> None:
    header = find_header([["姓名", "性别", "民族"]])
    assert header is not None
    assert repeats_header(["姓名", "性别", "民族"], header)
    assert not repeats_header(["张三", "男", "汉族"], header)
