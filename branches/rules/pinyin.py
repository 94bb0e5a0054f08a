"""Pinyin initials of Chinese text, without a dictionary.

GB 2312 orders its 3,755 first-level characters by pinyin, so that the code of a character tells the first letter of its
commonest reading. Rarer characters are ordered by radical and have no initial here; a name with one is still found by
the others and by typing it. Source: GB 2312-1980.
"""

from __future__ import annotations

from bisect import bisect_right

# The code of the first character under each initial; no syllable begins with i, u or v.
_FIRST = (
    0xB0A1, 0xB0C5, 0xB2C1, 0xB4EE, 0xB6EA, 0xB7A2, 0xB8C1, 0xB9FE, 0xBBF7, 0xBFA6, 0xC0AC, 0xC2E8,
    0xC4C3, 0xC5B6, 0xC5BE, 0xC6DA, 0xC8BB, 0xC8F6, 0xCBFA, 0xCDDA, 0xCEF4, 0xD1B9, 0xD4D1,
)  # fmt: skip
_LETTERS = "abcdefghjklmnopqrstwxyz"
_LAST = 0xD7F9


def initials(text: str) -> str:
    """Lower-case initials of the Chinese characters in `text`; Latin letters and digits stay: 第3党支部 → d3dzb."""
    return "".join(_initial(character) for character in text)


def _initial(character: str) -> str:
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    try:
        encoded = character.encode("gb2312")
    except UnicodeEncodeError:
        return ""
    code = int.from_bytes(encoded, "big")
    return _LETTERS[bisect_right(_FIRST, code) - 1] if _FIRST[0] <= code <= _LAST else ""
