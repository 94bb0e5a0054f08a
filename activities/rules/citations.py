"""How a regulation and its article are cited in English; in Chinese they stand as they are kept."""

from __future__ import annotations

import re

ENGLISH_TITLES = {
    "《中国共产党支部工作条例（试行）》": "Regulations on the Work of Branches of the Communist Party of China (trial)",
    "《中国共产党章程》": "Constitution of the Communist Party of China",
    "各地通行做法": "Common practice",
}
_DIGITS = {digit: number for number, digit in enumerate("一二三四五六七八九", start=1)}
_ARTICLE = re.compile(r"第(?:([二三四五六七八九]?)(十))?([一二三四五六七八九]?)条")


def cited_in_english(title: str, article: str) -> str:
    """“《…条例》” and “第十五条” as “Regulations …, article 15”; a title or article not known here stays as it is."""
    found = _ARTICLE.fullmatch(article)
    if found and article != "第条":
        tens, ten, ones = found.groups()
        number = (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0)
        article = f"article {number}"
    return ", ".join(filter(None, [ENGLISH_TITLES.get(title, title), article]))
