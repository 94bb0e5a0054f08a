"""Single cells of a roster: what people type, brought to one spelling. Unknown is `None`, never a guess."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from functools import lru_cache

from branches.rules.people import Category, Sex

# Forms ask to write 无 or a dash where there is nothing to say.
_BLANK_WORDS = frozenset(("", "无", "没有", "暂无", "空", "不详", "未知", "n/a", "null", "none", "nan"))
_DASHES = frozenset("—–―─━/\\-_.。*")
_LONGEST_BLANK = 8
_LONGEST_KEPT = 100
_ERRORS = frozenset(("#VALUE!", "#REF!", "#N/A", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"))
_WRAPPED = re.compile(r'^=\s*(?:T\()?["“”](.*)["“”]\)?$')
_APOSTROPHES = "'’‘`´"
# Invisible, though no format character: fillers, braille blank, selectors of variants.
_FILLERS = re.compile("[\u034f\u115f\u1160\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
_SPACES = re.compile(r"\s+")
_CODE_PREFIX = re.compile(r"^\d+[_.\-、 ]*(?=\D)")
_MIDDLE_DOTS = str.maketrans(dict.fromkeys("•・‧∙⋅●．.。･⸱ꞏ᛫⚫∘◦˙", "·"))
_BETWEEN_HAN = re.compile(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])")
# What people note behind a name: 张三（女）, 李四（预备）.
_NOTE = re.compile(
    r"(?<=[^\x00-\x7f])\s*\((?:男|女|[^()]{1,4}族|预备|正式|预备党员|正式党员)\)$|(?<=[^\x00-\x7f])[*★☆△▲]+$"
)
_UNUSUAL = re.compile(r"[\d()\[\]{}<>/\\|*#@!?,，、;:；：=+…]|[^\x00-\x7f·]{2} [^\x00-\x7f·]{2}|[^\x00-\x7f][A-Za-z]$")

_SEXES = {"男": Sex.MALE, "男性": Sex.MALE, "1": Sex.MALE, "女": Sex.FEMALE, "女性": Sex.FEMALE, "2": Sex.FEMALE}
_CATEGORIES = {
    **dict.fromkeys(("正式", "正", "正式的"), Category.FULL),
    **dict.fromkeys(("预备", "预", "预备期", "预备期内"), Category.PROBATIONARY),
}
# 政治面貌 in the place of 人员类别: that code table lists 预备党员 apart, so this is most likely a full member.
GUESSED_CATEGORIES = dict.fromkeys(("中共党员", "党员", "共产党员", "中国共产党党员"), Category.FULL)
_NOT_MEMBERS = re.compile(
    r"积极分子|发展对象|培养对象|申请人|申请入党|入党申请|团员|群众|非党员|出党|死亡|去世|病故|除名|脱党|退党|开除|转出|民主党派|无党派|"
    r"^(民革|民盟|民建|民进|农工|致公|九三|台盟)"
)
# 含预备党员 names a table's whole column; 预备党员已转正 says both.
_NOT_YET = re.compile(r"非|未|拟|待|申请|培养|取消|含|预备.*转正")

# Words in a spelling, most telling first, and the level's name in the code table.
_EDUCATION = (
    ("博士", "博士研究生"),
    ("硕士", "硕士研究生"),
    ("研究生班", "研究生班"),
    ("研究生", "研究生"),
    ("专升本", "大学本科"),
    ("中专", "中等专科"),
    ("中师", "中等专科"),
    ("中等专", "中等专科"),
    ("职高", "职业高中"),
    ("职业高中", "职业高中"),
    ("职中", "职业高中"),
    ("技校", "技工学校"),
    ("技工", "技工学校"),
    ("中技", "技工学校"),
    ("专科", "大学专科"),
    ("大专", "大学专科"),
    ("本科", "大学本科"),
    ("学士", "大学本科"),
    ("大学", "大学本科"),
    ("高中", "普通高中"),
    ("初中", "初中"),
    ("小学", "小学"),
)


_NATIONS = {"维": "维吾尔", "哈": "哈萨克", "蒙": "蒙古", "柯": "柯尔克孜", "锡": "锡伯"}


def text_of(cell: object) -> str:
    """A cell as plain text: half-width, without invisible marks, the `="…"` of exports and a leading apostrophe."""
    if isinstance(cell, str):
        return _plain_text(cell) if len(cell) < _LONGEST_KEPT else _plain_text.__wrapped__(cell)
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{cell:.15g}"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return _plain_text(str(cell))


@lru_cache(maxsize=4096)  # most cells of a column say the same few things
def _plain_text(text: str) -> str:
    if not text.isascii():
        text = _FILLERS.sub("", unicodedata.normalize("NFKC", text))
    if not text.isprintable():
        text = "".join(mark for mark in text if mark.isspace() or unicodedata.category(mark) not in ("Cf", "Cc"))
        text = _SPACES.sub(" ", text)
    elif "  " in text:
        text = _SPACES.sub(" ", text)
    text = text.strip()
    if text[:1] == "=" and (wrapped := _WRAPPED.match(text)):
        text = wrapped[1].strip()
    return text.lstrip(_APOSTROPHES).strip()


def is_blank(cell: object) -> bool:
    """Whether a cell says nothing."""
    return is_blank_text(text_of(cell))


def is_blank_text(text: str) -> bool:
    """The same of a cell's plain text."""
    return len(text) < _LONGEST_BLANK and (text.lower() in _BLANK_WORDS or _DASHES.issuperset(text))


