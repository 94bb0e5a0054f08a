from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from branches.rules import identity_numbers
from branches.rules.people import Sex
from tests.rosters import number

SOUND = "619901196206197086"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("61990119620619708", "id_length"),
        ("6199011962061970866", "id_length"),
        ("619901620619708", "id_old"),
        ("6199O1196206197086", "id_characters"),
        ("61990119620619X086", "id_characters"),
        ("619901196202307085", "id_birth"),
        ("619901196206197085", "id_checksum"),
        ("619901196206917086", "id_birth"),
        ("6.19901E+17", "id_precision"),
        ("6.1990119620619E+17", "id_precision"),
    ],
)
def test_what_is_wrong_has_a_name(text: str, problem: str) -> None:
    assert identity_numbers.problem_of(text) == problem


def test_a_sound_number_tells_birth_and_sex() -> None:
    assert identity_numbers.problem_of(SOUND) == ""
    assert identity_numbers.birth_date(SOUND) == date(1962, 6, 19)
    assert identity_numbers.sex(SOUND) == Sex.FEMALE
    assert identity_numbers.sex(number(sequence=1)) == Sex.MALE


@given(st.dates(date(1900, 1, 1), date(2020, 12, 31)), st.integers(0, 999), st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(born: date, sequence: int, at: int, shift: int) -> None:
    sound = number(f"{born:%Y%m%d}", sequence)
    if sound[at] == "X":
        wrong = sound[:at] + str(shift)
    else:
        wrong = sound[:at] + str((int(sound[at]) + shift) % 10) + sound[at + 1 :]
    assert identity_numbers.problem_of(sound) == ""
    assert identity_numbers.problem_of(wrong) in ("id_checksum", "id_birth")


@pytest.mark.parametrize(
    ("text", "masked"), [("619***********7086", True), ("6199", False), (SOUND, False), ("***", False)]
)
def test_masked_numbers_are_recognised(text: str, masked: bool) -> None:
    assert identity_numbers.is_masked(text) is masked
