from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from branches.rules import roster_cells, roster_dates
from branches.rules.people import Precision

TODAY = date(2020, 10, 26)


@pytest.mark.parametrize(
    "cell",
    [
        "2019.13", "2019-02-30", "2019.6.31", "不详的一年", "20191301", "1899.1", "2031.01.01", "13.14.15", "6/7/2019",
        "2019-06-30-1", "一九年", "619901196206197086", "12", "1/2", 12345678.0, 2019.13, 0.5, -1.0, 1e12,
        "10月8日", "5月3日", "2019-06-00", "1998年以前", "Jun-12", "31-Jun-19", "Foo 3, 2019", "1/99999999999/2019",
        "2019" * 30, float("inf"), float("nan"), "二〇一九年十三月", "30/06/98",
    ],
)  # fmt: skip
def test_what_is_no_date_is_refused(cell: object) -> None:
    found = roster_dates.read(cell, today=TODAY)
    assert found.problem == "date_invalid"
    assert found.value is None


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("1998-07-01", "1998-07-01"),
        ("1998/7/1", "1998-07-01"),
        ("1998.7.1", "1998-07-01"),
        (" 1998. 7. 1 ", "1998-07-01"),
        ("1998年7月1日", "1998-07-01"),
        ("1998年07月01号", "1998-07-01"),
        ("19980701", "1998-07-01"),
        ("1998-07-01 00:00:00", "1998-07-01"),
        ("1998-07-01T08:30", "1998-07-01"),
        ("30/6/2019", "2019-06-30"),
        ("6/30/2019", "2019-06-30"),
        ("一九九八年七月一日", "1998-07-01"),
        ("二〇一九年六月", "2019-06"),
        ("二零一九年六月三十日", "2019-06-30"),
        ("二O一九年六月", "2019-06"),
        ("一九九八年七月廿一日", "1998-07-21"),
        ("1998。7。1", "1998-07-01"),
        ("1998、7、1", "1998-07-01"),
        ("1998,7,1", "1998-07-01"),
        ("1998—7—1", "1998-07-01"),
        ("1998\\7\\1", "1998-07-01"),
        ("1998 7 1", "1998-07-01"),
        ("1998.7.1.", "1998-07-01"),
        ("1998-07-01 星期三", "1998-07-01"),
        ("1998-07-01T00:00:00.000Z", "1998-07-01"),
        ("1998/7/1 上午 12:00:00", "1998-07-01"),
        ("1998/7/1 12:00:00 AM", "1998-07-01"),
        ("1998年7月份", "1998-07"),
        ("07/1998", "1998-07"),
        ("19980701.0", "1998-07-01"),
        ("1-Jul-1998", "1998-07-01"),
        ("July 1, 1998", "1998-07-01"),
        ("Jul-1998", "1998-07"),
        ("二〇一九年十二月二十一日", "2019-12-21"),
        ("1998.07", "1998-07"),
        ("1998-7", "1998-07"),
        ("1998年7月", "1998-07"),
        ("199807", "1998-07"),
        ("2023.1", "2023-01"),
        ("1998", "1998"),
        ("1998年", "1998"),
        (1998.07, "1998-07"),
        (2012.1203, "2012-12-03"),
        (2002.12, "2002-12"),
        (19980620.0, "1998-06-20"),
        (202010.0, "2020-10"),
        (1998.0, "1998"),
        (date(1998, 7, 1), "1998-07-01"),
        (datetime(1998, 7, 1, 8), "1998-07-01"),  # noqa: DTZ001
    ],
)
def test_spellings(cell: object, shown: str) -> None:
    found = roster_dates.read(cell, today=TODAY)
    assert (found.text, found.problem, found.warnings) == (shown, "", ())


@pytest.mark.parametrize(
    ("cell", "shown", "warning"),
    [
        ("95.7", "1995-07", "date_two_digit_year"),
        ("’98年7月", "1998-07", "date_two_digit_year"),
        ("Jul-98", "1998-07", "date_two_digit_year"),
        ("1-Jul-98", "1998-07-01", "date_two_digit_year"),
        (98.7, "1998-07", "date_two_digit_year"),
        ("43638.0", "2019-06-22", "date_serial"),
        ("14.12.3", "2014-12-03", "date_two_digit_year"),
        ("20.1.2", "2020-01-02", "date_two_digit_year"),
        ("21.1.2", "1921-01-02", "date_two_digit_year"),
        ("950712", "1995-07-12", "date_two_digit_year"),
        ("43638", "2019-06-22", "date_serial"),
        (43638.0, "2019-06-22", "date_serial"),
        (43638.5, "2019-06-22", "date_serial"),
        (2009.1, "2009", "date_month_ambiguous"),
    ],
)
def test_a_guess_is_said(cell: object, shown: str, warning: str) -> None:
    found = roster_dates.read(cell, today=TODAY)
    assert (found.text, found.warnings) == (shown, (warning,))


