"""Whether the values of a column may be those of a field of a roster."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from branches.rules import roster_cells, roster_dates
from branches.rules.layouts import Layout
from branches.rules.roster_branches import BranchNames

_ANY_DAY = date(2099, 12, 31)
_NUMBER = re.compile(r"[\dX*]{15,18}")


def may_hold(key: str, values: Sequence[object], names: BranchNames) -> bool:
    """Whether at least one of the first values below a heading is one of `key`.

    Args:
        key: the field.
        values: cells of the column.
        names: the branches there are.
    """
    texts = [text for value in values if (text := roster_cells.text_of(value)) and not roster_cells.is_blank_text(text)]
    if key == "branch":
        return any(text in names for text in texts)
    is_one = _IS_ONE.get(key)
    return is_one is None or any(is_one(text) for text in texts)


def holds_data(at: int, rows: Sequence[Sequence[object]]) -> bool:
    """Whether a column says more than the numbers of the rows."""
    texts = (roster_cells.text_of(row[at]) for row in rows if at < len(row))
    return any(text and not roster_cells.is_blank_text(text) and not re.fullmatch(r"\d{1,3}", text) for text in texts)


def has_rounded_numbers(layout: Layout, head: Sequence[Sequence[object]]) -> bool:
    """Whether the identity numbers end in 000 as nearly all do that a spreadsheet program once kept as numbers.

    One in eleven of them looks sound all the same, so that the numbers cannot be told one by one.
    """
    at = layout.columns.get("identity_number", -1)
    cells = (row[at] for row in head[layout.last_row + 1 :] if 0 <= at < len(row))
    numbers = [
        number for cell in cells if len(number := roster_cells.identity_number(roster_cells.text_of(cell))) == 18
    ]
    rounded = sum(number.endswith("000") for number in numbers)
    return rounded >= 3 and rounded * 2 >= len(numbers)


def settle_standing(layout: Layout, head: Sequence[Sequence[object]]) -> Layout:
    """党籍状态 is the category where its values are and no other column has it, and good standing otherwise."""
    at = layout.columns.get("standing")
    if at is None or "category" in layout.columns or layout.is_remembered:
        return layout
    texts = [text for row in head[layout.last_row + 1 :] if at < len(row) and (text := roster_cells.text_of(row[at]))]
    if texts and not any(_is_category(text) for text in texts):
        return layout
    columns = {"category" if key == "standing" else key: at for key, at in layout.columns.items()}
    labels = {"category" if key == "standing" else key: label for key, label in layout.labels.items()}
    return replace(layout, columns=columns, labels=labels)


def _is_category(text: str) -> bool:
    return (
        roster_cells.category(text) is not None
        or roster_cells.guessed_category(text) is not None
        or roster_cells.is_not_a_member(text)
    )


def _is_date(text: str) -> bool:
    return not roster_dates.read(text, today=_ANY_DAY).problem


_IS_ONE: Mapping[str, Callable[[str], bool]] = {
    "category": _is_category,
    "standing": _is_category,
    "birth_date": _is_date,
    "joined_on": _is_date,
    "full_on": _is_date,
    "identity_number": lambda text: _NUMBER.fullmatch(roster_cells.identity_number(text)) is not None,
    "sex": lambda text: roster_cells.sex(text) is not None,
    "phone": lambda text: re.fullmatch(r"1\d{10}", roster_cells.phone(text) or "") is not None,
}
