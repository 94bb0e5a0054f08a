"""Rosters in twelve columns of people who do not exist."""

from __future__ import annotations

import io

import xlsxwriter

from branches.rules.identity_numbers import check_character

HEADINGS = (
    "姓名", "性别", "民族", "公民身份号码", "出生日期", "学历", "籍贯", "加入党组织日期", "转为正式党员日期",
    "人员类别", "所在党支部", "联系电话",
)  # fmt: skip
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰红梅建国志海"


def person(number: int, branches: int) -> tuple[str, ...]:
    """The cells of the person of that number; numbers one after the other stand in branches one after the other."""
    name = SURNAMES[number % 20] + GIVEN[number // 20 % len(GIVEN)] + GIVEN[number // 640 % len(GIVEN)]
    year, month, day = 1955 + number % 45, 1 + number // 45 % 12, 1 + number // 540 % 28
    first = f"{139900 + number // 15120 // 999 % 90:06}{year}{month:02}{day:02}{number // 15120 % 999:03}"
    identity = first + check_character(first)
    man = int(identity[16]) % 2 == 1
    return (
        name,
        "男" if man else "女",
        "汉族",
        identity,
        f"{year}.{month:02}",
        "大学本科",
        "青岭省青岭市",
        f"{year + 22}.07.01",
        f"{year + 23}.07.01",
        "正式党员",
        f"第{number % branches + 1}党支部",
        f"138{number:08}",
    )


def roster(people: range, branches: int) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("党员花名册")
        sheet.write_row(0, 0, HEADINGS)
        for row, number in enumerate(people, start=1):
            for column, cell in enumerate(person(number, branches)):
                sheet.write_string(row, column, cell)
    return target.getvalue()
