"""What the number format of a spreadsheet cell says: a number, a day, a month without a day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

# The built-in formats that stand for dates and times, those of Chinese editions among them; the second without a day:
# mmm-yy and yyyy年m月 (ECMA-376 part 1, 18.8.30).
_DATES = frozenset([*range(14, 23), *range(27, 37), *range(50, 59)])
_MONTHS = frozenset({17, 27, 36, 50, 52, 57})
_DAY_SECONDS = 86_400


@dataclass(frozen=True)
class CellFormats:
    """By the number of a cell's style: whether it shows a date, and whether one without its day."""

    dates: Sequence[bool] = ()
    months: Sequence[bool] = ()

    @classmethod
    def of(cls, styles: Sequence[int], codes: dict[int, str]) -> CellFormats:
        """Args: styles: the number format of each style; codes: the formats the file itself defines."""
        return cls(
            [shows_date(codes[number]) if number in codes else number in _DATES for number in styles],
            [shows_no_day(codes[number]) if number in codes else number in _MONTHS for number in styles],
        )


def shows_date(format_code: str) -> bool:
    """Whether a number format shows a date or a time: yyyy-mm-dd, h:mm; a length of time, [h]:mm, is none."""
    plain = _first_section(format_code)
    return re.search("[ymdhs]", plain) is not None and re.search(r"\[[hms]+\]", format_code.lower()) is None


def shows_no_day(format_code: str) -> bool:
    """Whether a number format shows year and month but no day: yyyy"年"m"月", yyyy.mm."""
    plain = _first_section(format_code)
    return "y" in plain and "m" in plain and not re.search("[dhs]", plain)


@lru_cache(maxsize=4096)
def moment(number: float, *, is_1904: bool) -> object:
    """The date, or date with time, or time a number stands for; the number itself if it stands for none.

    Args:
        number: days, from the last day of 1899 or, in workbooks once made on a Macintosh, from the first of 1904.
    """
    if 0 < number < 1 and not is_1904:
        return (
            datetime.combine(date.min, time()) + timedelta(seconds=round(number * _DAY_SECONDS) % _DAY_SECONDS)
        ).time()
    # 1900 counts as a leap year in spreadsheets: the 60th day never was.
    first = date(1904, 1, 1) if is_1904 else date(1899, 12, 31) if number < 60 else date(1899, 12, 30)
    try:
        found = datetime.combine(first, time()) + timedelta(seconds=round(number * _DAY_SECONDS))
    except OverflowError:
        return number
    if number < 0 or (60 <= number < 61 and not is_1904):
        return number
    return found.date() if found.time() == time() else found


def _first_section(format_code: str) -> str:
    """What is shown of a positive number, without text, colours and the words for before and after noon."""
    plain = re.sub(r'"[^"]*"|\[[^\]]*\]|[\\_*].', "", format_code).lower()
    return re.sub(r"am/pm|a/p", "", plain).partition(";")[0]