def test_a_date_cell_that_shows_no_day_is_known_to_the_month() -> None:
    found = roster_dates.read(date(2021, 4, 1), today=TODAY, is_month_only=True)
    assert (found.value, found.precision) == (date(2021, 4, 1), Precision.MONTH)


@given(st.dates(date(1921, 7, 1), date(2020, 10, 26)), st.sampled_from(list(Precision)))
def test_what_is_shown_is_read_back_the_same(day: date, precision: Precision) -> None:
    found = roster_dates.read(roster_dates.show(day, precision), today=TODAY)
    assert found.precision == precision
    assert roster_dates.agrees(found.value or date.max, precision, day, Precision.DAY)


@given(st.one_of(st.text(max_size=30), st.floats(allow_nan=False, allow_infinity=False), st.integers()))
def test_nothing_makes_it_fall_over(cell: object) -> None:
    found = roster_dates.read(cell, today=TODAY)
    assert (found.value is None) == bool(found.problem)


@pytest.mark.parametrize(
    ("a", "a_precision", "b", "b_precision", "agree"),
    [
        (date(2010, 7, 1), "day", date(2010, 7, 1), "month", True),
        (date(2010, 7, 15), "day", date(2010, 7, 1), "month", True),
        (date(2010, 7, 15), "day", date(2010, 8, 1), "month", False),
        (date(2010, 7, 15), "day", date(2010, 1, 1), "year", True),
        (date(2010, 7, 15), "day", date(2010, 7, 16), "day", False),
    ],
)
def test_dates_agree_as_far_as_both_are_known(
    a: date, a_precision: str, b: date, b_precision: str, agree: bool
) -> None:
    assert roster_dates.agrees(a, a_precision, b, b_precision) is agree
    assert roster_dates.agrees(b, b_precision, a, a_precision) is agree


_DIGITS = "〇一二三四五六七八九"
SPELLINGS = {
    Precision.DAY: [
        "{0:%Y-%m-%d}",
        "{0:%Y/%m/%d}",
        "{0:%Y%m%d}",
        "{0.year}.{0.month}.{0.day}",
        "{0.year}年{0.month}月{0.day}日",
        " {0.year} . {0.month} . {0.day} ",
        "{0:%Y-%m-%d} 00:00:00",
        "{0:%d-%b-%Y}",
        "{0.year}、{0.month}、{0.day}",
        "{chinese}日",
    ],
    Precision.MONTH: [
        "{0:%Y-%m}",
        "{0:%Y.%m}",
        "{0.year}/{0.month}",
        "{0:%Y%m}",
        "{0.year}年{0.month}月",
        "{0:%m/%Y}",
        "{0:%b-%Y}",
    ],
    Precision.YEAR: ["{0.year}", "{0.year}年"],
}


def chinese(day: date) -> str:
    def number(value: int) -> str:
        tens, ones = divmod(value, 10)
        return ("" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十") + (_DIGITS[ones] if ones else "")

    year = "".join(_DIGITS[int(digit)] for digit in str(day.year))
    return f"{year}年{number(day.month)}月{number(day.day)}"


def wide(text: str) -> str:
    return "".join(chr(ord(mark) + 0xFEE0) if "!" <= mark <= "~" else mark for mark in text)


@given(st.dates(date(1900, 1, 1), date(2020, 10, 26)), st.sampled_from(list(Precision)), st.data())
def test_every_spelling_is_read_back_as_exactly_as_it_was_written(day: date, precision: Precision, data: Any) -> None:
    text = data.draw(st.sampled_from(SPELLINGS[precision])).format(day, chinese=chinese(day))
    for written in (text, wide(text), f"\u200b{text}\u202c", f"'{text}"):
        found = roster_dates.read(roster_cells.text_of(written), today=TODAY)
        assert (found.problem, found.precision, found.warnings) == ("", precision, ())
        assert found.text == roster_dates.show(day, precision)
