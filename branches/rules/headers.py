"""Finds the header of a table and which of its columns holds what, whatever the table is about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

WITHIN_ROWS = 30
_FEWEST_COLUMNS = 3
_MOST_ROWS = 3
_LONGEST = 200
_BRACKETED = re.compile(r"[(\[【〔<《][^()\[\]【】〔〕<>《》]*[)\]】〕>》]")
_HINT = re.compile(
    r"(?<=..)(必填项?|选填|(格式|例如|示例|样例|例|如)[:为]?[\dy].*|[ymd\d][ymd\d./\-年月日]{3,})$", re.IGNORECASE
)
_ONLY_HINT = re.compile(r"(非?必填项?|选填项?|(格式|例如|示例|样例|例|如)[:为].*|[ymd\d./\-年月日]{3,})", re.IGNORECASE)
_NUMBERED = re.compile(r"^\d{1,2}[.、)]+(?=\D)")
_AROUND = "*★☆※▲#:.、,;|·"
# Words that say nothing beside a heading, as in 党员手机号码 or 现所在党支部; tried only where the whole is unknown.
_BEFORE = re.compile(r"^(党员|本人|员工|职工|人员|学生|成员|同志|目前|当前|现任?)(?=..)")
# Looks like one of ours with a word before it or a group above it, but is another thing.
_NOT_OURS = frozenset(
    (
        "党员职务",
        "党员编号",
        "人员编号",
        "员工编号",
        "职工编号",
        "转正支部",
        "入党支部",
        "发展支部",
        "转正情况",
        "党内职务",
        "党内情况职务",
    )
)
_GROUP_END = re.compile(r"(?<=.)(情况|信息|方面)$")
# A group of columns about somebody else.
_OTHERS = re.compile(r"配偶|家庭成员|家属|亲属|父亲|母亲|子女|介绍人|联系人|培养")

Fits = Callable[[str, Sequence[object]], bool]


@dataclass(frozen=True)
class Column:
    """`headings`: ours first, then the others by trust; where two columns fit, the earlier heading wins."""

    key: str
    headings: tuple[str, ...]
    width: int = 12
    is_required: bool = False

    @property
    def heading(self) -> str:
        return self.headings[0]


@dataclass(frozen=True)
class Header:
    """Where the header is and which column holds which field; indexes from 0 within the given rows.

    `headings` are the words above every column, `rivals` the fields for which two columns are equally likely.
    """

    first_row: int
    last_row: int
    columns: Mapping[str, int]
    labels: Mapping[str, str]
    headings: Sequence[str] = ()
    rivals: Sequence[str] = ()


@dataclass
class _Candidate:
    rank: int
    at: int
    label: str
    is_fitting: bool = True
    values: Sequence[object] = field(default_factory=list)


@lru_cache(maxsize=2048)
def plain_heading(text: object) -> str:
    """A heading without white space, stars, colons, number and hints; "" for what is only a hint."""
    plain = unicodedata.normalize("NFKC", "" if text is None else str(text)[:_LONGEST])
    plain = "".join(mark for mark in plain if not mark.isspace() and unicodedata.category(mark) not in ("Cf", "Cc"))
    bare = plain.strip(_AROUND)
    while (shorter := _BRACKETED.sub("", bare)) and shorter != bare:
        bare = shorter
    if not shorter:
        bare = bare.strip("()[]【】〔〕<>《》")
    bare = _NUMBERED.sub("", bare.strip(_AROUND))
    return "" if _ONLY_HINT.fullmatch(bare) else _HINT.sub("", bare).strip(_AROUND)


def words_above(rows: Sequence[Sequence[object]]) -> list[str]:
    """The words above every column, those of several rows of a header joined."""
    width = max((len(row) for row in rows), default=0)
    return ["".join(plain_heading(row[at]) if at < len(row) else "" for row in rows) for at in range(width)]


def headings_shown(rows: Sequence[Sequence[object]]) -> list[str]:
    """The words above every column as people read them: group / heading."""
    return [" / ".join(dict.fromkeys(text for text in texts if text)) for texts in _texts_above(rows)]


def blocks_of(rows: Sequence[Sequence[object]]) -> Iterator[tuple[int, int, list[str]]]:
    """(first row, last row, words above every column) of everything that might be a header."""
    for first in range(min(len(rows), WITHIN_ROWS)):
        for last in range(first, min(first + _MOST_ROWS, len(rows))):
            words = words_above(rows[first : last + 1])
            if any(words):
                yield first, last, words


def key_of(heading: str, columns: tuple[Column, ...]) -> str:
    """The field a heading names; "" for none."""
    return _lookup(heading, columns)[0]


def find_header(
    rows: Sequence[Sequence[object]], columns: tuple[Column, ...], fits: Fits | None = None
) -> Header | None:
    """The first row (or rows, up to three) among the first ones that names enough columns, the name among them.

    Args:
        rows: the first rows of a sheet.
        columns: the fields that are looked for.
        fits: whether values can be those of a field; decides between two columns for it before the headings do.
    """
    for index in range(min(len(rows), WITHIN_ROWS)):
        if _header(rows, index, index, columns, fits) is None:
            continue
        last = _last_row(rows, index, columns)
        first = index
        while index - first < _MOST_ROWS - 1 and _adds(rows, first, last, columns):
            first -= 1
        return _header(rows, first, last, columns, fits)
    return None


def _header(
    rows: Sequence[Sequence[object]], first: int, last: int, columns: tuple[Column, ...], fits: Fits | None = None
) -> Header | None:
    block, below = rows[first : last + 1], rows[last + 1 :]
    found: dict[str, list[_Candidate]] = {}
    for at, texts in enumerate(_texts_above(block)):
        key, rank, label = _meaning(texts, columns)
        if key:
            found.setdefault(key, []).append(_Candidate(rank, at, label))
    if "name" not in found or (len(found) < _FEWEST_COLUMNS and "identity_number" not in found):
        return None
    chosen: dict[str, _Candidate] = {}
    rivals = []
    for key, candidates in found.items():
        for candidate in candidates:
            candidate.values = [row[candidate.at] if candidate.at < len(row) else None for row in below]
            candidate.is_fitting = len(candidates) == 1 or fits is None or fits(key, candidate.values)
        candidates.sort(key=lambda one: (not one.is_fitting, one.rank, one.at))
        chosen[key] = candidates[0]
        if any(_are_rivals(key, candidates[0], other) for other in candidates[1:]):
            rivals.append(key)
    return Header(
        first,
        last,
        {key: one.at for key, one in chosen.items()},
        {key: one.label for key, one in chosen.items()},
        words_above(block),
        rivals,
    )


def _are_rivals(key: str, one: _Candidate, other: _Candidate) -> bool:
    """Whether nothing but the values tells two columns of the same heading apart."""
    if (one.rank, one.is_fitting) != (other.rank, other.is_fitting):
        return False
    pairs = [(str(a or "").strip(), str(b or "").strip()) for a, b in zip(one.values, other.values, strict=True)]
    both = [(a, b) for a, b in pairs if a and b]
    if key == "name" and not both:  # further people may begin beside the last ones
        return True
    return any(a != b for a, b in both)


def _texts_above(block: Sequence[Sequence[object]]) -> Iterator[list[str]]:
    """For each column the plain texts from top to bottom; a group's name stands above all its columns."""
    carried = [""] * len(block)
    for at in range(max((len(row) for row in block), default=0)):
        texts = [plain_heading(row[at]) if at < len(row) else "" for row in block]
        for level, text in enumerate(texts[:-1]):
            if text:
                carried[level] = text
                carried[level + 1 :] = [""] * (len(block) - level - 1)
            elif any(texts[level + 1 :]):
                texts[level] = carried[level]
        yield texts


