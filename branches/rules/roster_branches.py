"""Which branch a line of a roster names: the title above the table, a row between the people, the name of the sheet.

A branch is only recognised by its full or short name as a whole. What merely resembles one is kept as it is written, so
that the rows below it are refused and never counted for another branch.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from branches.rules import roster_cells

_ORDINAL = r"(第?[一二三四五六七八九十百]+[、.．)]|\(?[一二三四五六七八九十百\d]+\)[、.．]?|\d{1,3}[、.．)]|no\.?\d+)"
_BEFORE = re.compile(
    r"^[【《〈\"“”'(\[]*(附[件表]?[一二三四五六七八九十\d]*[:、.])?(\d{4}年(度|\d{1,2}月(\d{1,2}日)?)?)?"
    rf"([^:]{{0,20}}:)?{_ORDINAL}?[【《〈\"“”'(\[]*(中国共产党|中共)?"
)
_ROLL = re.compile(
    r"^[】》〉\"“”')\]]*($|[(\[【:—\-_]|\d|共|全体|在册|在职|离退休|退休|正式|预备|党员|成员|人员|"
    r"花名册|名册|名单|基本|信息|情况|统计|登记|台账|采集|汇总|明细|一览)"
)
_YEAR = r"\d{4}年(度|\d{1,2}月(\d{1,2}日)?)?"
_TAIL = re.compile(
    rf"([(\[【][^()\[\]【】]*[)\]】]|[:,;。—\-_ ]+|共?\d+[人名]|{_YEAR}|"
    r"(全体|在册|在职|离退休|退休|正式|预备|中共)*(党员|成员|人员)*(基本)?(信息|情况)?"
    r"(采集|登记|统计|汇总|明细|一览)*(花名册|名册|名单|表|册|台账|信息|情况)+)$"
)
_LABELLED = re.compile(r"(^|[^上])(填报|所在|所属)?(单位|党?支部|党组织)(名称)?(\(.*\))?:$")
_HIGHER = re.compile(r"^[^:]*上级[^:]*:")
_LIKE_A_BRANCH = re.compile(r"[^:,;。、]{2,50}(支部|支部委员会|党总支|总支部委员会|党委|党组)")
_NO_NAME = re.compile(r"^(所在|所属|本|各|某|该|基层)?(中共)?(党支部|支部|党总支|党委|党组)$|[xX×_*某]{2,}|[○〇]{2,}")
_SUM = re.compile(r"(小计|合计|总计|共计)")
_BRANCH_END = re.compile(r"支部(委员会)?$")
_BRANCH_ORDINAL = re.compile(r"([一二三四五六七八九十]+|\d+)党?支部")
_USUAL_WORDS = re.compile(r"中国共产党|中共|第|党|支部|委员会")
_PATH = re.compile(r"[/\\>→|]+")
_CODE = re.compile(r"^[A-Za-z\d]+[_\s]+")
_LONGEST = 120


@dataclass(frozen=True)
class Place:
    """The name a line gives; whether the organisation has a branch of it."""

    name: str
    is_known: bool


class BranchNames:
    """The names that branches go by, as `branches.rules.roster_cells.branch_key` brings them to one spelling.

    Args:
        known: for each name the branch that bears it (anything that tells branches apart), several where it is shared.
        above: names of the organisations above, which titles often begin with.
    """

    def __init__(self, known: Mapping[str, Collection[object]], above: Collection[str] = ()) -> None:
        self._known = {key: frozenset(found) for key, found in known.items() if key}
        self._above = {_without_party(roster_cells.branch_key(name)) for name in above}
        self._longest_first = sorted(self._known, key=len, reverse=True)
        self.place_in = lru_cache(maxsize=1024)(self._place_in)

    def __contains__(self, text: str) -> bool:
        return roster_cells.branch_key(text) in self._known

    def identity(self, text: str) -> object:
        """Equal for two names of one branch."""
        key = roster_cells.branch_key(text)
        found = self._known.get(key, frozenset())
        return next(iter(found)) if len(found) == 1 else key

    def whole(self, text: str) -> str:
        """A name without the code or the organisations before it: 1001_机关第一党支部, 机关党委/机关第一党支部.

        What is no branch's name even so comes back as it is written.
        """
        if text in self:
            return text
        parts = _PATH.split(text)
        if len({self.identity(part) for part in parts if part in self}) > 1:  # one or the other
            return text
        last = parts[-1].strip()
        return next((name for name in (last, _CODE.sub("", last)) if name in self), text)

    def contradict(self, title: Place, sheet: Place) -> bool:
        """Whether the title of a sheet and its name mean different branches, as where a sheet was copied."""
        if title.is_known and sheet.is_known:
            return self.identity(title.name) != self.identity(sheet.name)
        theirs, ours = roster_cells.branch_key(title.name), roster_cells.branch_key(sheet.name)
        if not all(_BRANCH_END.search(key) for key in (theirs, ours)):
            return False
        ordinals = [found[1] for key in (theirs, ours) if (found := _BRANCH_ORDINAL.search(key))]
        if len(ordinals) == 2 and ordinals[0] != ordinals[1]:
            return True
        if not title.is_known:
            return False
        bare = _USUAL_WORDS.sub("", ours)
        named = [key for key, found in self._known.items() if found == self._known[theirs]]
        return not any(_is_within(bare, key) for key in named)

    def rest_of(self, text: str) -> str:
        """What a title says besides the words of titles: 项目办党员花名册 → 项目办; "" for an organisation above."""
        rest = _BEFORE.sub("", roster_cells.branch_key(text), count=1)
        while (shorter := _TAIL.sub("", rest)) != rest:
            rest = shorter
        return "" if _without_party(rest) in self._above else rest

    def _place_in(self, text: str) -> Place | None:
        """The branch a line names; None where it names none, or several."""
        key = roster_cells.branch_key(text)
        if not key or len(key) > _LONGEST or _HIGHER.match(key) or _SUM.search(key):
            return None
        if key in self._known:
            return Place(text, is_known=True)
        names = self._names_within(key)
        if len({self._known[name] for name in names}) == 1:
            return Place(names[0], is_known=True)
        rest = _BEFORE.sub("", key, count=1)
        while (shorter := _TAIL.sub("", rest)) != rest:
            rest = shorter
        if names or not _LIKE_A_BRANCH.fullmatch(rest) or _NO_NAME.search(rest):
            return None
        return Place(rest, is_known=False)

    def _names_within(self, key: str) -> list[str]:
        """The known names a line consists of, but for the words of titles around them."""
        found: list[str] = []
        rest = key
        for name in self._longest_first:
            at = rest.find(name)
            if at < 0:
                continue
            before = _BEFORE.sub("", key[:at], count=1)
            if _ROLL.match(key[at + len(name) :]) and (not before or self._is_above(before, name)):
                found.append(name)
            rest = rest.replace(name, "\0" * len(name))  # no other name is found inside this one
        return found

    def _is_above(self, words: str, name: str) -> bool:
        """Whether the words before a short name are an organisation above, or begin the same branch's full name."""
        return words in self._above or any(
            found == self._known[name] and _without_party(full).startswith(words) for full, found in self._known.items()
        )


