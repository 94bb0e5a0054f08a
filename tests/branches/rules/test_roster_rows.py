from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from branches.rules.roster_columns import Header, find_header
from branches.rules.roster_rows import RosterEntry, Row, is_person, read_row, refuse_repetitions
from tests.rosters import number

TODAY = date(2020, 10, 26)
HEADINGS = ["序号", "姓名", "性别", "身份证号", "入党时间", "类别", "支部", "电话"]
GOOD: dict[str, object] = {
    "name": "张三",
    "sex": "男",
    "identity_number": number(),
    "joined_on": "2010.07",
    "full_on": "2011.07",
    "category": "正式党员",
    "branch": "第一党支部",
}


@pytest.fixture
def header() -> Header:
    found = find_header([HEADINGS])
    assert found is not None
    return found


def person(cells: list[object], header: Header) -> bool:
    return is_person(cells, {key: cells[at] for key, at in header.columns.items() if at < len(cells)}, header)


@pytest.mark.parametrize(
    "cells",
    [
        [],
        ["", "", ""],
        [36.0, "", "", ""],
        [36.0, "", "", "", "", "", "第一党支部"],
        ["填表人：周某某　审核人：　联系电话：0990-8600000"],
        ["", "填表人：周某某", "", "", "", "", "", ""],
        ["注：1.“人员类别”填写正式党员、预备党员"],
        ["", "合计：35人"],
        ["", "机关第一党支部小计", "", "", "", "", "", "12人"],
        HEADINGS,
        [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0],
        ["例", "张三", "男", "110101199001011237"],
        ["/", "/", "/", "/"],
    ],
)
def test_rows_that_are_nobody(cells: list[object], header: Header) -> None:
    assert not person(cells, header)


@pytest.mark.parametrize(
    "cells",
    [
        [1.0, "张三"],
        [1.0, "", "男", number(), "", "", "第一党支部"],
        ["", "注正", "男", number()],
        ["", "", "", "", "2010.07", "正式党员", "第一党支部", "13800000000"],
    ],
)
def test_rows_that_are_somebody(cells: list[object], header: Header) -> None:
    assert person(cells, header)


def read(**cells: Any) -> RosterEntry:
    return read_row(Row("", 5, {**GOOD, **cells}, {"joined_on": "入党年月日"}), today=TODAY)


def codes(entry: RosterEntry) -> list[str]:
    return [problem.code for problem in entry.problems]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"name": "　"}, "name_empty"),
        ({"name": "长" * 61}, "name_empty"),
        ({"identity_number": 619901196206197086.0}, "id_precision"),
        ({"identity_number": "6.199E+17"}, "id_precision"),
        ({"identity_number": "61990119620619"}, "id_length"),
        ({"sex": "女"}, "sex_mismatch"),
        ({"joined_on": "去年"}, "date_invalid"),
        ({"full_on": "2011.13"}, "date_invalid"),
        ({"category": "入党积极分子"}, "not_a_member"),
        ({"category": "5"}, "category_unknown"),
        ({"branch": "无"}, "branch_empty"),
        ({"standing": "已死亡"}, "not_a_member"),
    ],
)
def test_rows_that_are_refused(cells: dict[str, object], code: str) -> None:
    entry = read(**cells)
    assert code in codes(entry)
    assert entry.is_refused


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"category": "中共党员"}, "category_guessed"),
        ({"category": ""}, "category_from_date"),
        ({"category": "预备党员"}, "category_contradicts"),
        ({"joined_on": "2020.12", "full_on": ""}, "date_future"),
        ({"joined_on": "2011.01"}, "full_too_early"),
        ({"joined_on": "1997.12"}, "joined_too_young"),
        ({"category": "预备党员", "joined_on": "2019.09", "full_on": "无"}, "probation_long"),
        ({"birth_date": "1980.02"}, "birth_mismatch"),
        ({"sex": "不明"}, "sex_unknown"),
        ({"phone": "内线8"}, "phone_invalid"),
        ({"position_title": "长" * 81}, "too_long"),
    ],
)
def test_rows_that_want_a_look(cells: dict[str, object], code: str) -> None:
    entry = read(**cells)
    assert code in codes(entry)
    assert not entry.is_refused


def test_a_good_row_says_nothing_but_its_values() -> None:
    entry = read()
    assert entry.problems == []
    assert entry.values == {
        "name": "张三",
        "identity_number": number(),
        "sex": "male",
        "birth_date": date(1980, 1, 1),
        "birth_date_precision": "day",
        "joined_on": date(2010, 7, 1),
        "joined_on_precision": "month",
        "full_on": date(2011, 7, 1),
        "full_on_precision": "month",
        "category": "full",
    }


def test_a_blank_leaves_no_value() -> None:
    entry = read(joined_on="无", full_on="—", phone="/", position_title="")
    assert not {"joined_on", "full_on", "phone", "position_title"} & entry.values.keys()


def test_the_number_tells_the_sex_and_the_birth_when_the_cells_do_not() -> None:
    entry = read(sex="", birth_date="")
    assert (entry.values["sex"], entry.values["birth_date"]) == ("male", date(1980, 1, 1))


def test_what_our_exports_mask_is_no_value() -> None:
    entry = read(identity_number="139***********0018", phone="138****1234")
    assert entry.masked_number == "139***********0018"
    assert not {"identity_number", "phone"} & entry.values.keys()
    assert entry.problems == []


def test_the_file_s_own_heading_stands_in_the_message() -> None:
    assert read(joined_on="去年").problems[0].column == "入党年月日"


def test_a_number_in_the_wrong_column_is_covered_in_the_message() -> None:
    entry = read(joined_on=number())
    assert number() not in str(entry.problems[0].params)


def repeated(*pairs: tuple[str, str]) -> list[RosterEntry]:
    entries = [read(identity_number=identity, branch=branch) for identity, branch in pairs]
    for at, entry in enumerate(entries):
        entry.number = at + 1
    refuse_repetitions(entries, {})
    return entries


def test_of_two_rows_with_one_number_the_first_counts() -> None:
    first, second, third = repeated((number(), "甲支部"), (number(), "甲 支部"), (number(), "乙支部"))
    assert codes(first) == []
    assert codes(second) == ["id_duplicate"]
    assert codes(third) == ["id_duplicate_across"]
    assert third.problems[0].params == {"row": 1}
