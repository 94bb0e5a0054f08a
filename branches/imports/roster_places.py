"""Finds the organisation a roster belongs under, where nobody has said which."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from branches.imports.rosters import names_of, read_entries, recognise
from branches.imports.workbooks import Book
from branches.models import Batch, Organisation
from branches.queries.rosters import branches_by_name
from branches.rules.roster_cells import branch_key


def place_of(book: Book, tops: Sequence[Organisation], as_of: date) -> Organisation | None:
    """The only one of `tops` under which lie all those branches of the file that are known anywhere.

    Raises:
        UnusableFile: no sheet has a usable header.
    """
    if len(tops) == 1:
        return tops[0]
    known = {top.pk: _known(book, top, as_of) for top in tops}
    everywhere = set().union(*known.values())
    fitting = [top for top in tops if everywhere and known[top.pk] == everywhere]
    return fitting[0] if len(fitting) == 1 else None


def _known(book: Book, top: Organisation, as_of: date) -> set[str]:
    """The names of branches in the file that `top` has."""
    batch = Batch(organisation=top, as_of=as_of)
    entries = read_entries(book, recognise(book, batch).layouts, today=as_of, names=names_of(batch))
    names = {branch_key(entry.branch) for entry in entries if entry is not None}
    return names & branches_by_name(top, as_of).keys()
