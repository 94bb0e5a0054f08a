from __future__ import annotations

import pytest

from foundation.rules.numbers import small_integer


@pytest.mark.parametrize("text", ["", " ", "x", "-1", "+1", "1.0", "1_0", "²", "１２", "1 ", "9" * 10, "9" * 5000])
def test_what_is_no_small_number(text: str) -> None:
    assert small_integer(text) is None


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("007", 7), ("9" * 9, 999_999_999)])
def test_what_is_one(text: str, number: int) -> None:
    assert small_integer(text) == number
