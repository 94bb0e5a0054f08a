"""Rosters of many shapes, read without their people being looked up."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import pytest
import xlsxwriter

from branches.actions.organisations import found
from branches.imports.rosters import names_of, read_entries, recognise
from branches.imports.workbooks import open_book
from branches.models import Batch, Organisation
from branches.rules.people import Precision
from branches.rules.problems import UnusableFile
from branches.rules.roster_rows import RosterEntry
from foundation.rules.files import CSV, XLSX
from tests.branches.imports.books import Formula, Page, book_of
from tests.rosters import line, number, workbook

AS_OF = date(2020, 10, 26)
FIRST, SECOND, PROJECT = "机关第一党支部", "机关第二党支部", "项目办党支部"
FULL = "中共发展和改革局机关第一支部委员会"
HEADINGS: list[object] = ["序号", "姓名", "性别", "身份证号", "入党时间", "转正时间", "人员类别"]
WITH_BRANCH: list[object] = [*HEADINGS, "所在党支部"]


@pytest.fixture
def bureau(defaults: None, settings: Any) -> Organisation:
    settings.BUSINESS_DATE = AS_OF
    options: dict[str, Any] = {"on": date(2000, 1, 1), "by": None}
    committee = found(
        code="b", kind="committee", name="发展和改革局机关党委", short_name="机关党委", parent=None, **options
    )
    names = {FULL: FIRST, "中共发展和改革局机关第二支部委员会": SECOND, "中共发展和改革局项目办支部委员会": PROJECT}
    for position, (name, short_name) in enumerate(names.items()):
        code = f"b-{position}"
        found(code=code, kind="branch", name=name, short_name=short_name, parent=committee, **options)
    return Organisation.objects.get(code="b")


def person(sequence: int, name: str, branch: str | None = None) -> list[object]:
    sex = "男" if sequence % 2 else "女"
    cells: list[object] = [sequence, name, sex, number(sequence=sequence), "2010.07", "2011.07", "正式党员"]
    return cells if branch is None else [*cells, branch]


def read(content: bytes, bureau: Organisation) -> list[RosterEntry]:
    batch = Batch(organisation=bureau, as_of=AS_OF, subject=Batch.Subject.MEMBERS)
    book = open_book(content, XLSX.content_type if content.startswith(b"PK") else CSV.content_type)
    recognised = recognise(book, batch)
    assert recognised.is_sure
    entries = read_entries(book, recognised.layouts, today=AS_OF, names=names_of(batch))
    return [entry for entry in entries if entry is not None]


def is_sure(content: bytes, bureau: Organisation) -> bool:
    return recognise(open_book(content, XLSX.content_type), Batch(organisation=bureau, as_of=AS_OF)).is_sure


def branches(entries: list[RosterEntry]) -> list[tuple[int, str, str]]:
    return [(entry.number, entry.values.get("name", ""), entry.branch) for entry in entries]


def codes(entry: RosterEntry) -> list[str]:
    return [problem.code for problem in entry.problems]


@pytest.mark.parametrize("rows", [[["名单"]], [["名单"], ["张三"]], [["支部", "党员总数", "正式"], [FIRST, 2, 2]]])
def test_files_without_a_roster(rows: list[list[object]], bureau: Organisation) -> None:
    with pytest.raises(UnusableFile) as caught:
        read(book_of(Page("表", rows)), bureau)
    assert caught.value.problem.code == "no_header"


def test_row_numbers_and_columns_are_found_wherever_the_table_stands(bureau: Organisation) -> None:
    [entry] = read(workbook([line("张三", number(), FIRST)], top=6, left=3), bureau)
    assert (entry.number, entry.values["name"], entry.branch) == (8, "张三", FIRST)


def test_notes_titles_and_hints_stand_above_the_header(bureau: Organisation) -> None:
    rows: list[list[object]] = [
        ["附件1"],
        ["党员基本信息采集表"],
        ["标红字段为必填项，禁止调整模板格式\n1.姓名：按身份证"],
        [],
        ["填报单位：发展和改革局机关党委（盖章）", "", "", "", "截至日期：2020年10月26日"],
        [
            "",
            "序 号",
            "姓\n名",
            "公民身份号码\n（18位）",
            "出生年月\n（如1980.01）",
            "入党时间\n（年月日）",
            "所在党支部（全称）",
        ],
        ["", "必填", "必填", "必填", "", "", ""],
        ["", 1, 2, 3, 4, 5, 6],
        ["", "示例", "张三", "110101199001011234", "1990.01", "2019-01-01", FIRST],
        ["", 1, "李四", number(), "1980.01", "2010年7月1日", FULL],
    ]
    [entry] = read(book_of(Page("党员", rows)), bureau)
    assert (entry.number, entry.values["name"], entry.values["joined_on"]) == (10, "李四", date(2010, 7, 1))


def test_rows_that_are_nobody_are_left_aside_and_those_after_them_are_read(bureau: Organisation) -> None:
    rows: list[list[object]] = [
        ["花名册"],
        WITH_BRANCH,
        person(1, "张三", FIRST),
        [],
        ["", "小计", 1],
        ["花名册"],
        WITH_BRANCH,
        person(3, "李四", SECOND),
        [5, "", "男", "", "", "", "正式党员", FIRST],
        [6],
        ["合 计", 2],
        ["填表人：", "周某某", "", "", "审核人：", "", "2020年10月"],
        ["注：1.以上均为在册党员"],
    ]
    assert [entry.number for entry in read(book_of(Page("党员", rows)), bureau)] == [3, 8]


def test_a_sheet_for_each_branch_named_by_title_label_or_sheet(bureau: Organisation) -> None:
    content = book_of(
        Page("填表说明", [["请如实填写"]]),
        Page("Sheet1", [[f"{FIRST}党员花名册"], HEADINGS, person(1, "张三")]),
        Page("Sheet2", [["填报单位：", SECOND], HEADINGS, person(3, "李四")]),
        Page(f"3.{PROJECT}（1人）", [["党员花名册"], HEADINGS, person(5, "王五")]),
        Page("机关第十一党支部", [HEADINGS, person(7, "赵六")]),
        Page("Sheet5", [["党员花名册"], HEADINGS, person(9, "孙七")]),
        Page("通讯录", [["姓名", "职务", "电话"], ["周八", "书记", "13800000000"]]),
        Page("汇总表", [["支部", "党员总数", "正式"], [FIRST, 1, 1]]),
        Page("数据字典", [["姓名", "性别", "身份证号"], ["甲", "男", "1"]], is_hidden=True),
    )
    entries = read(content, bureau)
    assert [(entry.sheet, entry.branch, entry.is_refused) for entry in entries] == [
        ("Sheet1", FIRST, False),
        ("Sheet2", SECOND, False),
        (f"3.{PROJECT}（1人）", PROJECT, False),
        ("机关第十一党支部", "机关第十一党支部", False),  # refused by the plan: no such branch
        ("Sheet5", "", True),
    ]
    assert codes(entries[-1]) == ["branch_empty"]


def test_rows_between_the_people_name_their_branch(bureau: Organisation) -> None:
    rows: list[list[object]] = [
        ["党员花名册"],
        HEADINGS,
        [f"一、{FIRST}（2人）"],
        person(1, "张三"),
        ["", "小计", "1人"],
        ["", f"{SECOND}（1人）"],
        person(3, "李四"),
        ["三、机关第九党支部"],
        person(5, "王五"),
        ["合计：3人"],
    ]
    assert branches(read(book_of(Page("花名册", rows)), bureau)) == [
        (4, "张三", FIRST),
        (7, "李四", SECOND),
        (9, "王五", "机关第九党支部"),
    ]


def test_what_else_a_heading_says_does_not_make_it_a_person_nor_lose_its_branch(bureau: Organisation) -> None:
    rows: list[list[object]] = [
        HEADINGS,
        [f"{FIRST}（书记：张三）"],
        person(1, "张三"),
        [SECOND, "", "", "书记：李四"],
        person(3, "李四"),
        [f"{PROJECT}：书记王五，党员1名"],
        person(5, "王五"),
        ["", FULL, "", "联系人：张三"],
        person(7, "赵六"),
    ]
    assert branches(read(book_of(Page("花名册", rows)), bureau)) == [
        (3, "张三", FIRST),
        (5, "李四", SECOND),
        (7, "王五", PROJECT),
        (9, "赵六", FULL),
    ]


def test_a_person_without_a_name_is_no_heading(bureau: Organisation) -> None:
    headings = [*HEADINGS, "备注"]
    rows: list[list[object]] = [
        headings,
        [*person(1, "张三"), ""],
        [2, "", "男", "", "2010.07", "", "", f"由{SECOND}转入"],
        [3, "", "", SECOND, "2010.07"],
        [*person(3, "李四"), SECOND],
    ]
    entries = read(book_of(Page(FIRST, rows)), bureau)
    assert [(entry.number, entry.branch, entry.is_refused) for entry in entries] == [
        (2, FIRST, False),
        (3, FIRST, True),
        (4, FIRST, True),
        (5, FIRST, False),
    ]


def test_rows_between_the_people_may_name_their_category(bureau: Organisation) -> None:
    rows: list[list[object]] = [
        HEADINGS[:6],
        ["一、正式党员（1人）"],
        person(1, "张三")[:6],
        ["二、预备党员"],
        [*person(3, "李四")[:4], "2020.07"],
        ["三、入党积极分子"],
        person(5, "王五")[:4],
    ]
    entries = read(book_of(Page(FIRST, rows)), bureau)
    assert [entry.values.get("category") for entry in entries] == ["full", "probationary", None]
    assert codes(entries[2]) == ["not_a_member"]


def test_merged_branches_count_for_all_their_rows(bureau: Organisation) -> None:
    rows = [WITH_BRANCH, *[person(at, f"张{name}", "") for at, name in ((1, "甲"), (3, "乙"), (5, "丙"))]]
    entries = read(book_of(Page("党员", rows, merged={(1, 7, 2, 7): FIRST})), bureau)
    assert branches(entries) == [(2, "张甲", FIRST), (3, "张乙", FIRST), (4, "张丙", "")]
    assert codes(entries[2]) == ["branch_empty"]


def test_beside_a_column_for_the_branch_a_title_counts_only_where_all_agree(bureau: Organisation) -> None:
    rows: list[list[object]] = [
        [f"{FIRST}党员名册"],
        WITH_BRANCH,
        person(1, "张三", ""),
        person(3, "李四", FULL),
        person(5, "王五", SECOND),
        person(7, "赵六", ""),
    ]
    assert [entry.branch for entry in read(book_of(Page("名册", rows)), bureau)] == [FIRST, FULL, SECOND, ""]


def test_further_tables_of_a_sheet_have_their_own_columns(bureau: Organisation) -> None:
    rows: list[list[object]] = [
        [f"{FIRST}党员名册"],
        HEADINGS,
        person(1, "张三"),
        [],
        [f"{SECOND}党员名册"],
        ["序号", "姓名", "身份证号", "性别", "人员类别", "入党时间", "转正时间"],
        [1, "李四", number(sequence=3), "男", "预备党员", "2020.07", ""],
        [f"{PROJECT}党员名册"],
        HEADINGS,
        person(5, "王五"),
    ]
    entries = read(book_of(Page("名册", rows)), bureau)
    assert branches(entries) == [(3, "张三", FIRST), (7, "李四", SECOND), (10, "王五", PROJECT)]
    assert [entry.values["category"] for entry in entries] == ["full", "probationary", "full"]


def test_hidden_rows_and_columns_are_read_and_marked(bureau: Organisation) -> None:
    rows = [WITH_BRANCH, person(1, "张三", FIRST), person(3, "李四", FIRST), person(5, "王五", FIRST)]
    entries = read(book_of(Page("党员", rows, hidden_rows=[2], hidden_columns=[4])), bureau)
    assert [(entry.is_hidden, codes(entry)) for entry in entries] == [
        (False, ["column_hidden"]),
        (True, ["row_hidden"]),
        (False, []),
    ]
    assert entries[0].problems[0].column == "入党时间"


def test_results_of_formulas_are_read_and_missing_ones_are_said(bureau: Organisation) -> None:
    rows: list[list[object]] = [
        WITH_BRANCH,
        [1, "张三", "男", Formula(number()), "2010.07", Formula("2011.07"), "正式党员", FIRST],
        [2, "李四", "男", number(sequence=3), "2010.07", Formula("#N/A"), "正式党员", FIRST],
        [3, "王五", "男", number(sequence=5), Formula(), "2011.07", "正式党员", FIRST],
        [4, "", Formula(), "", "", Formula("#VALUE!"), "", ""],
    ]
    entries = read(book_of(Page("党员", rows)), bureau)
    assert [(entry.number, codes(entry)) for entry in entries] == [
        (2, []),
        (3, ["formula_failed"]),
        (4, ["formula_failed"]),
    ]
    assert entries[0].identity_number == number()


def test_date_cells_are_as_exact_as_they_show(bureau: Organisation) -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as opened:
        sheet = opened.add_worksheet()
        sheet.write_row(0, 0, ["姓名", "身份证号", "入党时间", "转正时间", "支部"])
        sheet.write_row(1, 0, ["张三", number(), "", "", FIRST])
        month, day = opened.add_format({"num_format": 'yyyy"年"m"月"'}), opened.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_datetime(1, 2, datetime(2010, 7, 1), month)  # noqa: DTZ001 - a workbook knows no zone
        sheet.write_datetime(1, 3, datetime(2011, 7, 1), day)  # noqa: DTZ001
    [entry] = read(target.getvalue(), bureau)
    assert entry.values["joined_on_precision"] == Precision.MONTH
    assert entry.values["full_on_precision"] == Precision.DAY


def test_values_with_a_code_before_them(bureau: Organisation) -> None:
    headings = [
        "序号", "姓名", "党员类别", "所在组织(请不要输入特殊符号)", "性别", "民族", "党籍状态",
        "加入党组织日期(2019/10/24)", "身份证", "入党时间(2019/10/24)",
    ]  # fmt: skip
    alive = [
        1,
        "张三",
        "223_正式党员",
        f"31_{FIRST}",
        "95_男",
        "868_汉族",
        "59325_正式党员",
        "2010/7/1",
        number(),
        "2010/7/1",
    ]
    dead = [2, "李四", "224_预备党员", FIRST, "95_男", "868_汉族", "59327_已死亡", "2010/7/1", number(sequence=3), ""]
    first, second = read(book_of(Page("党员", [headings, alive, dead])), bureau)
    assert (first.values["category"], first.values["sex"], first.branch, codes(first)) == ("full", "male", FIRST, [])
    assert codes(second) == ["not_a_member"]


def test_the_state_of_membership_is_the_category_only_where_it_says_so(bureau: Organisation) -> None:
    headings = ["姓名", "性别", "身份证号", "入党时间", "党籍状态", "支部"]
    [entry] = read(
        book_of(Page("党员", [headings, ["张三", "男", number(), "2010.07", "59326_预备党员", FIRST]])), bureau
    )
    assert entry.values["category"] == "probationary"
    headings[5:] = ["支部", "转正时间"]
    [entry] = read(
        book_of(Page("党员", [headings, ["张三", "男", number(), "2010.07", "正常", FIRST, "2011.07"]])), bureau
    )
    assert (entry.values["category"], codes(entry)) == ("full", ["category_from_date"])


def test_text_files_of_any_separator(bureau: Organisation) -> None:
    for separator in ",;\t":
        rows = [
            ["党员名册"],
            list(map(str, WITH_BRANCH)),
            [str(cell) for cell in person(1, "张三", FIRST)],
            [SECOND],
            ["合计", "1"],
        ]
        text = "\n".join(separator.join(row) for row in rows)
        [entry] = read(text.encode("gb18030"), bureau)
        assert (entry.number, entry.branch, codes(entry)) == (3, FIRST, [])


def test_people_without_numbers_may_be_listed(bureau: Organisation) -> None:
    headings = ["姓名", "电话号码", "职务", "组织", "类别", "性别", "学号/工号", "入党时间"]
    [entry] = read(
        book_of(Page("党员", [headings, ["张三", "13800000001", "科长", FIRST, "正", "男", "7", "2010.7"]])), bureau
    )
    assert (entry.identity_number, entry.values["category"], codes(entry)) == ("", "full", [])


def test_text_that_looks_like_a_formula_is_only_text(bureau: Organisation) -> None:
    [entry] = read(workbook([line("=1+1", number(), FIRST)]), bureau)
    assert entry.values["name"] == "=1+1"


@pytest.mark.parametrize(
    ("heading", "value", "sure"),
    [("加入组织情况", "2010.07.01", False), ("备注", "2010.07.01", True), ("", "1", True), ("加入组织情况", "", True)],
)
def test_where_a_needed_column_is_missing_unknown_ones_with_data_are_asked_about(
    heading: str, value: str, sure: bool, bureau: Organisation
) -> None:
    headings = ["姓名", "性别", "身份证号", "人员类别", "支部", heading]
    content = book_of(Page("党员", [headings, ["张三", "男", number(), "正式党员", FIRST, value]]))
    assert is_sure(content, bureau) is sure


def test_a_sheet_that_is_complete_needs_no_answer_for_the_others(bureau: Organisation) -> None:
    applicants = Page(
        "入党申请人", [["姓名", "性别", "身份证号", "何时申请"], ["李四", "男", number(sequence=3), "2020.1"]]
    )
    assert is_sure(book_of(Page("党员", [WITH_BRANCH, person(1, "张三", FIRST)]), applicants), bureau)


def test_two_tables_side_by_side_are_asked_about(bureau: Organisation) -> None:
    content = book_of(
        Page("党员", [[*WITH_BRANCH, *WITH_BRANCH], [*person(1, "张三", FIRST), *person(3, "李四", FIRST)]])
    )
    assert not is_sure(content, bureau)


def test_a_long_roster_is_read_a_row_at_a_time(bureau: Organisation) -> None:
    """Without names of branches, too: the command line asks which organisation a file belongs to."""
    rows = [WITH_BRANCH, *[person(at, "张三", FIRST) for at in range(1, 400)]]
    book = open_book(book_of(Page("党员", rows)), XLSX.content_type)
    layouts = recognise(book, Batch(organisation=bureau, as_of=AS_OF)).layouts
    entries = read_entries(book, layouts, today=AS_OF)
    assert [entry.number for entry in entries if entry] == list(range(2, 401))
