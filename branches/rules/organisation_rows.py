"""One row of a table of organisations: what it says and what is wrong with it, as far as the row alone tells."""

from __future__ import annotations

import re
from datetime import date

from branches.rules import roster_cells
from branches.rules.organisation_columns import TRAITS
from branches.rules.organisations import OrganisationKind
from branches.rules.table_rows import TableEntry, TableRow, name_key

CODE = re.compile(r"[-a-zA-Z0-9_]+")
CODE_LENGTH = 40
_K = OrganisationKind
# The Chinese words of papers, ours first.
KIND_WORDS: dict[str, tuple[str, ...]] = {
    _K.WORK_COMMITTEE: ("机关工委", "工委", "党工委", "机关党工委", "党的工作委员会"),
    _K.ORGAN: ("机关", "单位", "党组"),
    _K.COMMITTEE: ("党委", "机关党委", "基层党委", "党的基层委员会", "党委会"),
    _K.GENERAL_BRANCH: ("党总支", "党总支部", "总支", "机关党总支"),
    _K.BRANCH: ("党支部", "支部", "机关党支部"),
}
_KINDS = {name_key(word): kind for kind, words in KIND_WORDS.items() for word in words}


def kind_of(text: str) -> str | None:
    """The kind a word stands for; None for an unknown one."""
    return _KINDS.get(name_key(text))


def kind_word(kind: str) -> str:
    """The word our own workbooks use for a kind, whatever the reader's language."""
    return KIND_WORDS[kind][0]


def read_row(row: TableRow, *, today: date) -> TableEntry:
    """Read one organisation's row.

    Args:
        row: the cells.
        today: the day the table is true of.
    """
    entry = TableEntry(row)
    entry.take_text("name", 120)
    if "name" not in entry.values and not entry.is_refused:
        entry.add("organisation_name_empty", "name")
    entry.take_text("short_name", 60)
    entry.take_text("founding_document", 80)
    entry.take_text("ending_document", 80)
    _read_code(entry)
    _read_kind(entry)
    for key in ("founded_on", "ended_on"):
        entry.take_day(key, today)
    if entry.values.get("founded_on", today) > today:
        entry.add("founded_later", "founded_on", read=entry.values["founded_on"].isoformat())
    for key in TRAITS:
        entry.take_yes_or_no(key)
    return entry


def _read_code(entry: TableEntry) -> None:
    code = roster_cells.squeezed(roster_cells.text_of(entry.row.text("code")))
    if not code:
        return
    if not CODE.fullmatch(code) or len(code) > CODE_LENGTH:
        entry.add("code_invalid", "code", value=code[:40])
    else:
        entry.values["code"] = code


def _read_kind(entry: TableEntry) -> None:
    text = entry.row.text("kind")
    kind = kind_of(text) if text else None
    if text and kind is None:
        entry.add("kind_unknown", "kind", value=text[:20])
    elif kind is not None:
        entry.values["kind"] = str(kind)
