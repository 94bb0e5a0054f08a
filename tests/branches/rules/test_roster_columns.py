from __future__ import annotations

from branches.rules.headers import Header, find_header, plain_heading
from branches.rules.roster_columns import ALL_COLUMNS, BY_KEY, COLUMNS, NOT_READ


def found(*rows: list[object]) -> Header:
    header = find_header(rows, ALL_COLUMNS)
    assert header is not None
    return header


def test_no_heading_means_two_things() -> None:
    headings = [heading for column in BY_KEY.values() for heading in column.headings]
    assert len(headings) == len(set(headings))
    assert all(plain_heading(heading) == heading for heading in headings)


def test_what_is_not_read_is_none_of_ours_and_is_spelt_plainly() -> None:
    assert not NOT_READ & {heading for column in BY_KEY.values() for heading in column.headings}
    assert {heading for heading in NOT_READ if plain_heading(heading) != heading} == set()
    for heading in NOT_READ:
        assert len(found(["姓名", "性别", "民族", heading]).columns) == 3, heading


def test_our_own_form_is_understood() -> None:
    header = found(["提示"], [f"*{c.heading}" if c.is_required else c.heading for c in COLUMNS])
    assert header.columns == {column.key: at for at, column in enumerate(COLUMNS)}


def test_the_header_of_the_national_system_is_understood() -> None:
    headings: list[object] = [
        "姓名", "性别", "公民身份号码", "民族", "出生日期", "学历", "人员类别", "学位", "所在党支部",
        "手机号码", "入党日期", "转正日期", "党龄", "党龄校正值", "新社会阶层类型", "工作岗位",
        "从事专业技术职务", "是否农民工", "现居住地", "户籍所在地", "是否失联党员", "是否流动党员",
        "党员注册时间", "注册手机号", "党员增加信息", "党员减少信息", "入党类型", "转正情况", "入党时所在支部",
        "延长预备期时间",
    ]  # fmt: skip
    header = found(headings)
    assert header.columns == {
        "name": 0, "sex": 1, "identity_number": 2, "nation": 3, "birth_date": 4, "education": 5, "category": 6,
        "branch": 8, "phone": 9, "joined_on": 10, "full_on": 11, "position_title": 15, "home_address": 18,
    }  # fmt: skip
    assert {heading for at, heading in enumerate(header.headings) if at not in header.columns.values()} <= NOT_READ


def test_a_position_in_the_party_is_not_the_position() -> None:
    header = found(["姓名", "性别", "党内职务", "岗位职务"])
    assert header.columns["position_title"] == 3
    assert "position_title" not in found(["姓名", "性别", "民族", "党内职务"]).columns


def test_of_two_columns_for_one_thing_the_more_telling_wins() -> None:
    header = found(["姓名", "入党时间", "加入党组织日期", "政治面貌", "人员类别"])
    assert (header.columns["joined_on"], header.columns["category"]) == (2, 4)
