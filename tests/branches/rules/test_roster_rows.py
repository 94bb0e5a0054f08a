from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from branches.rules.roster_branches import BranchNames
from branches.rules.roster_lines import texts_of
from branches.rules.roster_rows import Repetitions, RosterEntry, Row, read_row
from tests.rosters import number

TODAY = date(2020, 10, 26)
GOOD: dict[str, object] = {
    "name": "张三",
    "sex": "男",
    "identity_number": number(),
    "joined_on": "2010.07",
    "full_on": "2011.07",
    "category": "正式党员",
    "branch": "第一党支部",
}


def read(**cells: Any) -> RosterEntry:
    without_result = cells.pop("without_result", ())
    cells = {**GOOD, **cells}
    labels = {"joined_on": "入党年月日"}
    return read_row(Row("", 5, cells, texts_of(cells), labels, without_result=without_result), today=TODAY)


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
        ({"category": "中共党员", "joined_on": "2020.03", "full_on": ""}, "category_unknown"),
        ({"category": "停止党籍"}, "category_unknown"),
        ({"standing": "已死亡"}, "not_a_member"),
        ({"standing": "59329_已出党"}, "not_a_member"),
        ({"joined_on": date(1905, 7, 1)}, "date_invalid"),
        ({"joined_on": 20196.0}, "date_ambiguous"),
        ({"full_on": "#N/A"}, "formula_failed"),
        ({"identity_number": "", "without_result": ["identity_number"]}, "formula_failed"),
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
        ({"phone": "#REF!"}, "formula_left_out"),
        ({"standing": "已停止党籍"}, "standing_left_out"),
        ({"name": "张三（女）"}, "name_note"),
        ({"name": "张三、李四"}, "name_unusual"),
        ({"birth_date": 29221.0}, "date_serial"),
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


def test_a_note_behind_a_name_is_no_part_of_it() -> None:
    assert read(name="张 三（女）").values["name"] == "张三"


def test_a_formula_that_failed_is_no_value_and_is_said_once() -> None:
    entry = read(full_on="#VALUE!")
    assert "full_on" not in entry.values
    assert codes(entry) == ["formula_failed"]


def test_a_name_from_a_formula_without_result_is_not_also_empty() -> None:
    assert codes(read(name="", without_result=["name"])) == ["formula_failed"]


def test_a_five_figured_birth_may_be_a_day_of_the_fifties() -> None:
    entry = read(identity_number="", birth_date=19845.0)
    assert (codes(entry), entry.values["birth_date"]) == (["date_serial"], date(1954, 5, 1))


def repeated(*rows: tuple[str, str, str]) -> list[RosterEntry]:
    repetitions = Repetitions(BranchNames({"甲支部": [1], "中共甲支部委员会": [1], "乙支部": [2]}))
    entries = []
    for at, (sheet, identity, branch) in enumerate(rows, start=1):
        entry = read(identity_number=identity, branch=branch)
        entry.sheet, entry.number = sheet, at
        repetitions.check(entry, "身份证号")
        entries.append(entry)
    return entries


def test_of_several_rows_with_one_number_the_first_counts() -> None:
    first, second, third, fourth = repeated(
        ("", number(), "甲支部"),
        ("", number(), "甲 支部"),
        ("", number(), "乙支部"),
        ("", number(), "中共甲支部委员会"),
    )
    assert [codes(entry) for entry in (first, second, third, fourth)] == [
        [],
        ["id_duplicate"],
        ["id_duplicate_across"],
        ["id_duplicate"],
    ]
    assert third.problems[0].params == {"row": 1}


def test_a_repetition_on_another_sheet_is_found_and_says_where() -> None:
    first, second = repeated(("一", number(), "甲支部"), ("二", number(), "甲支部"))
    second.number = first.number
    assert (codes(first), codes(second)) == ([], ["id_duplicate"])
    assert second.problems[0].params == {"row": "1 (一)"}


def test_people_without_a_number_are_not_compared() -> None:
    first, second = repeated(("", "", "甲支部"), ("", "", "甲支部"))
    assert codes(first) == codes(second) == []


@given(
    st.dictionaries(
        st.sampled_from([*GOOD, "birth_date", "standing", "phone", "position_title", "nation", "home_address"]),
        st.one_of(st.none(), st.floats(), st.booleans(), st.dates(), st.datetimes(), st.times(), st.text(max_size=40)),
    )
)
def test_nothing_makes_it_fall_over(cells: dict[str, object]) -> None:
    entry = read(**cells)
    assert all(problem.message for problem in entry.problems)
