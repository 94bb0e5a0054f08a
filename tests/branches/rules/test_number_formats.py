from __future__ import annotations

from datetime import date, datetime, time

import pytest

from branches.rules.number_formats import CellFormats, moment, shows_date, shows_no_day


@pytest.mark.parametrize(
    ("code", "is_date", "is_month"),
    [
        ('yyyy"年"m"月"', True, True),
        ("yyyy.mm", True, True),
        ("[$-804]yyyy/m;@", True, True),
        ('yyyy"年"m"月"d"日"', True, False),
        ("yyyy-mm-dd", True, False),
        ("[DBNum1][$-804]yyyy\\年m\\月", True, True),
        ("m/d/yyyy h:mm AM/PM", True, False),
        ("h:mm:ss", True, False),
        ("[h]:mm", False, False),
        ("0.00", False, False),
        ('0"天"', False, False),
        ("0_);[Red]\\(0\\)", False, False),
        ("General", False, False),
        ("@", False, False),
        ('"dd"0', False, False),
        ("", False, False),
    ],
)
def test_what_a_format_shows(code: str, is_date: bool, is_month: bool) -> None:
    assert (shows_date(code), shows_no_day(code)) == (is_date, is_month)


def test_formats_of_the_file_come_before_the_built_in_ones() -> None:
    formats = CellFormats.of([0, 14, 57, 164, 14], {164: "yyyy.mm"})
    assert list(formats.dates) == [False, True, True, True, True]
    assert list(formats.months) == [False, False, True, True, False]
    assert list(CellFormats.of([14], {14: "0"}).dates) == [False]


@pytest.mark.parametrize(
    ("number", "is_1904", "value"),
    [
        (1.0, False, date(1900, 1, 1)),
        (59.0, False, date(1900, 2, 28)),
        (60.0, False, 60.0),  # 29 February 1900, which never was
        (61.0, False, date(1900, 3, 1)),
        (43_646.0, False, date(2019, 6, 30)),
        (42_184.0, True, date(2019, 6, 30)),
        (43_646.5, False, datetime(2019, 6, 30, 12)),  # noqa: DTZ001
        (0.25, False, time(6)),
        (-1.0, False, -1.0),
        (1e12, False, 1e12),
    ],
)
def test_days_of_numbers(number: float, is_1904: bool, value: object) -> None:
    assert moment(number, is_1904=is_1904) == value
