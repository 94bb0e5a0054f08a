"""The columns of a file as they are shown to somebody who corrects them."""

from __future__ import annotations

import pytest

from branches.imports.header_mappings import letter_of, sheets_of
from branches.models import Batch
from branches.rules.problems import UnusableFile
from tests.branches.imports.books import Page, book_of
from tests.cast import Cast
from tests.rosters import number, plan

ROWS = [
    ["党员花名册"],
    ["姓名", "性别", "身份证号", "入党时间", "来源", "联系电话"],
    ["张三", "男", number(), "2010.07", "甲", "13800001234"],
    ["李四", "男", number(sequence=3), "2010.07", "乙", "0990-8600000"],
]


def mapped(cast: Cast, *pages: Page) -> Batch:
    return plan(book_of(*pages), cast.committee, cast.staff)


def test_a_file_that_is_gone_is_said(cast: Cast) -> None:
    batch = mapped(cast, Page("党员", ROWS))
    batch.file = None
    with pytest.raises(UnusableFile):
        sheets_of(batch)


def test_every_sheet_with_its_headings_and_first_values_and_nothing_secret(cast: Cast) -> None:
    batch = mapped(cast, Page("党员", ROWS), Page("说明", [["请如实填写"]]))
    people, notes = sheets_of(batch)
    assert [(column.letter, column.heading, column.field) for column in people.columns] == [
        ("A", "姓名", "name"),
        ("B", "性别", "sex"),
        ("C", "身份证号", "identity_number"),
        ("D", "入党时间", "joined_on"),
        ("E", "来源", ""),
        ("F", "联系电话", "phone"),
    ]
    assert people.columns[4].samples == ["甲", "乙"]
    assert people.columns[2].samples == ["139***********0016", "139***********0032"]
    shown = str(people)
    assert not any(secret in shown for secret in (number(), "13800001234", "8600000"))
    assert (notes.has_header, notes.layout.is_used, notes.head) == (False, False, [(1, "请如实填写")])


def test_another_row_may_be_the_header(cast: Cast) -> None:
    batch = mapped(cast, Page("党员", [["姓名", "性别", "民族"], ["", "", ""], *ROWS[1:]]))
    [sheet] = sheets_of(batch, {"党员": (2, 2)})
    assert (sheet.layout.first_row, sheet.layout.columns["joined_on"]) == (2, 3)
    [unchanged] = sheets_of(batch, {"党员": (90, 95)})
    assert unchanged.layout.first_row == 0


@pytest.mark.parametrize(("at", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_letters_of_columns(at: int, letter: str) -> None:
    assert letter_of(at) == letter


def test_a_group_and_its_heading_are_shown_apart_and_known_as_before(cast: Cast) -> None:
    above = ["姓名", "身份证号", "入党时间", "其他", ""]
    rows = [above, ["", "", "", "工作岗位", "爱好"], ["张三", number(), "2010.07", "科员", "书法"]]
    [sheet] = sheets_of(mapped(cast, Page("党员", rows)))
    assert [column.heading for column in sheet.columns] == [
        "姓名",
        "身份证号",
        "入党时间",
        "其他 / 工作岗位",
        "其他 / 爱好",
    ]
    assert list(sheet.layout.headings) == ["姓名", "身份证号", "入党时间", "其他工作岗位", "爱好"]
