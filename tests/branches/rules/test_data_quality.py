"""Which records may be one person's: never two with numbers."""

from __future__ import annotations

import time
from datetime import date

from branches.rules.data_quality import Known, twins_among

MAY = date(1980, 5, 1)


def known(person: int, name: str = "王", birth: date | None = MAY, phone: str = "", has_number: bool = False) -> Known:
    return Known(person, name, birth, phone, has_number)


def test_two_with_numbers_or_of_another_month_are_two() -> None:
    assert twins_among([known(1, has_number=True), known(2, has_number=True)]) == {}
    assert twins_among([known(1), known(2, birth=date(1980, 6, 1))]) == {}
    assert twins_among([known(1, birth=None), known(2, birth=None)]) == {}
    assert twins_among([known(1, "甲"), known(2, "乙")]) == {}


def test_the_first_later_record_is_the_twin() -> None:
    assert twins_among([known(3), known(1), known(2)]) == {1: 2, 2: 3}
    numbered = [known(1, has_number=True), known(2, has_number=True), known(3)]
    assert twins_among(numbered) == {1: 3, 2: 3}


def test_the_name_goes_before_the_phone() -> None:
    records = [known(1, phone="h"), known(2, "李", phone="h"), known(3)]
    assert twins_among(records) == {1: 3}
    assert twins_among(records[:2]) == {1: 2}


def test_many_of_one_name_take_no_time() -> None:
    start = time.perf_counter()
    assert len(twins_among([known(at) for at in range(30_000)])) == 29_999
    assert time.perf_counter() - start < 5
