"""A sheet of any kind of file, as its readers hand it on, and how large it may be."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

MAX_ROWS = 300_000
MAX_COLUMNS = 200
MAX_MERGES = 100_000
# What of a sheet is looked at to find its header.
HEAD_ROWS = 40

Merge = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Sheet:
    """Rows from the sheet's very first one, so that index + 1 is the number people see; an empty cell is "".

    Rows and columns count from 0: `month_only` are date cells shown without a day, `without_result` are formulas whose
    result was not saved. A cell with an error holds its name, such as "#N/A".
    """

    name: str
    number_of_rows: int
    read: Callable[[], Iterator[Sequence[object]]]
    merges: Sequence[Merge] = ()
    month_only: Container[tuple[int, int]] = frozenset()
    without_result: Container[tuple[int, int]] = frozenset()
    hidden_rows: Container[int] = frozenset()
    hidden_columns: Container[int] = frozenset()

    def rows(self) -> Iterator[Sequence[object]]:
        """Every row from the first one, one after the other as they are read; may be asked for again."""
        return self.read()

    @cached_property
    def head(self) -> Sequence[Sequence[object]]:
        return list(islice(self.rows(), HEAD_ROWS))
