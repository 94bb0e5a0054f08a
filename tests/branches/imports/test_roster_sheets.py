"""What the lines of a sheet say about those below them, and cells about one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from branches.imports.header_mappings import find_layout
from branches.imports.roster_sheets import RosterSheet
from branches.imports.workbooks import open_book
from branches.rules.roster_branches import BranchNames
from branches.rules.roster_cells import branch_key
from branches.rules.roster_columns import ALL_COLUMNS
from branches.rules.roster_rows import RosterEntry
from foundation.rules.files import XLSX
from tests.branches.imports.books import Formula, Page, book_of
from tests.rosters import number

TODAY = date(2020, 10, 26)
FIRST, SECOND = "机关第一党支部", "机关第二党支部"
FULL = "中共发展和改革局机关第一支部委员会"
NAMES = BranchNames(
    {branch_key(name): [branch] for name, branch in ((FIRST, 1), (FULL, 1), (SECOND, 2))}, ["发展和改革局机关党委"]
)
HEADINGS = ["序号", "姓名", "性别", "身份证号", "入党时间", "转正时间", "人员类别"]
Rows = Sequence[Sequence[Any]]


def person(sequence: int, name: str = "张三", **cells: Any) -> list[Any]:
    sex = "男" if sequence % 2 else "女"
    row = dict(
        zip(
            HEADINGS,
            [sequence, name, sex, number(sequence=sequence), "2010.07.01", "2011.07.01", "正式党员"],
            strict=True,
        )
    )
    return list({**row, **cells}.values())


def read(rows: Rows, sheet_name: str = "Sheet1", merged: Mapping[tuple[int, int, int, int], str] | None = None) -> Any:
    [sheet] = open_book(book_of(Page(sheet_name, rows, merged=merged or {})), XLSX.content_type).sheets
    layout, _rivals = find_layout(sheet, ALL_COLUMNS, {})
    assert layout is not None
    return [entry for entry in RosterSheet(sheet, layout, NAMES, TODAY).entries() if entry is not None]


def codes(entry: RosterEntry) -> list[str]:
    return [problem.code for problem in entry.problems]


def branches(entries: Sequence[RosterEntry]) -> list[str]:
    return [entry.branch for entry in entries]


@pytest.mark.parametrize(
    "headings",
    [
        ["机关第一党支部（共1人）", "项目办（1人）", "机关第二党支部：1人"],
        ["一、机关第一党支部", "二、项目办", "三、机关第二党支部"],
        ["一、机关第一党支部", "二、机关第二、第三联合支部", "三、机关第二党支部"],
    ],
)
@pytest.mark.parametrize("is_wide", [True, False])
def test_below_a_heading_like_the_others_nobody_is_counted_for_the_branch_before(
    headings: list[str], is_wide: bool
) -> None:
    rows: list[list[Any]] = [HEADINGS]
    merged = {}
    for sequence, heading in enumerate(headings, start=1):
        if is_wide:
            merged[len(rows), 0, len(rows), 6] = heading
        rows += [[heading], person(sequence)]
    first, unknown, last = read(rows, merged=merged)
    assert (first.branch, last.branch) == (FIRST, SECOND)
    assert unknown.branch not in NAMES


def test_a_heading_in_the_column_of_names_is_told_and_ends_the_branch_before() -> None:
    rows = [HEADINGS, ["", FIRST], person(1), ["", "项目办"], person(2), ["", SECOND], person(3)]
    one, heading, unknown, last = read(rows)
    assert branches([one, unknown, last]) == [FIRST, "项目办", SECOND]
    assert (heading.values, heading.branch) == ({"name": "项目办"}, "项目办")


def test_parts_of_a_branch_keep_it() -> None:
    parts = ["（一）在职党员1人", "（二）办公室", "退休党员", "续表", "第1页", "小计1人"]
    rows: list[list[Any]] = [HEADINGS, ["一、机关第一党支部"]]
    for sequence, part in enumerate(parts, start=1):
        rows += [[part], person(sequence)]
    assert set(branches(read(rows))) == {FIRST}


def test_a_further_table_has_the_branch_of_its_own_title() -> None:
    titles = ["机关第一党支部党员花名册", "项目办党员花名册", "机关第一党支部党员花名册", "党员花名册（续表）"]
    rows: list[list[Any]] = []
    for sequence, title in enumerate(titles, start=1):
        rows += [[title], HEADINGS, person(sequence)]
    assert branches(read(rows)) == [FIRST, "项目办", FIRST, FIRST]


@pytest.mark.parametrize(
    ("title", "name", "is_refused"),
    [
        (FIRST, SECOND, True),
        (FIRST, f"{SECOND} (2)", True),
        (FIRST, "机关第九党支部", True),
        ("机关第九党支部", FIRST, True),
        (FIRST, "项目办支部", True),
        (FIRST, "机关一支部", False),
        (FULL, "第一党支部", False),
        ("发展和改革局机关党委", FIRST, False),
        ("县发改局党支部", FIRST, False),
    ],
)
def test_a_title_and_a_name_of_the_sheet_that_contradict(title: str, name: str, is_refused: bool) -> None:
    [entry] = read([[f"{title}党员花名册"], HEADINGS, person(1)], sheet_name=name)
    if is_refused:
        assert (entry.branch, codes(entry)) == ("", ["branch_contradicts"])
        assert FIRST in entry.problems[0].message
    else:
        assert (branch_key(entry.branch) in {FIRST, FULL}, codes(entry)) == (True, [])


def test_a_column_speaks_where_title_and_sheet_contradict() -> None:
    rows = [[f"{FIRST}党员花名册"], [*HEADINGS, "所在党支部"], [*person(1), SECOND], [*person(2), ""]]
    told, silent = read(rows, sheet_name=SECOND)
    assert (told.branch, codes(told), codes(silent)) == (SECOND, [], ["branch_contradicts"])


def test_a_cell_with_two_branches_is_neither() -> None:
    rows = [[*HEADINGS, "所在党支部"]]
    rows += [[*person(1), f"{FIRST}/{SECOND}"], [*person(2), f"机关党委/{FIRST}"], [*person(3), f"{FULL}/{FIRST}"]]
    assert branches(read(rows)) == [f"{FIRST}/{SECOND}", FIRST, FIRST]


def test_year_month_and_day_in_columns_of_their_own() -> None:
    top = ["姓名", "身份证号", "入党时间", "", "", "转正时间", "", "", "人员类别"]
    dates: Rows = [
        [2010, 7, 1, 2011, 7, 1],
        ["2010年", "7月", "1日", "2011年", "7月", ""],
        [2010, "", "", "", "", ""],
        [2010, "", 1, "", 7, 1],
        [2001, 13, 1, 2002, 2, 30],
        ["2010.07", "", "", "2011.07", "", ""],
    ]
    rows = [["张三", number(sequence=at), *cells, "正式党员"] for at, cells in enumerate(dates, start=1)]
    entries = read([top, ["", "", "年", "月", "日", "年", "月", "日"], *rows])
    read_as = [[_shown(entry, key) for key in ("joined_on", "full_on")] for entry in entries]
    assert read_as == [
        [("2010-07-01", "day"), ("2011-07-01", "day")],
        [("2010-07-01", "day"), ("2011-07-01", "month")],
        [("2010-01-01", "year"), None],
        [None, None],
        [None, None],
        [("2010-07-01", "month"), ("2011-07-01", "month")],
    ]
    assert [codes(entry).count("date_invalid") for entry in entries] == [0, 0, 0, 2, 2, 0]


def test_year_and_month_apart_below_one_line_of_headings() -> None:
    [entry] = read([["姓名", "出生年", "出生月", "入党年", "入党月", "入党日"], ["张三", 1980, 3, 2010, 7, 1]])
    assert (_shown(entry, "birth_date"), _shown(entry, "joined_on")) == (("1980-03-01", "month"), ("2010-07-01", "day"))


def test_a_month_whose_formula_was_never_calculated_is_no_year_alone() -> None:
    [entry] = read([["姓名", "身份证号", "入党年", "入党月"], ["张三", number(), 2010, Formula()]])
    assert "formula_failed" in codes(entry)


def test_a_sum_that_was_never_calculated_is_nobody() -> None:
    rows = [HEADINGS, person(1), ["小计", Formula(), "", Formula()], ["", Formula(), "男", number(sequence=3)]]
    assert [(entry.number, entry.is_refused) for entry in read(rows)][1:] == [(4, True)]


def test_numbers_that_a_spreadsheet_program_has_rounded_are_refused_whether_or_not_they_look_sound() -> None:
    sound = next(
        found for at in range(1, 999) if (found := number(f"1980{at % 12 + 1:02}11", sequence=100))[-3:] == "000"
    )
    rounded = [person(at * 2, 身份证号=number(sequence=at * 2)[:15] + "000") for at in range(1, 40)]
    entries = read([HEADINGS, *rounded, person(80, 身份证号=sound), person(81)])
    assert {tuple(codes(entry)) for entry in entries[:-1]} == {("id_precision", "branch_empty")}
    assert codes(entries[-1]) == ["branch_empty"]
    [alone] = read([HEADINGS, person(80, 身份证号=sound)])
    assert codes(alone) == ["branch_empty"]


def test_names_that_begin_like_a_hint_are_names_where_sex_and_date_stand_beside_them() -> None:
    headings = ["姓名", "性别", "出生日期", "入党时间"]
    rows = [
        ["必填", "男", "1980-01-01", "2010-07-01"],
        ["文本华", "男", "1980-01-01", "2010-07-01"],
        ["文本", "必填", "文本"],
    ]
    assert [entry.values["name"] for entry in read([headings, *rows])] == ["文本华"]


def _shown(entry: RosterEntry, key: str) -> tuple[str, str] | None:
    value = entry.values.get(key)
    return (value.isoformat(), entry.values[f"{key}_precision"]) if value else None


@pytest.mark.parametrize(
    ("category", "remark", "category_read", "expected"),
    [
        ("中共党员", "预备党员", None, ["category_unknown"]),
        ("中共党员", "", "full", ["category_guessed"]),
        ("", "预备党员", None, []),
        ("", "组织委员", "full", ["category_from_date"]),
        ("正式党员", "预备党员", "full", ["remark_contradicts"]),
        ("正式党员", "2020年5月转出", "full", ["remark_contradicts"]),
        ("正式党员", "正式党员", "full", []),
        ("正式党员", "2009年由预备党员按期转正", "full", []),
        ("中共党员（含预备党员）", "", None, ["category_unknown"]),
        ("预备党员已转正", "", None, ["category_unknown"]),
        ("正式党员（按期转正）", "", "full", []),
    ],
)
def test_a_remark_is_heard_where_it_contradicts(
    category: str, remark: str, category_read: str | None, expected: list[str]
) -> None:
    rows = [[f"{FIRST}党员名册"], [*HEADINGS, "备注"], [*person(1, 人员类别=category), remark]]
    [entry] = read(rows)
    assert (entry.values.get("category"), codes(entry)) == (category_read, expected)


@pytest.mark.parametrize(
    ("other", "expected"),
    [("2010.07", []), ("2010-07-01", []), ("", []), ("不详", []), ("2009.07", ["date_differs"])],
)
def test_a_second_column_for_a_date_is_compared(other: str, expected: list[str]) -> None:
    rows = [[f"{FIRST}党员名册"], [*HEADINGS, "发展时间"], [*person(1), other]]
    [entry] = read(rows)
    assert (_shown(entry, "joined_on"), codes(entry)) == (("2010-07-01", "day"), expected)
