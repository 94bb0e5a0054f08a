"""What a line below the header is: a person, or a footer, a subtotal, an example, a heading between the people …"""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping, Sequence

from branches.rules import roster_cells
from branches.rules.headers import key_of, plain_heading
from branches.rules.roster_columns import ALL_COLUMNS, PARTS

# Somebody stands in a row where one of these is filled in.
TELLING = ("name", "identity_number", "birth_date", "joined_on", "full_on", "phone")
_NUMBER = re.compile(r"[\dXx*]{15,18}")
_FOOTER = re.compile(
    r"^((填表|制表|填报|审核|审批|复核|负责|经办|联系|统计|报送)(人|者|单位|日期|时间|员)?(签[字名]|盖章)?(:|\(|$)|"
    r"(党支部|支部|党委|党总支|党组织|单位)?(书记|负责人|审核|意见|盖章|公章)?(签[字名]|\(盖章\)|\(公章\)|盖章|公章|审核|意见)?:|"
    r"(党支部)?书记.{0,2}签|签[字名]|盖章|\(?盖章|\(?公章|注\d*[::、]|注意|备注[::]|说明[::]?|填表说明|填写说明|以下空白|以下无正文|"
    r"打印(日期|时间)|制表(日期|时间)|日期:|年月日$|第\d+页|共\d+页|共\d+[人名]|其中[:,]|截[至止]|\d{4}年\d{1,2}月\d{1,2}日$|[^:]{2,20}:$|(备注|说明|注)$|.{2,30}\((盖章|公章|签章|签[字名])\)$)"
)
_SUM = re.compile(
    r"((本页|本表|总|全部)?(小计|合计|总计|共计|总人数|总数)[:(]?(\d+[人名]?)?\)?(其中.*)?|.{2,}(小计|合计|总计)(:?\d+[人名]?)?)"
)
_EXAMPLE = re.compile(
    r"^[(\[【<]?(填写|填表|[此本该]行(为|是)?)?(示例|样例|范例|例子|举例|例如?:|如:|例$|例[)\]】\d:])|[(\[【](示例|样例|范例|例)[)\]】]$"
)
_HINT = re.compile(r"^(非?必填|选填|请|须|必须|按|与身份证|填写|不得|不能|不要|不可|只能|文本|字符|[(\[【].*[)\]】]$)")
_HINT_ONLY = re.compile(
    r"(非?必填|选填|请?填写|文本|字符|必须|须|[(\[【].*|(不[得能可要]|只能|按|与|请).*)[项写填型串数]*"
)
_COLUMN_NUMBER = re.compile(r"\(?\d{1,2}\)?|[甲乙丙丁戊己庚辛壬癸]|[A-Za-z]|[A-Z]{2}|栏次|行次|序号|-{1,2}")
_HEADING_BETWEEN = re.compile(r"^(\(?[一二三四五六七八九十]+[)、.．]|第[一二三四五六七八九十]+部分)")
_TITLE = re.compile(r"(花名册|名册|名单|信息表|登记表|采集表|统计表|情况表|一览表|明细表|台账|续表)(\(.*\))?$")
_CONTINUED = re.compile(r"\(?续[表页]?[一二三四五\d]*\)?")
_COUNTED = re.compile(r"(\(.*\)|[:,、;]|共?\d+[人名])+$")
_NO_UNIT = re.compile(
    r"续|页|以下|以上|党员$|人员$|同志$|^(男|女|在职|在岗|退休|离休|离退休|正式|预备|流动|其他|其它)$"
)
# Zero, and zero shown as a day.
_NOTHING = re.compile(r"0+|(1900[-/.年]0?1[-/.月]0+日?|1899-12-3[01]|1900-01-01)?( ?00:00(:00)?)?")
_LONGEST_EXAMPLE = 20


def texts_of(cells: Mapping[str, object]) -> dict[str, str]:
    """The plain texts of the cells that say something, by field."""
    texts = {}
    for key, cell in cells.items():
        text = roster_cells.text_of(cell) if cell != "" else ""
        if text and not roster_cells.is_blank_text(text):
            texts[key] = text
    return texts


def join_dates(cells: MutableMapping[str, object]) -> None:
    """Make one text of the year, month and day that stand in columns of their own; a part that is wanting before one
    that is told makes it no date."""
    for key, (month, day) in PARTS.items():
        parts = [_part(cells.pop(month.key, "")), _part(cells.pop(day.key, ""))]
        if any(parts):
            told = [_part(cells.get(key)), *(parts if parts[1] else parts[:1])]
            cells[key] = ".".join(part or "?" for part in told)


def is_person(row: Sequence[object], texts: Mapping[str, str]) -> bool:
    """Whether a row below the header is about somebody.

    Args:
        row: all its cells.
        texts: those under a known heading that say something (`texts_of`).
    """
    name, number = texts.get("name", ""), texts.get("identity_number", "")
    if _says_example(row):
        return False
    if name and len(name) < 20 and _NUMBER.fullmatch(number):
        return True
    told = [key for key in TELLING if key in texts and not _is_leftover(texts[key])]
    if not told:
        return False
    filled = [roster_cells.squeezed(text) for cell in row if (text := roster_cells.text_of(cell))]
    if has_number(texts):
        return True
    return not (_is_closing(filled, name) or _is_about_columns(filled, texts) or _stands_between(filled, name, told))


