"""One row of a roster: is it a person, what does it say, what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from branches.rules import identity_numbers, roster_cells, roster_dates
from branches.rules.people import Category, Precision
from branches.rules.roster_columns import BY_KEY, Header, repeats_header
from branches.rules.roster_problems import Problem

# Longest text the record takes (branches.models.people).
_TEXTS = {"native_place": 60, "position_title": 80, "home_address": 120}
_NAME_LENGTH = 60
_ADULT_AGE = 18
_FOOTER = re.compile(
    r"^(填表|制表|填报|审核|审批|复核|负责|经办|联系人|党支部书记签|书记签|签字|签名|盖章|注[::]|注意|备注[::]|说明|以下空白|示例|例[::(]|\(?示例|"
    r"(本页)?(小计|合计|总计|共计)|共\d+[人名])"
)
_SUBTOTAL = re.compile(r"(小计|合计|总计|共计)[::]?(\d+[人名]?)?$")
_TELLING = ("name", "identity_number", "birth_date", "joined_on", "full_on", "phone")


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
    """Cells of one row by field, with the number the user sees; `month_only` are date cells shown without a day."""

    sheet: str
    number: int
    cells: Mapping[str, object]
    labels: Mapping[str, str]
    month_only: Collection[str] = ()

    def text(self, key: str) -> str:
        cell = self.cells.get(key)
        return "" if roster_cells.is_blank(cell) else roster_cells.text_of(cell)

    def label(self, key: str) -> str:
        return self.labels.get(key) or BY_KEY[key].heading


def is_person(row: Sequence[object], cells: Mapping[str, object], header: Header) -> bool:
    """Whether a row below the header is about somebody: not blank, a footer, a subtotal or the header again."""
    told = {key for key in _TELLING if not roster_cells.is_blank(cells.get(key))}
    if not told:
        return False
    texts = [roster_cells.squeezed(roster_cells.text_of(cell)) for cell in row]
    filled = [text for text in texts if text]
    says_little = "identity_number" not in told and len(told) <= 2
    if says_little and any(_FOOTER.search(text) or _SUBTOTAL.search(text) for text in filled):
        return False
    if filled[0].startswith(("示例", "例", "(示例", "(例")) and len(filled[0]) <= 4:
        return False
    if all(re.fullmatch(r"\d{1,2}|[甲乙丙丁戊己庚辛壬癸]", text) for text in filled):  # numbers of the columns
        return False
    return not repeats_header(row, header)


def read_row(row: Row, *, today: date) -> RosterEntry:
    """Read one person's row.

    Args:
        row: the cells.
        today: the day the roster is true of; decides two-digit years and what lies in the future.
    """
    entry = RosterEntry(row.sheet, row.number)
    _read_name(row, entry)
    _read_identity(row, entry)
    _read_sex(row, entry)
    for key in ("birth_date", "joined_on", "full_on"):
        _read_date(row, entry, key, today)
    _settle_birth(row, entry)
    _read_category(row, entry)
    _read_texts(row, entry)
    entry.nation, entry.education = row.text("nation"), row.text("education")
    entry.branch = row.text("branch")
    if not entry.branch:
        entry.add("branch_empty", row.label("branch"))
    entry.problems += _remarks(row, entry, today)
    return entry


class Repetitions:
    """Of several rows with one identity number the first counts; the others are refused."""

    def __init__(self) -> None:
        self._first: dict[str, tuple[int, str]] = {}

    def check(self, entry: RosterEntry, label: str) -> None:
        """Refuse an entry whose number an earlier one had.

        Args:
            entry: the next one in the file's order.
            label: the file's own heading of the number.
        """
        number = entry.identity_number
        if not number:
            return
        branch = roster_cells.branch_key(entry.branch)
        row, first_branch = self._first.setdefault(number, (entry.number, branch))
        if row != entry.number:
            entry.add("id_duplicate" if first_branch == branch else "id_duplicate_across", label, row=row)


def _read_name(row: Row, entry: RosterEntry) -> None:
    name = roster_cells.name(row.text("name"))
    if not name or len(name) > _NAME_LENGTH:
        entry.add("name_empty", row.label("name"))
    else:
        entry.values["name"] = name


def _read_identity(row: Row, entry: RosterEntry) -> None:
    cell = row.cells.get("identity_number")
    number = roster_cells.identity_number(row.text("identity_number"))
    if not number:
        return
    if isinstance(cell, int | float):
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
    cell = row.cells.get(key)
    if roster_cells.is_blank(cell):
        return
    plain = cell if isinstance(cell, int | float | date) else roster_cells.text_of(cell)
    found = roster_dates.read(plain, today=today, is_month_only=key in row.month_only)
    shown = _shown(roster_cells.text_of(cell))
    if found.problem:
        entry.add(found.problem, row.label(key), value=shown)
        return
    for code in found.warnings:
        entry.add(code, row.label(key), value=shown, read=found.text)
    entry.values[key], entry.values[f"{key}_precision"] = found.value, str(found.precision)


def _settle_birth(row: Row, entry: RosterEntry) -> None:
    """The date of birth inside a sound identity number is exact; the column only has to agree."""
    if not entry.identity_number:
        return
    born = identity_numbers.birth_date(entry.identity_number)
    written, precision = entry.values.get("birth_date"), entry.values.get("birth_date_precision", Precision.DAY)
    if written is not None and not roster_dates.agrees(born, Precision.DAY, written, precision):
        entry.add("birth_mismatch", row.label("birth_date"))
    entry.values["birth_date"], entry.values["birth_date_precision"] = born, str(Precision.DAY)


def _read_category(row: Row, entry: RosterEntry) -> None:
    for key in ("category", "standing"):
        text = row.text(key)
        if roster_cells.is_not_a_member(text):
            entry.add("not_a_member", row.label(key), value=_shown(text))
            return
    text, label = row.text("category"), row.label("category")
    category = roster_cells.category(text) or roster_cells.category(row.text("standing"))
    if category is None and (guess := roster_cells.guessed_category(text)):
        category = guess
        entry.add("category_guessed", label, value=_shown(text))
    if category is None and text:
        entry.add("category_unknown", label, value=_shown(text))
    elif category is None and "full_on" in entry.values:
        category = Category.FULL
        entry.add("category_from_date", label)
    if category is not None:
        entry.values["category"] = str(category)


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
        if values.get(key) and values[key] > today:
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