def is_error(text: str) -> bool:
    """Whether a formula has failed."""
    return text[:1] == "#" and text.upper() in _ERRORS


def squeezed(text: str) -> str:
    return "".join(text.split())


def name(text: str) -> str:
    """张 三 → 张三; the dot inside names of minorities becomes "·"; spaces between Latin words stay."""
    if text.isascii():
        return text
    if " " in text or not text.isprintable():  # other white space is not printable: forms hand on what was typed
        text = _BETWEEN_HAN.sub("", text)
    text = text.translate(_MIDDLE_DOTS)
    return re.sub(r"\s*·+\s*", "·", text).strip("·") if "·" in text else text


def without_note(text: str) -> str:
    """张三（女） → 张三; a name without a note stays as it is."""
    return _NOTE.sub("", text) if text[-1:] in ")*★☆△▲" else text


def is_unusual_name(text: str) -> bool:
    """Whether a name holds what names do not: digits, brackets, enumerations, two names, a letter behind it."""
    return len(name(text)) < 2 or _UNUSUAL.search(text) is not None


def identity_number(text: str) -> str:
    return "".join(text.split()).replace("-", "").upper()


@lru_cache(maxsize=512)
def sex(text: str) -> Sex | None:
    return _SEXES.get(_CODE_PREFIX.sub("", squeezed(text)))


@lru_cache(maxsize=512)
def category(text: str) -> Category | None:
    """正式党员, 中共预备党员, 223_正式党员, 预; never by a number alone."""
    plain = _CODE_PREFIX.sub("", squeezed(text))
    if known := _CATEGORIES.get(plain):
        return known
    if is_not_a_member(plain) or _NOT_YET.search(plain) or "党员" not in plain:
        return None
    is_full, is_probationary = "正式" in plain, "预备" in plain
    if is_full == is_probationary:
        return None
    return Category.FULL if is_full else Category.PROBATIONARY


def guessed_category(text: str) -> Category | None:
    return GUESSED_CATEGORIES.get(_CODE_PREFIX.sub("", squeezed(text)))


@lru_cache(maxsize=512)
def is_not_a_member(text: str) -> bool:
    """Whether the category names somebody who is not (or no longer) a party member."""
    return bool(_NOT_MEMBERS.search(squeezed(text)))


@lru_cache(maxsize=512)
def nation_key(text: str) -> str:
    """汉, 汉族, 868_汉族 → 汉: equal for the same nation."""
    plain = _CODE_PREFIX.sub("", squeezed(text)).removesuffix("族")
    return _NATIONS.get(plain, plain)


@lru_cache(maxsize=512)
def education_names(text: str) -> tuple[str, str]:
    """A spelling as it stands and the level's usual name: 省委党校研究生 → 研究生; "" where none is known."""
    plain = _CODE_PREFIX.sub("", squeezed(text))
    return plain, next((level for word, level in _EDUCATION if word in plain), "")


@lru_cache(maxsize=2048)
def branch_key(text: str) -> str:
    """Names of branches are compared whole, without white space and width: 第一党支部 is never 第十一党支部."""
    return squeezed(unicodedata.normalize("NFKC", text)).casefold()


def phone(text: str) -> str | None:
    """The first telephone number in the cell, digits only for mobiles; None if there is none."""
    if len(text) == 11 and text[0] == "1" and text.isdigit():
        return text
    for part in (text, *re.split(r"[,、/;]", text), *text.split()):
        digits = re.sub(r"[\s\-()+]", "", part)
        mobile = re.fullmatch(r"(?:86)?(1\d{10})", digits)
        if mobile:
            return mobile[1]
        if re.fullmatch(r"(0\d{2,3}-?)?\d{7,8}(-\d{1,5})?", part.strip()):
            return part.strip()
    return None


def is_masked_phone(text: str) -> bool:
    return bool(re.fullmatch(r"\d{2,4}\*{3,}\d{0,4}|\*{3,}", squeezed(text)))