def _meaning(texts: Sequence[str], columns: tuple[Column, ...]) -> tuple[str, int, str]:
    """(field, rank, label) of a column by the texts above it: all joined, or the lowest."""
    told = [text for text in dict.fromkeys(texts) if text]
    if not told or any(_OTHERS.search(text) for text in told):
        return "", 0, ""
    bare = [_GROUP_END.sub("", text) for text in told[:-1]]
    for label in dict.fromkeys(("".join(told), "".join(told[-2:]), "".join(bare[-1:] + told[-1:]), told[-1])):
        key, rank = _lookup(label, columns)
        if key or label in _NOT_OURS:
            return key, rank, label
    return "", 0, ""


def _last_row(rows: Sequence[Sequence[object]], index: int, columns: tuple[Column, ...]) -> int:
    """The last row of a header that begins at `index`: those below name columns, too, and say nothing of the name."""
    at = next(at for at, cell in enumerate(rows[index]) if key_of(plain_heading(cell), columns) == "name")
    name = plain_heading(rows[index][at])
    last = index
    for row in range(index + 1, min(index + _MOST_ROWS, len(rows))):
        if at < len(rows[row]) and plain_heading(rows[row][at]) not in ("", name):
            break
        if _names_columns(rows[index : row + 1], columns):
            last = row
    return last


def _names_columns(block: Sequence[Sequence[object]], columns: tuple[Column, ...]) -> bool:
    """Whether the lowest row names a column, by itself or together with what stands above it."""
    lowest = [plain_heading(cell) for cell in block[-1]]
    return any(
        text and (key_of(text, columns) or _meaning(texts, columns)[2] not in ("", text))
        for text, texts in zip(lowest, _texts_above(block), strict=False)
    )


def _adds(rows: Sequence[Sequence[object]], first: int, last: int, columns: tuple[Column, ...]) -> bool:
    """Whether the row above belongs to the header: it names a column that has no name below, or completes one."""
    if first == 0 or any(str(cell or "").rstrip().endswith((":", "：")) for cell in rows[first - 1]):
        return False
    alone, both = (_header(rows, top, last, columns) for top in (first, first - 1))
    return alone is not None and both is not None and len(both.columns) > len(alone.columns)


@lru_cache(maxsize=2048)
def _lookup(heading: str, columns: tuple[Column, ...]) -> tuple[str, int]:
    """The field a plain heading names and how much it is to be trusted; ("", 0) for none."""
    known = _index(columns)
    if heading in known:
        return known[heading]
    parts = {known.get(part, ("", 0)) for part in re.split("[/、或及]", heading)}
    if len({key for key, _rank in parts}) == 1 and (best := max(parts))[0]:
        return best[0], best[1] + 50
    shorter = _BEFORE.sub("", heading)
    if shorter != heading and shorter in known and heading not in _NOT_OURS:
        return known[shorter][0], known[shorter][1] + 100
    return "", 0


@lru_cache(maxsize=8)
def _index(columns: tuple[Column, ...]) -> dict[str, tuple[str, int]]:
    return {heading: (column.key, rank) for column in columns for rank, heading in enumerate(column.headings)}
