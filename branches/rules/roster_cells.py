"""Single cells of a roster: what people type, brought to one spelling. Unknown is `None`, never a guess."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from functools import lru_cache

from branches.rules.people import Category, Sex

# Forms ask to write 无 or a dash where there is nothing to say.
_BLANK = re.compile(r"(无|没有|暂无|空|不详|[—–/\\-]{1,2}|N/A|NULL)?", re.IGNORECASE)
_WRAPPED = re.compile(r'^=\s*"(.*)"$')
_CODE_PREFIX = re.compile(r"^\d+[_.\-、 ]+")
_MIDDLE_DOTS = str.maketrans(dict.fromkeys("•・‧∙⋅●．.･", "·"))
_BETWEEN_HAN = re.compile(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])")

_SEXES = {"男": Sex.MALE, "男性": Sex.MALE, "1": Sex.MALE, "女": Sex.FEMALE, "女性": Sex.FEMALE, "2": Sex.FEMALE}
_CATEGORIES = {
    **dict.fromkeys(("正式党员", "正式", "正", "中共正式党员"), Category.FULL),
    **dict.fromkeys(("预备党员", "预备", "预", "中共预备党员"), Category.PROBATIONARY),
}
# 政治面貌 in the place of 人员类别: that code table lists 预备党员 apart, so this is most likely a full member.
GUESSED_CATEGORIES = {"中共党员": Category.FULL, "党员": Category.FULL, "共产党员": Category.FULL}
_NOT_MEMBERS = re.compile(r"积极分子|发展对象|申请人|申请入党|团员|群众|出党|死亡|去世|除名|脱党|开除|民主党派|无党派")

# Words in a spelling, most telling first, and the level's name in the code table.
_EDUCATION = (
    ("博士", "博士研究生"),
    ("硕士", "硕士研究生"),
    ("研究生班", "研究生班"),
    ("研究生", "研究生"),
    ("中专", "中等专科"),
    ("中等专", "中等专科"),
    ("职高", "职业高中"),
    ("职业高中", "职业高中"),
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


def text_of(cell: object) -> str:
    """A cell as plain text: half-width, without invisible marks, the `="…"` of exports and a leading apostrophe."""
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{cell:.15g}"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return _plain_text(str(cell))


@lru_cache(maxsize=1024)  # every reader of a row asks for the same few cells again
def _plain_text(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    if not text.isprintable():
        text = "".join(mark for mark in text if mark.isspace() or unicodedata.category(mark) not in ("Cf", "Cc"))
    text = re.sub(r"\s+", " ", text).strip()
    wrapped = _WRAPPED.match(text)
    return (wrapped[1] if wrapped else text).strip().removeprefix("'").strip()


def is_blank(cell: object) -> bool:
    """Whether a cell says nothing."""
    return _BLANK.fullmatch(text_of(cell)) is not None


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def name(text: str) -> str:
    """张 三 → 张三; the dot inside names of minorities becomes "·"; spaces between Latin words stay."""
    text = _BETWEEN_HAN.sub("", text)
    return re.sub(r"\s*·\s*", "·", text.translate(_MIDDLE_DOTS)) if not text.isascii() else text


def identity_number(text: str) -> str:
    return re.sub(r"[\s\-]+", "", text).upper()


def sex(text: str) -> Sex | None:
    return _SEXES.get(_CODE_PREFIX.sub("", squeezed(text)))


def category(text: str) -> Category | None:
    return _CATEGORIES.get(_CODE_PREFIX.sub("", squeezed(text)))


def guessed_category(text: str) -> Category | None:
    return GUESSED_CATEGORIES.get(_CODE_PREFIX.sub("", squeezed(text)))


def is_not_a_member(text: str) -> bool:
    """Whether the category names somebody who is not (or no longer) a party member."""
    return bool(_NOT_MEMBERS.search(squeezed(text)))


def nation_key(text: str) -> str:
    """汉, 汉族, 868_汉族 → 汉: equal for the same nation."""
    return _CODE_PREFIX.sub("", squeezed(text)).removesuffix("族")


def education_names(text: str) -> tuple[str, str]:
    """A spelling as it stands and the level's usual name: 省委党校研究生 → 研究生; "" where none is known."""
    plain = _CODE_PREFIX.sub("", squeezed(text))
    return plain, next((level for word, level in _EDUCATION if word in plain), "")


def branch_key(text: str) -> str:
    """Names of branches are compared whole, without white space: 第一党支部 is never 第十一党支部."""
    return squeezed(text)


def phone(text: str) -> str | None:
    """The first telephone number in the cell, digits only for mobiles; None if there is none."""
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
