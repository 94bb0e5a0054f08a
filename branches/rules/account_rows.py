"""One row of a table of accounts: what it says and what is wrong with it, as far as the row alone tells."""

from __future__ import annotations

import re
from datetime import date

from branches.rules import identity_numbers, roster_cells
from branches.rules.accounts import Role
from branches.rules.table_rows import TableEntry, TableRow, name_key

USERNAME = re.compile(r"[A-Za-z0-9._-]+")
USERNAME_LENGTH = 60
YEARS_AHEAD = 40
# The Chinese words of papers, ours first.
ROLE_WORDS: dict[str, tuple[str, ...]] = {
    Role.SECRETARY: ("书记", "支部书记", "党支部书记", "党委书记", "总支书记", "党总支书记"),
    Role.RECORDER: ("记录员", "支部记录员", "记录人"),
    Role.STAFF: ("党务工作人员", "党务干部", "工作人员", "党委工作人员"),
    Role.CONTACT_LEADER: ("联系点领导", "联系领导"),
    Role.ADMINISTRATOR: ("管理员", "系统管理员"),
    Role.AUDITOR: ("督查人员（只读）", "督查人员", "督查", "督查员"),
}
_ROLES = {name_key(word): role for role, words in ROLE_WORDS.items() for word in words}


def role_of(text: str) -> str | None:
    """The role a word stands for; None for an unknown one."""
    return _ROLES.get(name_key(text))


def role_word(role: str) -> str:
    """The word our own workbooks use for a role, whatever the reader's language."""
    return ROLE_WORDS[role][0]


def read_row(row: TableRow, *, today: date) -> TableEntry:
    """Read one account's row; `values` holds `roles` as a list.

    Args:
        row: the cells.
        today: the day the table is true of.
    """
    entry = TableEntry(row)
    name = roster_cells.name(row.text("name"))
    if not name or len(name) > 60:
        entry.add("name_empty", "name")
    else:
        entry.values["name"] = name
    _read_username(entry)
    _read_roles(entry)
    _read_number(entry)
    entry.take_day("starts_on", today)
    # The last day of a role may lie far ahead.
    entry.take_day("ends_on", date(today.year + YEARS_AHEAD, 12, 31))
    if "ends_on" in entry.values and entry.values["ends_on"] < entry.values.get("starts_on", today):
        entry.add("role_ends_early", "ends_on")
    return entry


def _read_username(entry: TableEntry) -> None:
    username = roster_cells.squeezed(roster_cells.text_of(entry.row.text("username")))
    if username and (not USERNAME.fullmatch(username) or len(username) > USERNAME_LENGTH):
        entry.add("username_invalid", "username", value=username[:60])
    elif username:
        entry.values["username"] = username


def _read_roles(entry: TableEntry) -> None:
    roles: dict[str, None] = {}
    for word in re.split(r"[、,，;；/]+", entry.row.text("role")):
        if not word.strip():
            continue
        role = role_of(word)
        if role is None:
            entry.add("role_unknown", "role", value=word.strip()[:20])
        else:
            roles[str(role)] = None
    entry.values["roles"] = list(roles)


def _read_number(entry: TableEntry) -> None:
    number = roster_cells.identity_number(roster_cells.text_of(entry.row.text("identity_number")))
    if not number:
        return
    if isinstance(entry.row.cells.get("identity_number"), int | float):
        entry.add("id_precision", "identity_number")
    elif identity_numbers.is_masked(number):
        entry.values["masked_number"] = number
    elif code := identity_numbers.problem_of(number):
        entry.add(code, "identity_number", **({"length": len(number)} if code == "id_length" else {}))
    else:
        entry.values["identity_number"] = number