def is_closing(row: Sequence[object]) -> bool:
    """Whether a row is a footer or a sum by what stands first in it."""
    filled = [roster_cells.squeezed(text) for cell in row if (text := roster_cells.text_of(cell))]
    return bool(filled) and _is_closing(filled, "")


def unit_named(said: Sequence[str]) -> str:
    """What a heading between the people may name that is no branch anybody knows; "" where it is about something else.

    Args:
        said: the texts of a row that is no person (`heading_text`).
    """
    if not said or len(said) > 3:
        return ""
    text = roster_cells.squeezed(next((one for one in said if not _COLUMN_NUMBER.fullmatch(one)), ""))
    bare = _COUNTED.sub("", _HEADING_BETWEEN.sub("", text))
    is_other = _NO_UNIT.search(bare) or _TITLE.search(bare) or _is_closing([text], "") or len(bare) > 30
    return "" if is_other or not re.search("[^\x00-\x7f]", bare) else bare


def title_between(said: Sequence[str]) -> str:
    """The title of a further table; "" for every other row."""
    text = roster_cells.squeezed(said[0]) if len(said) == 1 else ""
    return _CONTINUED.sub("", text) if _TITLE.search(text) else ""


def ordinal_of(said: Sequence[str]) -> str:
    """How a heading is numbered, as "一、", "(一)" or "1.": headings of one kind name one kind of thing."""
    found = (
        re.match(r"(\(?)([一二三四五六七八九十]+|\d{1,2})([)、.．:]?)", roster_cells.squeezed(said[0]))
        if said
        else None
    )
    if found is None or not (found[1] or found[3]):
        return ""
    return f"{found[1]}{'1' if found[2].isascii() else '一'}{found[3]}"


def has_number(texts: Mapping[str, str]) -> bool:
    """Whether there is something like an identity number in its column."""
    return _NUMBER.search(roster_cells.identity_number(texts.get("identity_number", ""))) is not None


def heading_text(row: Sequence[object]) -> list[str]:
    """What stands in a row that is no person, from left to right, each text once."""
    return list(dict.fromkeys(text for cell in row if (text := roster_cells.text_of(cell))))


def category_of_section(texts: Sequence[str]) -> str:
    """The category a row between the people names, as in 二、预备党员（3人）; "" for none."""
    if len(texts) > 2 or not texts:
        return ""
    plain = re.sub(r"\(.*\)|[::]|共?\d+[人名]$", "", _HEADING_BETWEEN.sub("", roster_cells.squeezed(texts[0])))
    is_one = len(plain) <= 10 and (roster_cells.category(plain) or roster_cells.is_not_a_member(plain))
    return plain if is_one else ""


def _part(cell: object) -> str:
    text = roster_cells.text_of(cell)
    return "" if roster_cells.is_blank_text(text) else text.rstrip("年月日号")


def _is_leftover(text: str) -> bool:
    """What a formula prepared for an empty line shows."""
    return _NOTHING.fullmatch(text) is not None or roster_cells.is_error(text)


def _says_example(row: Sequence[object]) -> bool:
    for cell in row:
        if not isinstance(cell, str) or len(cell) >= _LONGEST_EXAMPLE:
            continue
        if ("例" in cell or cell[:1] == "如") and _EXAMPLE.search(roster_cells.text_of(cell)):
            return True
    return False


def _is_closing(filled: Sequence[str], name: str) -> bool:
    """A footer or a sum: said by what stands first, or where the name would be."""
    return any(
        _FOOTER.search(text) or _SUM.fullmatch(text) for text in {filled[0], roster_cells.squeezed(name)} if text
    )


def _is_about_columns(filled: Sequence[str], texts: Mapping[str, str]) -> bool:
    """The header again at the top of a page, the numbers of the columns, hints how to fill them in."""
    if all(_COLUMN_NUMBER.fullmatch(text) for text in filled):
        return True
    if _HINT.search(texts.get("name", "")) and not _is_named_like_a_hint(texts):
        return True
    headings = sum(1 for text in filled if key_of(plain_heading(text), ALL_COLUMNS))
    return headings >= 2 and headings * 2 >= len(filled) and not _is_value(texts)


def _is_named_like_a_hint(texts: Mapping[str, str]) -> bool:
    """文本华 is a name, where sex and a date stand beside it."""
    is_short = 2 <= len(texts["name"]) <= 4 and _HINT_ONLY.fullmatch(texts["name"]) is None
    has_date = any(re.match(r"\d{4}", texts.get(key, "")) for key in ("birth_date", "joined_on", "full_on"))
    return is_short and has_date and _is_value(texts)


def _is_value(texts: Mapping[str, str]) -> bool:
    return "sex" in texts and roster_cells.sex(texts["sex"]) is not None


def _stands_between(filled: Sequence[str], name: str, told: Sequence[str]) -> bool:
    """A title or a heading between the people, in the column of the name."""
    if told != ["name"] or len(filled) > 3:
        return False
    text = roster_cells.squeezed(name)
    return bool(_TITLE.search(text) or _HEADING_BETWEEN.search(text) or len(text) > 30 or category_of_section([text]))