def branch_of_title(rows: Sequence[Sequence[object]], names: BranchNames) -> Place | None:
    """The branch that the rows above a header name, in a title or behind 填报单位; the nearest row counts."""
    unknown = None
    for row in reversed(rows):
        places = [place for text in _lines(row) if (place := names.place_in(text))]
        known = {names.identity(place.name): place for place in places if place.is_known}
        if len(known) == 1:
            return next(iter(known.values()))
        if known:
            return None
        unknown = unknown or next(iter(places), None)
    return unknown


def branch_of_section(texts: Sequence[str], names: BranchNames) -> Place | None:
    """The branch that a row between the people names.

    Args:
        texts: what stands in its cells, from left to right.
        names: the branches there are.
    """
    if len(texts) > 4 or any(_SUM.search(text) for text in texts):
        return None
    places = [place for text in _lines(texts) if (place := names.place_in(text))]
    known = [place for place in places if place.is_known]
    return known[0] if known else next(iter(places), None)


def _lines(row: Sequence[object]) -> list[str]:
    """The texts of a row; a label in a cell of its own together with what stands behind it."""
    texts = [text for cell in row if (text := roster_cells.text_of(cell))]
    lines = []
    for at, text in enumerate(texts):
        if _LABELLED.search(roster_cells.squeezed(text)):
            lines.append(text + texts[at + 1] if at + 1 < len(texts) else "")
        elif at == 0 or not _LABELLED.search(roster_cells.squeezed(texts[at - 1])):
            lines.append(text)
    return [line for line in lines if line]


def _is_within(short: str, long: str) -> bool:
    """Whether all of a short name stands in a long one, in that order: 机关一支部 in 机关第一党支部."""
    rest = iter(long)
    return all(mark in rest for mark in short)


def _without_party(key: str) -> str:
    return key.removeprefix("中国共产党").removeprefix("中共")
