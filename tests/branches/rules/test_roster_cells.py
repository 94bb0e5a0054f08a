from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from branches.rules import roster_cells
from branches.rules.identity_numbers import problem_of
from branches.rules.people import Category, Sex
from tests.rosters import number


@pytest.mark.parametrize("cell", [None, "", " ", "　", "无", "—", "——", "-", "/", "／", "N/A", "n/a", "\u200b", True])
def test_cells_that_say_nothing(cell: object) -> None:
    assert roster_cells.is_blank(cell)


@pytest.mark.parametrize("cell", ["无锡", "0", 0.0, "王", date(2020, 1, 1)])
def test_cells_that_say_something(cell: object) -> None:
    assert not roster_cells.is_blank(cell)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (13800000000.0, "13800000000"),
        (2009.06, "2009.06"),
        ('="379903197701128210"', "379903197701128210"),
        ("'419901197709146819", "419901197709146819"),
        ("519902195112093831\t", "519902195112093831"),
        ("\u202d379902199802216132\u202c", "379902199802216132"),
        ("５１９９０１", "519901"),
        ("汉\u00a0族", "汉 族"),
        ("’98年7月", "98年7月"),
        ("张\ufe00三\u3164", "张三"),
        ("=“379903197701128210”", "379903197701128210"),
        (float("inf"), "inf"),
        (date(2020, 1, 2), "2020-01-02"),
    ],
)
def test_text(cell: object, text: str) -> None:
    assert roster_cells.text_of(cell) == text


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("张 三", "张三"),
        ("张　三", "张三"),
        ("欧 阳 文", "欧阳文"),
        ("买买提•艾力", "买买提·艾力"),
        ("买买提 . 艾力", "买买提·艾力"),
        ("买买提．艾力", "买买提·艾力"),
        ("买买提・艾力", "买买提·艾力"),
        ("买买提··艾力", "买买提·艾力"),
        ("阿依努尔。艾力", "阿依努尔·艾力"),
        ("Li Lei", "Li Lei"),
    ],
)
def test_names(written: str, name: str) -> None:
    assert roster_cells.name(written) == name


@pytest.mark.parametrize(
    "text",
    ["中共党员", "群众", "1", "0", "5", "正式员工", "停止党籍", "正式党员/预备党员", "拟发展预备党员", "民革党员"],
)
def test_a_category_is_never_guessed_by_number_or_likeness(text: str) -> None:
    assert roster_cells.category(text) is None


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("正式党员", Category.FULL),
        ("正", Category.FULL),
        ("223_正式党员", Category.FULL),
        ("预 备", Category.PROBATIONARY),
        ("中共预备党员", Category.PROBATIONARY),
        ("正式党员（在职）", Category.FULL),
        ("离退休正式党员", Category.FULL),
    ],
)
def test_categories(text: str, category: Category) -> None:
    assert roster_cells.category(text) == category


@pytest.mark.parametrize(
    "text",
    [
        "入党积极分子",
        "发展对象",
        "入党申请人",
        "共青团员",
        "群众",
        "已出党",
        "59327_已死亡",
        "民主党派",
        "民革党员",
        "已转出",
        "非党员",
    ],
)
def test_who_is_not_a_member(text: str) -> None:
    assert roster_cells.is_not_a_member(text)
    assert roster_cells.category(text) is None


def test_anything_but_a_word_for_a_sex_is_unknown() -> None:
    assert roster_cells.sex("男 ") == Sex.MALE
    assert roster_cells.sex("96_女") == Sex.FEMALE
    assert roster_cells.sex("M") is None
    assert roster_cells.sex("不男") is None


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("本科", "大学本科"),
        ("在职大学", "大学本科"),
        ("大学专科", "大学专科"),
        ("大专", "大学专科"),
        ("中专", "中等专科"),
        ("中等专科学校", "中等专科"),
        ("省委党校研究生", "研究生"),
        ("硕士研究生", "硕士研究生"),
        ("11 博士研究生", "博士研究生"),
        ("职高", "职业高中"),
        ("高中", "普通高中"),
        ("自学", ""),
    ],
)
def test_levels_of_education(text: str, level: str) -> None:
    assert roster_cells.education_names(text)[1] == level


