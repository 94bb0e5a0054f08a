"""One person's row of a roster: what it says, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from branches.rules import identity_numbers, roster_cells, roster_dates
from branches.rules.people import Category, Precision
from branches.rules.problems import Problem
from branches.rules.roster_branches import BranchNames
from branches.rules.roster_columns import BY_KEY

# Longest text the record takes (branches.models.people).
_TEXTS = {"native_place": 60, "position_title": 80, "home_address": 120}
_NAME_LENGTH = 60
_ADULT_AGE = 18
DATES = ("birth_date", "joined_on", "full_on")
# Nobody is entered on the word of a formula in one of these whose result is not in the file.
_NEEDED = ("name", "identity_number", *DATES, "category", "branch")
# The Party was founded on 1921-07-01; a year that was typed into a date cell shows as a day of 1905.
_PARTY_FOUNDED = date(1921, 7, 1)
# Excel's numbers of the days of these years look like a year and a month as well: 20196.
_AMBIGUOUS_SERIALS = (1952, 1953, 1954, 1955)
_GOOD_STANDING = re.compile("正常|在册|有党籍|有效|正式|预备|^是$")


@dataclass
class RosterEntry:
    """What one row says. `values` holds the fields of a person that were filled in and understood, and no blanks."""

    sheet: str
    number: int
    values: dict[str, Any] = field(default_factory=dict)
    branch: str = ""
    nation: str = ""
    education: str = ""
    masked_number: str = ""
    problems: list[Problem] = field(default_factory=list)
    is_hidden: bool = False

    @property
    def is_refused(self) -> bool:
        return any(problem.refuses for problem in self.problems)

    @property
    def identity_number(self) -> str:
        return str(self.values.get("identity_number", ""))

    def add(self, code: str, column: str = "", **params: Any) -> None:
        self.problems.append(Problem(code, column, params))


@dataclass(frozen=True)
class Row:
    """Cells of one row by field, with the number the user sees.

    `texts` are what the cells say (`branches.rules.roster_lines.texts_of`), `month_only` the fields whose date cell is
    shown without a day, `without_result` those whose formula has no result in the file. `is_rounded`: the column of the
    identity numbers was once one of numbers (`branches.rules.roster_values.has_rounded_numbers`).
    `remark`: what a column of remarks says.
    """

    sheet: str
    number: int
    cells: Mapping[str, object]
    texts: MutableMapping[str, str]
    labels: Mapping[str, str]
    month_only: Collection[str] = ()
    without_result: Collection[str] = ()
    is_rounded: bool = False
    remark: str = ""

    def text(self, key: str) -> str:
        return self.texts.get(key, "")

    def label(self, key: str) -> str:
        return self.labels.get(key) or BY_KEY[key].heading


def read_row(row: Row, *, today: date) -> RosterEntry:
    """Read one person's row.

    Args:
        row: the cells.
        today: the day the roster is true of; decides two-digit years and what lies in the future.
    """
    entry = RosterEntry(row.sheet, row.number)
    if row.without_result or "#" in "".join(row.texts.values()):
        _read_formulas(row, entry)
    _read_name(row, entry)
    _read_identity(row, entry)
    _read_sex(row, entry)
    for key in DATES:
        if key in row.texts:
            _read_date(row, entry, key, today)
    _settle_birth(row, entry)
    _read_category(row, entry, today)
    _read_texts(row, entry)
    entry.nation, entry.education = row.text("nation"), row.text("education")
    entry.branch = row.text("branch")
    if not entry.branch and "branch" not in row.without_result:
        entry.add("branch_empty", row.label("branch"))
    entry.problems += _remarks(row, entry, today)
    return entry


class Repetitions:
    """Of several rows with one identity number the first counts; the others are refused.

    Keeps numbers only, so that it stays small for the longest of files.
    """

    def __init__(self, names: BranchNames) -> None:
        self._names = names
        self._first: dict[int, int] = {}
        self._sheets: list[str] = []
        self._branches: dict[object, int] = {}

    def check(self, entry: RosterEntry, label: str) -> None:
        """Refuse an entry whose number an earlier one had.

        Args:
            entry: the next one in the file's order.
            label: the file's own heading of the number.
        """
        if not entry.identity_number:
            return
        if not self._sheets or self._sheets[-1] != entry.sheet:
            self._sheets.append(entry.sheet)
        branch = self._branches.setdefault(self._names.identity(entry.branch), len(self._branches))
        here = (branch << 48) | (len(self._sheets) - 1 << 32) | entry.number
        first = self._first.setdefault(int(entry.identity_number[:17]), here)
        if first == here:
            return
        sheet, number = self._sheets[first >> 32 & 0xFFFF], first & 0xFFFFFFFF
        code = "id_duplicate" if first >> 48 == branch else "id_duplicate_across"
        entry.add(code, label, row=number if sheet == entry.sheet else f"{number} ({sheet})")


def _read_formulas(row: Row, entry: RosterEntry) -> None:
    """A formula that failed or was never calculated says nothing, and must not pass for a blank."""
    failed = [key for key, text in row.texts.items() if roster_cells.is_error(text)]
    for key in (*row.without_result, *failed):
        entry.add("formula_failed" if key in _NEEDED else "formula_left_out", row.label(key))
    for key in failed:
        del row.texts[key]


def _read_name(row: Row, entry: RosterEntry) -> None:
    written = roster_cells.name(row.text("name"))
    name = roster_cells.without_note(written)
    if not name or len(name) > _NAME_LENGTH:
        if "name" not in row.without_result:
            entry.add("name_empty", row.label("name"))
        return
    if name != written:
        entry.add("name_note", row.label("name"), value=_shown(written))
    elif roster_cells.is_unusual_name(row.text("name")):
        entry.add("name_unusual", row.label("name"), value=_shown(name))
    entry.values["name"] = name


def _read_identity(row: Row, entry: RosterEntry) -> None:
    cell = row.cells.get("identity_number")
    number = roster_cells.identity_number(row.text("identity_number"))
    if not number:
        return
    if isinstance(cell, int | float) or (row.is_rounded and number.endswith("000")):
        entry.add("id_precision", row.label("identity_number"))
    elif identity_numbers.is_masked(number):
        entry.masked_number = number
    elif code := identity_numbers.problem_of(number):
        params = {"length": len(number)} if code == "id_length" else {}
        entry.add(code, row.label("identity_number"), **params)
    else:
        entry.values["identity_number"] = number


def _read_sex(row: Row, entry: RosterEntry) -> None:
    text, number = row.text("sex"), entry.identity_number
    sex = roster_cells.sex(text) if text else None
    if text and sex is None:
        entry.add("sex_unknown", row.label("sex"), value=_shown(text))
    if number and sex and sex != identity_numbers.sex(number):
        entry.add("sex_mismatch", row.label("sex"))
    if sex or number:
        entry.values["sex"] = str(sex or identity_numbers.sex(number))


def _read_date(row: Row, entry: RosterEntry, key: str, today: date) -> None:
    cell, text = row.cells[key], row.texts[key]
    plain = cell if isinstance(cell, int | float | date) else text
    found = roster_dates.read(plain, today=today, is_month_only=key in row.month_only)
    problem = found.problem
    if key != "birth_date" and found.value is not None:
        if found.value < _PARTY_FOUNDED:
            problem = "date_invalid"
        elif "date_serial" in found.warnings and found.value.year in _AMBIGUOUS_SERIALS:
            problem = "date_ambiguous"
    if problem:
        entry.add(problem, row.label(key), value=_shown(text))
        return
    for code in found.warnings:
        entry.add(code, row.label(key), value=_shown(text), read=found.text)
    entry.values[key], entry.values[f"{key}_precision"] = found.value, str(found.precision)


def _settle_birth(row: Row, entry: RosterEntry) -> None:
    """The date of birth inside a sound identity number is exact; the column only has to agree."""
    if not entry.identity_number:
        return
    born = identity_numbers.birth_date(entry.identity_number)
    written, precision = entry.values.get("birth_date"), entry.values.get("birth_date_precision", Precision.DAY)
    if written not in (None, born) and not roster_dates.agrees(born, Precision.DAY, written, precision):
        entry.add("birth_mismatch", row.label("birth_date"))
    entry.values["birth_date"], entry.values["birth_date_precision"] = born, str(Precision.DAY)


def _read_category(row: Row, entry: RosterEntry, today: date) -> None:
    for key in ("category", "standing"):
        text = row.text(key)
        if text and roster_cells.is_not_a_member(text):
            entry.add("not_a_member", row.label(key), value=_shown(text))
            return
    text, standing, label = row.text("category"), row.text("standing"), row.label("category")
    remarked = roster_cells.category(row.remark)
    category = roster_cells.category(text) or roster_cells.category(standing)
    guess = roster_cells.guessed_category(text) if category is None and not _is_new(entry, today) else None
    if guess and remarked in (None, guess):
        category = guess
        entry.add("category_guessed", label, value=_shown(text))
    if category is None and text:
        entry.add("category_unknown", label, value=_shown(text))
    elif category is None and _is_full_by_date(row, entry) and remarked is not Category.PROBATIONARY:
        category = Category.FULL
        entry.add("category_from_date", label)
    if category is not None:
        entry.values["category"] = str(category)
    if (category and remarked not in (None, category)) or roster_cells.is_not_a_member(row.remark):
        entry.add("remark_contradicts", label, value=_shown(row.remark))
    if standing and standing != text and not _GOOD_STANDING.search(standing):
        entry.add("standing_left_out", row.label("standing"), value=_shown(standing))


def _is_full_by_date(row: Row, entry: RosterEntry) -> bool:
    return "full_on" in entry.values and "category" not in row.without_result


def _is_new(entry: RosterEntry, today: date) -> bool:
    """Whether somebody joined within the last year and so may well be on probation."""
    joined = entry.values.get("joined_on")
    return joined is not None and "full_on" not in entry.values and _months(joined, today) < 12


def _read_texts(row: Row, entry: RosterEntry) -> None:
    for key, limit in _TEXTS.items():
        text = row.text(key)
        if len(text) > limit:
            entry.add("too_long", row.label(key), limit=limit)
        elif text:
            entry.values[key] = text
    text = row.text("phone")
    if not text or roster_cells.is_masked_phone(text):
        return
    if phone := roster_cells.phone(text):
        entry.values["phone"] = phone
    else:
        entry.add("phone_invalid", row.label("phone"))


def _remarks(row: Row, entry: RosterEntry, today: date) -> Iterator[Problem]:
    """Facts that are possible but worth a look.

    Source: 《发展党员工作细则》: applicants are at least 18, probation lasts one year.
    """
    values = entry.values
    joined, full, born = values.get("joined_on"), values.get("full_on"), values.get("birth_date")
    for key in ("joined_on", "full_on"):
        if key in values and values[key] > today:
            shown = roster_dates.show(values[key], values[f"{key}_precision"])
            yield Problem("date_future", row.label(key), {"read": shown})
    if full and (full <= today) != (values.get("category", Category.FULL) == Category.FULL):
        yield Problem("category_contradicts", row.label("category"))
    if joined and full and _months(joined, full) < 12:
        yield Problem("full_too_early", row.label("full_on"))
    if joined and born and _months(born, joined) < _ADULT_AGE * 12:
        yield Problem("joined_too_young", row.label("joined_on"))
    if joined and not full and values.get("category") == Category.PROBATIONARY and _months(joined, today) > 12:
        yield Problem("probation_long", row.label("full_on"))


def _months(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def _shown(text: str) -> str:
    """A cell's text for a message: short, and long numbers covered, since they may be in the wrong column."""
    return re.sub(r"\d{9,}[Xx]?", lambda match: match[0][:3] + "*" * 6, text)[:40]
