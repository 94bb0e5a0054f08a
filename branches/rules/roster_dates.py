"""Dates as people write them into rosters: how exactly they are known, and what must be said about the reading."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from branches.rules.people import Precision

EARLIEST_YEAR = 1900
YEARS_AHEAD = 10
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_TIME = re.compile(r"[T\s]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
_SEPARATORS = re.compile(r"[年月./\-,、—–_]+")
_CHINESE = str.maketrans("〇○零一二三四五六七八九", "000123456789")


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
        found = ReadDate(cell.replace(day=1), Precision.MONTH) if is_month_only else ReadDate(cell)
    elif isinstance(cell, int | float):
        found = _from_number(float(cell), today)
    else:
        found = _from_text(str(cell), today)
    if found.value is not None and not EARLIEST_YEAR <= found.value.year <= today.year + YEARS_AHEAD:
        return INVALID
    return found


def show(value: date | None, precision: str) -> str:
    """2014-03-08, 2014-03 or 2014: what is known and nothing more."""
    if value is None:
        return ""
    return value.isoformat()[: {Precision.YEAR: 4, Precision.MONTH: 7}.get(Precision(precision), 10)]


def agrees(a: date, a_precision: str, b: date, b_precision: str) -> bool:
    """Whether two dates say the same as far as both are known."""
    exactness = min((show(a, a_precision), show(b, b_precision)), key=len)
    return a.isoformat().startswith(exactness) and b.isoformat().startswith(exactness)


def _from_number(number: float, today: date) -> ReadDate:
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
    text = re.sub(r"\s+", "", _TIME.sub("", text.strip()))
    if "年" in text:
        text = re.sub(r"[\d〇○零一二三四五六七八九十]+", lambda match: _arabic(match[0]), text)
    parts = _SEPARATORS.sub(".", re.sub(r"[日号]$", "", text)).strip(".").split(".")
    if not all(part.isascii() and part.isdigit() for part in parts):
        return INVALID
    if len(parts) == 3 and len(parts[2]) == 4 and len(parts[0]) <= 2:
        parts = _year_first(parts)
    return _from_parts(parts, today)


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
    if year is None or len(parts) > 3 or not all(len(part) <= 2 for part in parts[1:]):
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
    if int(second) > 12 or first == second:
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
