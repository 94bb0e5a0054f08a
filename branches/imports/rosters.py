"""Reads a roster file into entries, one for each person's row."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from branches.imports.header_mappings import find_layout, left_out
from branches.imports.planning import Recognised
from branches.imports.roster_sheets import RosterSheet
from branches.imports.workbooks import Book, Sheet
from branches.models import Batch
from branches.queries.header_mappings import remembered_columns
from branches.queries.rosters import branches_by_name
from branches.rules import roster_columns
from branches.rules.layouts import Layout
from branches.rules.problems import UnusableFile
from branches.rules.roster_branches import BranchNames, branch_of_section, branch_of_title
from branches.rules.roster_lines import heading_text
from branches.rules.roster_rows import Repetitions, RosterEntry
from branches.rules.roster_values import holds_data, may_hold, settle_standing

# A sheet with a name and none of these lists people for another purpose.
_TELLS_MEMBERS = ("identity_number", "joined_on", "full_on", "category")


def recognise(book: Book, batch: Batch) -> Recognised:
    """Where the tables stand in a roster: as chosen for this import, as remembered for this shape, or as found.

    Raises:
        UnusableFile: no sheet has a usable header.
    """
    if batch.layouts:
        return Recognised([Layout.from_json(stored) for stored in batch.layouts])
    names = names_of(batch)
    remembered = remembered_columns(batch.organisation, batch.subject)
    layouts, is_complete, has_rivals, has_unknown = [], False, False, False
    for sheet in book.sheets:
        layout, rivals = find_layout(
            sheet, roster_columns.ALL_COLUMNS, remembered, lambda key, values: may_hold(key, values, names)
        )
        if layout is None:
            layouts.append(left_out(sheet))
            continue
        layout = settle_standing(layout, sheet.head)
        layouts.append(layout)
        has_rivals = has_rivals or bool(rivals)
        is_complete = is_complete or layout.is_remembered or not _missing(sheet, layout, names)
        has_unknown = has_unknown or _has_unknown_columns(sheet, layout)
    return Recognised(_without_others(layouts), is_sure=not has_rivals and (is_complete or not has_unknown))


def names_of(batch: Batch, branches: Mapping[str, Collection[object]] | None = None) -> BranchNames:
    """The names of branches a file may mean.

    Args:
        batch: says where and as of which day it is brought in.
        branches: `branches.queries.rosters.branches_by_name`, where somebody has it already.
    """
    above = batch.organisation.get_ancestors(include_self=True).values_list("name", "short_name")
    found = branches_by_name(batch.organisation, batch.as_of) if branches is None else branches
    return BranchNames(found, [name for pair in above for name in pair])


def read_entries(
    book: Book, layouts: Sequence[Layout], *, today: date, names: BranchNames | None = None
) -> Iterator[RosterEntry | None]:
    """One entry for each person's row of the sheets used, in the file's order; None for every other row below a header.

    Args:
        book: the file.
        layouts: where its tables stand.
        today: the day the roster is true of.
        names: the branches that titles, rows between the people and names of sheets may name.
    """
    names = names or BranchNames({})
    by_sheet = {layout.sheet: layout for layout in layouts if layout.is_used}
    repetitions = Repetitions(names)
    for sheet in book.sheets:
        layout = by_sheet.get(sheet.name)
        if layout is None:
            continue
        label = layout.labels.get("identity_number") or roster_columns.BY_KEY["identity_number"].heading
        for entry in RosterSheet(sheet, layout, names, today).entries():
            if entry is not None:
                repetitions.check(entry, label)
            yield entry


def _without_others(layouts: Sequence[Layout]) -> list[Layout]:
    """Sheets that list people for another purpose are left aside, unless there is nothing else.

    Raises:
        UnusableFile: no sheet has a header.
    """
    if not any(layout.is_used for layout in layouts):
        raise UnusableFile("no_header")
    members = {layout.sheet for layout in layouts if layout.is_used and layout.columns.keys() & set(_TELLS_MEMBERS)}
    return [layout if layout.sheet in members or not members else layout.aside() for layout in layouts]


def _missing(sheet: Sheet, layout: Layout, names: BranchNames) -> bool:
    """Whether a column is missing that a new member needs."""
    columns = layout.columns
    if not {"name", "identity_number", "joined_on"} <= columns.keys() or not {"category", "full_on"} & columns.keys():
        return True
    if "branch" in columns or names.place_in(sheet.name) or branch_of_title(sheet.head[: layout.first_row], names):
        return False
    return not any(branch_of_section(heading_text(row), names) for row in sheet.head[layout.last_row + 1 :])


def _has_unknown_columns(sheet: Sheet, layout: Layout) -> bool:
    """Whether there are data below headings nobody knows; one of them may be what is missing."""
    known = set(layout.columns.values())
    below = sheet.head[layout.last_row + 1 :]
    return any(
        at not in known and heading not in roster_columns.NOT_READ and holds_data(at, below)
        for at, heading in enumerate(layout.headings)
    )
