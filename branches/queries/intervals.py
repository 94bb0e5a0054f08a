"""Organisations as intervals of today's tree."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from django.db.models import Q

from branches.models import Organisation


class Interval(Protocol):
    """An organisation as far as today's tree is concerned."""

    @property
    def tree_id(self) -> int: ...

    @property
    def lft(self) -> int: ...

    @property
    def rght(self) -> int: ...


Start = tuple[int, int]


def start_of(organisation: Interval) -> Start:
    """Where an organisation begins in the order of the tree."""
    return organisation.tree_id, organisation.lft


def lies_in(organisation: Interval, root: Interval) -> bool:
    """Whether `organisation` is `root` or lies below it in today's tree."""
    return root.tree_id == organisation.tree_id and root.lft <= organisation.lft and organisation.rght <= root.rght


class Nest:
    """Subtrees of today's tree, apart or one inside another: the nearest around an organisation by bisection."""

    def __init__(self, roots: Iterable[Organisation]) -> None:
        self.roots = sorted(roots, key=start_of)
        self._starts = [start_of(root) for root in self.roots]
        self._around: list[int] = []
        for number, root in enumerate(self.roots):
            at = number - 1
            while at >= 0 and not lies_in(root, self.roots[at]):
                at = self._around[at]
            self._around.append(at)

    def nearest(self, organisation: Interval) -> int:
        """The number of the nearest root at or above `organisation`; -1 if there is none."""
        at = bisect_right(self._starts, start_of(organisation)) - 1
        while at >= 0 and not lies_in(organisation, self.roots[at]):
            at = self._around[at]
        return at

    def around(self, number: int) -> Iterator[int]:
        """The numbers of the roots around one of them, the nearest first."""
        while (number := self._around[number]) >= 0:
            yield number

    def slices(self, starts: Sequence[Start]) -> list[slice]:
        """Where in a list sorted by `start_of` those lie that are inside any root."""
        return [
            slice(bisect_left(starts, start_of(root)), bisect_right(starts, (root.tree_id, root.rght)))
            for number, root in enumerate(self.roots)
            if self._around[number] < 0
        ]


def subtrees(roots: Iterable[Organisation]) -> Q:
    """The condition for organisations in any of the subtrees; leaves as a list, which no database finds too deep."""
    roots = list(roots)
    condition = Q(pk__in=[root.pk for root in roots if root.rght == root.lft + 1])
    for root in roots:
        if root.rght > root.lft + 1:
            condition |= Q(tree_id=root.tree_id, lft__gte=root.lft, rght__lte=root.rght)
    return condition
