"""Dates as people write them into rosters: how exactly they are known, and what must be said about the reading."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from branches.rules.people import Precision

EARLIEST_YEAR = 1900
YEARS_AHEAD = 10
_LONGEST = 60
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_TIME = re.compile(
    r"(?<=[\d日号])(T|\s+)\s*([上下]午|[AP]M)?\s*\d{1,2}([:时]\d{1,2}([:分]\d{1,2}([.,]\d+)?秒?)?分?|时)\s*([AP]M)?"
    r"\s*(Z|[+-]\d\d:?\d\d)?$",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"[\s(]*(星期|周|礼拜)[一二三四五六日天][\s)]*$")
_SEPARATORS = re.compile(r"[年月./\\\-,、—–―−‐‑_。·•・～~]+")
_SPACED = re.compile(r"(\d{2}|\d{4})\s+(\d{1,2})(?:\s+(\d{1,2}))?")
_WITHOUT_YEAR = re.compile(r"\d{1,2}月\d{1,2}[日号]?")
_CHINESE_DIGITS = re.compile(r"[〇○零一二三四五六七八九十廿卅]")
_CHINESE_NUMBER = re.compile(r"[\d〇○零一二三四五六七八九十]+")
_CHINESE = str.maketrans("〇○零一二三四五六七八九", "000123456789")
# Letters that stand for a zero between Chinese digits.
_ROUND = re.compile(r"(?<=[一二三四五六七八九〇○零OoОоΟο])[OoОоΟο]|[OoОоΟο](?=[一二三四五六七八九〇○零])")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH_DAY_FIRST = re.compile(r"(\d{1,2})[\s\-./]*([a-z]{3,9})\.?[\s\-./,]*(\d{4}|\d{2})", re.IGNORECASE)
_ENGLISH_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.?[\s\-./]*(\d{1,2}),?[\s\-./]+(\d{4})", re.IGNORECASE)
_ENGLISH_MONTH_ONLY = re.compile(r"([a-z]{3,9})\.?[\s\-./,']*(\d{4}|\d{2})", re.IGNORECASE)


@dataclass(frozen=True)
class ReadDate:
    """A date as read: `value` is the first day of what is known, `problem` a refusal, `warnings` remarks (codes)."""

    value: date | None = None
    precision: Precision = Precision.DAY
    problem: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return show(self.value, self.precision)


INVALID = ReadDate(problem="date_invalid")


def read(cell: object, *, today: date, is_month_only: bool = False) -> ReadDate:
    """Read a non-empty cell (text without invisible marks, number or date).

    Args:
        cell: what the workbook holds.
        today: decides the century of two-digit years: later than today's two digits is 19xx.
        is_month_only: a date cell whose format shows no day.
    """
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        if not EARLIEST_YEAR <= cell.year <= today.year + YEARS_AHEAD:
            return INVALID
        return ReadDate(cell.replace(day=1), Precision.MONTH) if is_month_only else ReadDate(cell)
    if isinstance(cell, str) and len(cell) > _LONGEST:
        return INVALID
    return _read(cell if isinstance(cell, int | float) else str(cell), today)


def show(value: date | None, precision: str) -> str:
    """2014-03-08, 2014-03 or 2014: what is known and nothing more."""
    if value is None:
        return ""
    return value.isoformat()[: {Precision.YEAR: 4, Precision.MONTH: 7}.get(Precision(precision), 10)]


def agrees(a: date, a_precision: str, b: date, b_precision: str) -> bool:
    """Whether two dates say the same as far as both are known."""
    exactness = min((show(a, a_precision), show(b, b_precision)), key=len)
    return a.isoformat().startswith(exactness) and b.isoformat().startswith(exactness)


@lru_cache(maxsize=8192)
def _read(cell: str | float, today: date) -> ReadDate:
    found = _from_text(cell, today) if isinstance(cell, str) else _from_number(float(cell), today)
    if found.value is not None and not EARLIEST_YEAR <= found.value.year <= today.year + YEARS_AHEAD:
        return INVALID
    return found


def _from_number(number: float, today: date) -> ReadDate:
    if not 0 <= number < 10**9:
        return INVALID
    whole = int(number)
    if number == whole:
        return _from_parts([str(whole)], today)
    if len(str(whole)) == 5:
        return _serial(whole)
    fraction = f"{number:.10g}".partition(".")[2]
    if fraction == "1":  # 2009.1 and 2009.10 are the same number: January or October
        year = _year(str(whole), today)
        if year is None:
            return INVALID
        return ReadDate(date(year[0], 1, 1), Precision.YEAR, warnings=("date_month_ambiguous", *year[1]))
    if len(fraction) == 4:
        return _from_parts([str(whole), fraction[:2], fraction[2:]], today)
    return _from_parts([str(whole), fraction], today)


def _from_text(text: str, today: date) -> ReadDate:
    text = _TIME.sub("", _WEEKDAY.sub("", text.strip().strip("'’‘`´"))).strip()
    if spaced := _SPACED.fullmatch(text):
        return _from_parts([part for part in spaced.groups() if part], today)
    if re.search("[a-z]{3}", text, re.IGNORECASE):
        return _from_english(text, today)
    text = re.sub(r"\s+", "", text)
    if re.fullmatch(r"\d{5,8}\.0+", text):  # a number that a program wrote out
        text = text.partition(".")[0]
    if _CHINESE_DIGITS.search(text):
        text = text.replace("廿", "二十").replace("卅", "三十")
        text = _CHINESE_NUMBER.sub(lambda match: _arabic(match[0]), _ROUND.sub("〇", text))
    if _WITHOUT_YEAR.fullmatch(text):
        return INVALID
    text = re.sub(r"(?<=月)份$", "", re.sub(r"(?<=\d)[日号]$", "", text))
    parts = _SEPARATORS.sub(".", text).strip(".").split(".")
    if not all(part.isascii() and part.isdigit() for part in parts):
        return INVALID
    if len(parts) == 3 and len(parts[2]) == 4 and len(parts[0]) <= 2:
        parts = _year_first(parts)
    elif len(parts) == 2 and len(parts[1]) == 4 and len(parts[0]) <= 2:  # 06/2019
        parts = [parts[1], parts[0]]
    return _from_parts(parts, today)


def _from_english(text: str, today: date) -> ReadDate:
    """30-Jun-19, June 30, 2019 and Jun-98, as English editions of a spreadsheet program show dates."""
    if match := _ENGLISH_DAY_FIRST.fullmatch(text):
        day, month, year = match.groups()
    elif match := _ENGLISH_MONTH_FIRST.fullmatch(text):
        month, day, year = match.groups()
    elif (match := _ENGLISH_MONTH_ONLY.fullmatch(text)) and int(match[2]) > 31:  # Jun-12 may be the twelfth of June
        month, year, day = match[1], match[2], ""
    else:
        return INVALID
    word = month.lower()
    number = next((at for at, name in enumerate(_MONTHS, 1) if word.startswith(name)), 0)
    return _from_parts([part for part in (year, str(number), day) if part], today)


def _from_parts(parts: list[str], today: date) -> ReadDate:
    if len(parts) == 1:
        digits = parts[0]
        if len(digits) == 5:
            return _serial(int(digits))
        if len(digits) == 8:
            parts = [digits[:4], digits[4:6], digits[6:]]
        elif len(digits) == 6 and 1 <= int(digits[4:]) <= 12 and digits[:2] in ("19", "20"):
            parts = [digits[:4], digits[4:]]
        elif len(digits) == 6:
            parts = [digits[:2], digits[2:4], digits[4:]]
        elif len(digits) != 4:
            return INVALID
    year = _year(parts[0], today)
    if year is None or len(parts) > 3 or not all(1 <= len(part) <= 2 for part in parts[1:]):
        return INVALID
    numbers = [int(part) for part in parts[1:]]
    precision = (Precision.YEAR, Precision.MONTH, Precision.DAY)[len(numbers)]
    try:
        return ReadDate(date(year[0], *[*numbers, 1, 1][:2]), precision, warnings=year[1])
    except ValueError:
        return INVALID


def _year(digits: str, today: date) -> tuple[int, tuple[str, ...]] | None:
    if len(digits) == 4:
        return int(digits), ()
    if len(digits) == 2:
        century = 1900 if int(digits) > today.year % 100 else 2000
        return century + int(digits), ("date_two_digit_year",)
    return None


def _year_first(parts: list[str]) -> list[str]:
    """6/30/2019 or 30/6/2019 turned round; what may be either is left as it is, and so refused."""
    first, second, year = parts
    if not (first and second) or int(second) > 12 or first == second:
        return [year, first, second]
    if int(first) > 12:
        return [year, second, first]
    return parts


def _serial(days: int) -> ReadDate:
    return ReadDate(_EXCEL_DAY_ZERO + timedelta(days=days), warnings=("date_serial",))


def _arabic(text: str) -> str:
    """二〇一九 → 2019, 十二 → 12, 二十 → 20."""
    tens, ten, ones = text.partition("十")
    if not ten:
        return text.translate(_CHINESE)
    return (tens.translate(_CHINESE) or "1") + (ones.translate(_CHINESE) or "0")