def test_nations_with_and_without_their_ending() -> None:
    assert roster_cells.nation_key("汉 族") == roster_cells.nation_key("868_汉族") == roster_cells.nation_key("汉")
    assert roster_cells.nation_key("土家族") != roster_cells.nation_key("土族")


def test_branches_are_compared_whole() -> None:
    assert roster_cells.branch_key("第一 党支部") == roster_cells.branch_key("第一党支部")
    assert roster_cells.branch_key("机关第一党支部") != roster_cells.branch_key("机关第十一党支部")


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("13800001234", "13800001234"),
        ("138-0000-1234", "13800001234"),
        ("+86 138 0000 1234", "13800001234"),
        ("8613800001234", "13800001234"),
        ("13800001234/0990-8600000", "13800001234"),
        ("0990-8600000", "0990-8600000"),
        ("8600000", "8600000"),
        ("1380000123", None),
        ("见备注", None),
        ("23800001234", None),
    ],
)
def test_phones(text: str, phone: str | None) -> None:
    assert roster_cells.phone(text) == phone


@pytest.mark.parametrize(
    ("written", "plain"), [("张三(女)", "张三"), ("李四(回族)", "李四"), ("王五*", "王五"), ("张三", "张三")]
)
def test_notes_behind_names(written: str, plain: str) -> None:
    assert roster_cells.without_note(written) == plain


@pytest.mark.parametrize("text", ["张", "张三1", "张三A", "张三、李四", "张三 李四", "张三(大)", "x:y"])
def test_unusual_names(text: str) -> None:
    assert roster_cells.is_unusual_name(text)


@pytest.mark.parametrize(
    "text", ["张三", "张 三", "王 小 明", "买买提·艾力", "阿依古丽 · 买买提", "Li Lei", "欧阳娜娜", "王䶮", "陈𫖯"]
)
def test_usual_names(text: str) -> None:
    assert not roster_cells.is_unusual_name(text)


_NOISE = st.text(st.sampled_from(" \u3000\u00a0\t\n\u200b\u202d\u202c\ufeff"), max_size=3)


@given(
    st.dates(date(1900, 1, 1), date(2020, 1, 1)),
    st.integers(1, 999),
    st.lists(_NOISE, min_size=19, max_size=19),
    st.data(),
)
def test_a_sound_number_is_read_whatever_invisible_stands_in_it(
    born: date, sequence: int, noise: list[str], data: Any
) -> None:
    sound = number(f"{born:%Y%m%d}", sequence)
    spelt = sound.lower() if data.draw(st.booleans()) else sound
    if data.draw(st.booleans()):
        spelt = "".join(chr(ord(mark) + 0xFEE0) for mark in spelt)
    noisy = "".join(mark + hidden for mark, hidden in zip(spelt, noise, strict=False))
    wrap = data.draw(st.sampled_from(["{}", "'{}", '="{}"', "’{}", " {} "]))
    found = roster_cells.identity_number(roster_cells.text_of(wrap.format(noisy)))
    assert (found, problem_of(found)) == (sound, "")


@given(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.dates(), st.datetimes(), st.times(), st.text())
)
def test_nothing_makes_it_fall_over(cell: object) -> None:
    text = roster_cells.text_of(cell)
    for read in (
        roster_cells.name, roster_cells.without_note, roster_cells.identity_number, roster_cells.sex,
        roster_cells.category, roster_cells.nation_key, roster_cells.education_names, roster_cells.branch_key,
        roster_cells.phone, problem_of,
    ):  # fmt: skip
        read(text)
