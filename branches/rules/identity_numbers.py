"""The citizen identity number of GB 11643: 6 digits of area, 8 of birth, 3 of sequence, 1 check character."""

from __future__ import annotations

import re
from datetime import date
from operator import mul

from branches.rules.people import Sex

LENGTH = 18
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_SCIENTIFIC = re.compile(r"^\d(\.\d+)?E\+?\d+$", re.IGNORECASE)
_MASKED = re.compile(r"^\d{2,10}\*{4,}[\dX]{0,4}$")


def problem_of(number: str) -> str:
    """What is wrong with a cleaned number (X upper case, no spaces), as a code of `problems`; "" if sound."""
    if _SCIENTIFIC.match(number):
        return "id_precision"
    if re.search(r"[^0-9X]", number) or "X" in number[:-1]:
        return "id_characters"
    if len(number) == 15:
        return "id_old"
    if len(number) != LENGTH:
        return "id_length"
    if _birth(number) is None:
        return "id_birth"
    return "" if number[-1] == check_character(number) else "id_checksum"


def check_character(number: str) -> str:
    """The check character of the first 17 digits (ISO 7064, MOD 11-2)."""
    total = sum(map(mul, map(int, number[:17]), _WEIGHTS))
    return _CHECK_CHARACTERS[total % 11]


def birth_date(number: str) -> date:
    """The day of birth in a sound number."""
    found = _birth(number)
    assert found is not None
    return found


def sex(number: str) -> Sex:
    """The sex in a sound number: an odd 17th digit is male."""
    return Sex.MALE if int(number[16]) % 2 else Sex.FEMALE


def is_masked(number: str) -> bool:
    """Whether the middle was replaced by asterisks, as in our own exports."""
    return bool(_MASKED.match(number))


def _birth(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
