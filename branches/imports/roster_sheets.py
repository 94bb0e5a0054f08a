"""Reads one sheet of a roster, row by row; remembers what the rows above have said about those below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from branches.imports.workbooks import Sheet
from branches.rules import roster_cells
from branches.rules.headers import find_header
from branches.rules.layouts import Layout
from branches.rules.roster_asides import Asides
from branches.rules.roster_branches import BranchNames, Place, branch_of_section, branch_of_title
from branches.rules.roster_columns import ALL_COLUMNS, PARTS
from branches.rules.roster_lines import (
    category_of_section,
    has_number,
    heading_text,
    is_closing,
    is_person,
    join_dates,
    ordinal_of,
    texts_of,
    title_between,
    unit_named,
)
from branches.rules.roster_rows import DATES, RosterEntry, Row, read_row
from branches.rules.roster_values import has_rounded_numbers

# Whoever has one of these is a person, not a heading between people.
_PERSONAL = frozenset(("identity_number", "birth_date", "joined_on", "full_on"))
# Cells of these columns are often merged over several people.
_SHARED = ("branch", "category")
_WIDE = 3
# The month and the day of a date in columns of their own.
_PART_OF = {part.key: key for key, parts in PARTS.items() for part in parts}
# A number, a label and a name: what such a row begins with.
_LONGEST_SECTION = 3


class RosterSheet:
    """One sheet on its way through."""

    def __init__(self, sheet: Sheet, layout: Layout, names: BranchNames, today: date) -> None:
        self._sheet, self._layout, self._names, self._today = sheet, layout, names, today
        self._columns, self._labels = layout.columns, layout.labels
        self._merged = {key: _Merged(sheet, layout.columns.get(key, -1)) for key in _SHARED}
        self._wide = {
            top for (top, left), (bottom, right) in sheet.merges if top == bottom and right - left + 1 >= _WIDE
        }
        above = names.place_in(sheet.name)
        self._above_header = "".join(text for row in sheet.head[: layout.first_row] for text in heading_text(row))
        title = branch_of_title(sheet.head[: layout.first_row], names)
        self._title = above if title is None or (above and above.is_known and not title.is_known) else title
        self._contradiction = (title, above) if title and above and names.contradict(title, above) else None
        self._asides = Asides.of(layout)
        self._is_rounded = has_rounded_numbers(layout, sheet.head)
        self._section: Place | None = None
        self._section_style: tuple[object, ...] = ()
        self._section_category = ""
        self._is_title_contradicted = False
        self._hidden_to_tell = [key for key, at in layout.columns.items() if at in sheet.hidden_columns]

    def entries(self) -> Iterator[RosterEntry | None]:
        """An entry for each person below the header, None for every other row."""
        for index, cells in enumerate(self._sheet.rows()):
            if index > self._layout.last_row:
                yield self._entry(index, cells)

    def _entry(self, index: int, cells: Sequence[object]) -> RosterEntry | None:
        by_key = {key: cells[at] for key, at in self._columns.items() if at < len(cells)}
        join_dates(by_key)
        texts = texts_of(by_key)
        for key in _SHARED:
            self._merged[key].pass_row(index, texts.get(key, ""))
        without_result = [
            _PART_OF.get(key, key)
            for key, at in self._columns.items()
            if key not in texts and (index, at) in self._sheet.without_result and key != "serial"
        ]
        if without_result and not has_number(texts) and is_closing(cells):
            return None
        if place := self._section_at(index, cells, texts):
            self._section, self._section_category = place, ""
            self._section_style = self._style(index, cells)
            return None
        if not is_person(cells, texts) and not {"name", "identity_number"} & set(without_result):
            self._pass_heading(index, cells, texts)
            return None
        if set(texts) == {"name"} and len(heading_text(cells)) == 1:
            self._doubt_section(index, cells)
        self._fill_in(index, texts)
        month_only = [key for key in DATES if (index, self._columns.get(key, -1)) in self._sheet.month_only]
        row = Row(
            self._sheet.name,
            index + 1,
            by_key,
            texts,
            self._labels,
            month_only,
            without_result,
            self._is_rounded,
            self._asides.remark(cells),
        )
        entry = read_row(row, today=self._today)
        self._asides.check_dates(entry, cells, self._labels, self._today)
        if "branch" not in texts and self._contradiction:
            title, sheet = self._contradiction
            entry.problems = [problem for problem in entry.problems if problem.code != "branch_empty"]
            entry.add("branch_contradicts", row.label("branch"), title=title.name[:60], sheet=sheet.name[:60])
        self._mark_hidden(index, entry, row)
        return entry

    def _section_at(self, index: int, cells: Sequence[object], texts: Mapping[str, str]) -> Place | None:
        """The branch of those below, where the row names one and nobody: 机关第一党支部（12人）."""
        if has_number(texts):
            return None
        at = self._columns.get("branch", -1)
        if "name" in texts:
            said = [texts["name"]]
        elif index in self._wide:
            said = heading_text(cells)
        elif any(texts.get(key, "")[:1].isdigit() for key in DATES):
            return None  # a person without a name
        else:
            said = heading_text([cell for number, cell in enumerate(cells) if number != at])
        place = branch_of_section(said[:_LONGEST_SECTION], self._names)
        if place is None or place.is_known or "name" not in texts:
            return place
        is_alone = index in self._wide or len(heading_text(cells)) == 1
        return place if is_alone and not _PERSONAL & texts.keys() else None

    def _pass_heading(self, index: int, cells: Sequence[object], texts: Mapping[str, str]) -> None:
        """Note what a row between the people says about those below it."""
        said = heading_text(cells)
        if said and not _PERSONAL & texts.keys() and (category := category_of_section(said)):
            self._section_category = category
        elif not self._doubt_section(index, cells):
            self._take_new_header(cells)

    def _style(self, index: int, cells: Sequence[object]) -> tuple[object, ...]:
        """What headings of one kind have in common: where they stand, how wide, how they are numbered."""
        first = next((at for at, cell in enumerate(cells) if cell not in ("", None)), -1)
        return first, index in self._wide, ordinal_of(heading_text(cells))

    def _doubt_section(self, index: int, cells: Sequence[object]) -> bool:
        """Whether a heading stands for another branch, though nobody knows it: like those that name branches, or the
        title of a further table. Those below are never counted for the branch before."""
        said = heading_text(cells)
        name = self._names.rest_of(title) if (title := title_between(said)) else ""
        if name and name in roster_cells.branch_key(self._above_header):
            name = ""
        if not name and self._section_style and self._style(index, cells) == self._section_style:
            name = unit_named(said)
        if name:
            self._section, self._section_category = Place(name, is_known=False), ""
        return bool(name)

    def _take_new_header(self, cells: Sequence[object]) -> None:
        """A further table on the same sheet may have its columns elsewhere."""
        if not any(isinstance(cell, str) and "名" in cell for cell in cells):
            return
        header = find_header([cells], ALL_COLUMNS)
        usual = find_header(self._sheet.head, ALL_COLUMNS)
        if header is None or usual is None:
            return
        if any(usual.columns.get(key, at) != at for key, at in header.columns.items()):
            self._columns, self._labels, self._asides = header.columns, header.labels, Asides()
            self._merged = {key: _Merged(self._sheet, header.columns.get(key, -1)) for key in _SHARED}
        elif self._columns is not self._layout.columns:
            self._columns, self._labels = self._layout.columns, self._layout.labels
            self._asides = Asides.of(self._layout)

    def _fill_in(self, index: int, texts: dict[str, str]) -> None:
        """What a merged cell, the heading above or the sheet's title says counts where the row itself says nothing."""
        for key in _SHARED:
            if key not in texts and (merged := self._merged[key].value):
                texts[key] = merged
        if "category" not in texts and self._section_category:
            texts["category"] = self._section_category
        if "branch" in texts:
            texts["branch"] = self._names.whole(texts["branch"])
            if not self._is_title_contradicted and self._title is not None:
                same = self._names.identity(texts["branch"]) == self._names.identity(self._title.name)
                self._is_title_contradicted = not same
        elif self._section is not None:
            texts["branch"] = self._section.name
        elif self._title is not None and self._may_count_title():
            texts["branch"] = self._title.name

    def _may_count_title(self) -> bool:
        """Beside a column for the branch a title counts only as long as nobody stands in another branch."""
        if self._contradiction is not None:
            return False
        if "branch" not in self._columns:
            return True
        return self._title is not None and self._title.is_known and not self._is_title_contradicted

    def _mark_hidden(self, index: int, entry: RosterEntry, row: Row) -> None:
        if index in self._sheet.hidden_rows:
            entry.is_hidden = True
            entry.add("row_hidden")
        for key in self._hidden_to_tell:
            entry.add("column_hidden", row.label(key))
        self._hidden_to_tell = []


class _Merged:
    """What the merged cell of a column says that covers the present row."""

    def __init__(self, sheet: Sheet, at: int) -> None:
        self.value = ""
        self._until = -1
        self._last_of = {
            top: bottom for (top, left), (bottom, right) in sheet.merges if left <= at <= right and bottom > top
        }

    def pass_row(self, index: int, text: str) -> None:
        if index in self._last_of:
            self.value, self._until = text, self._last_of[index]
        elif index > self._until:
            self.value = ""
