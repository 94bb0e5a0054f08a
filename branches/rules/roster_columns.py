"""The columns of a roster: what our own workbooks call them, and under which headings other workbooks have them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """`headings`: ours first, then the others by trust; where two columns fit, the earlier heading wins."""

    key: str
    headings: tuple[str, ...]
    width: int = 12
    is_required: bool = False

    @property
    def heading(self) -> str:
        return self.headings[0]


COLUMNS = (
    Column("name", ("姓名", "党员姓名", "用户姓名", "成员姓名"), 10, is_required=True),
    Column("sex", ("性别",), 6),
    Column("nation", ("民族",), 8),
    Column(
        "identity_number",
        (
            "公民身份号码", "身份证号码", "身份证号", "身份证", "公民身份证号", "公民身份证号码", "居民身份证号",
            "居民身份证号码", "用户身份证号码", "身份号码", "证件号码",
        ),
        22,
        is_required=True,
    ),
    Column("birth_date", ("出生日期", "出生年月", "出生年月日", "出生时间", "生日")),
    Column("education", ("学历", "最高学历", "文化程度", "教育程度", "受教育程度"), 14),
    Column("native_place", ("籍贯",)),
    Column(
        "joined_on",
        (
            "加入党组织日期", "加入党组织时间", "入党日期", "入党时间", "接收预备党员日期", "成为预备党员时间",
            "成为预备党员日期", "发展时间", "入党年月",
        ),
        16,
        is_required=True,
    ),
    Column("full_on", ("转为正式党员日期", "转正日期", "转正时间", "正式转正日期", "转为正式党员时间", "转正年月"), 18),
    Column(
        "category",
        ("人员类别", "党员类别", "党员类型", "预/正", "正/预", "组织身份", "类别", "政治面貌", "政治背景"),
        12,
        is_required=True,
    ),
    Column(
        "branch",
        (
            "所在党支部", "所在支部", "所属党支部", "所属支部", "党支部名称", "支部名称", "党支部", "支部", "支部信息",
            "所在组织", "所属组织", "所在党组织", "所属党组织", "所属党组织名称", "组织",
        ),
        24,
        is_required=True,
    ),
    Column("position_title", ("职务", "单位及职务", "单位、职务或职业", "岗位职务", "工作岗位", "职务职级"), 18),
    Column("phone", ("联系电话", "手机号码", "手机号", "手机", "电话号码", "电话", "联系方式", "移动电话"), 16),
    Column("home_address", ("家庭住址", "家庭地址", "现住址", "现居住地", "居住地址", "住址"), 30),
)  # fmt: skip
# Read, but not written into our workbooks. "党籍状态" is sometimes the category and sometimes good standing.
SERIAL = Column("serial", ("序号", "编号", "序列"), 6)
STANDING = Column("standing", ("党籍状态", "党员状态"))
BY_KEY = {column.key: column for column in (*COLUMNS, SERIAL, STANDING)}
_BY_HEADING = {heading: (key, rank) for key, column in BY_KEY.items() for rank, heading in enumerate(column.headings)}

HEADER_WITHIN_ROWS = 30
_FEWEST_COLUMNS = 3


@dataclass(frozen=True)
class Header:
    """Where the header is and which column holds which field; indexes from 0 within the given rows."""

    first_row: int
    last_row: int
    columns: Mapping[str, int]
    labels: Mapping[str, str]


def plain_heading(text: object) -> str:
    """A heading without white space, stars, colons and a trailing hint in brackets."""
    plain = unicodedata.normalize("NFKC", str(text or ""))
    plain = "".join(mark for mark in plain if not mark.isspace() and unicodedata.category(mark) != "Cf")
    plain = plain.strip("*★※:")
    return re.sub(r"(?<=.)[(\[【][^()\[\]【】]*[)\]】]\**$", "", plain).strip("*★※:")


def find_header(rows: Sequence[Sequence[object]]) -> Header | None:
    """The first row (or two) among the first ones that names enough columns, the name among them; None without one."""
    for index, row in enumerate(rows[:HEADER_WITHIN_ROWS]):
        alone = _header(index, [row])
        if alone is None:
            continue
        below = rows[index + 1] if index + 1 < len(rows) else []
        both = _header(index, [row, below]) if _continues(row, below) else None
        return both if both and len(both.columns) > len(alone.columns) else alone
    return None


def repeats_header(row: Sequence[object], header: Header) -> bool:
    """Whether a row names the columns again, as at the top of each printed page."""
    again = sum(
        1
        for key, at in header.columns.items()
        if at < len(row) and _BY_HEADING.get(plain_heading(row[at]), ("",))[0] == key
    )
    return again >= _FEWEST_COLUMNS


def _header(index: int, rows: list[Sequence[object]]) -> Header | None:
    ranked: dict[str, tuple[int, int]] = {}
    labels: dict[str, str] = {}
    for at in range(max(len(row) for row in rows)):
        texts = [plain_heading(row[at]) if at < len(row) else "" for row in rows]
        for text in dict.fromkeys((texts[-1], texts[0], "".join(texts))):
            key, rank = _BY_HEADING.get(text, ("", 0))
            if not key:
                continue
            if key not in ranked or rank < ranked[key][0]:
                ranked[key] = (rank, at)
                labels[key] = text
            break
    if "name" not in ranked or len(ranked) < _FEWEST_COLUMNS:
        return None
    columns = {key: at for key, (_rank, at) in ranked.items()}
    if "category" not in columns and "standing" in columns:
        columns["category"], labels["category"] = columns["standing"], labels["standing"]
    return Header(index, index + len(rows) - 1, columns, labels)


def _continues(upper: Sequence[object], lower: Sequence[object]) -> bool:
    """Whether the lower row is the second half of a header: headings in it, and nothing under the name."""
    texts = [plain_heading(cell) for cell in lower]
    at = next(number for number, cell in enumerate(upper) if _BY_HEADING.get(plain_heading(cell), ("",))[0] == "name")
    under_name = texts[at] if at < len(texts) else ""
    joined = [plain_heading(cell) + text for cell, text in zip(upper, texts, strict=False) if text]
    return not under_name and any(text in _BY_HEADING for text in [*texts, *joined])
