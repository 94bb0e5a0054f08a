"""Hangs many new organisations into today's tree at once: the numbers of the nested sets are worked out for all of
them, and those that already stand move aside by one statement a tree. Call under the tree's lock."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import accumulate

from django.db.models import Case, F, Value, When
from django.db.models.expressions import Combinable

from branches.models import Organisation
from foundation.actions.bulk import insert_many as insert_rows

# MPTT numbers trees from 1: whatever is void stands in none.
NOWHERE = 0


def insert_many(organisations: Sequence[Organisation]) -> None:
    """Save new organisations, each as the last child of its `parent`.

    Args:
        organisations: unsaved, parents before their children; a parent is another of them, or one that stands already
            and was read since the lock was taken. Its interval is brought up to date.
    """
    children: dict[int, list[Organisation]] = defaultdict(list)
    tops: dict[int, Organisation] = {}
    for organisation in organisations:
        assert organisation.parent is not None
        children[id(organisation.parent)].append(organisation)
        if organisation.parent.pk is not None:
            tops[id(organisation.parent)] = organisation.parent
    if not tops:
        return
    levels: dict[int, list[Organisation]] = defaultdict(list)
    for tree_id in sorted({top.tree_id for top in tops.values()}):
        standing = sorted((top for top in tops.values() if top.tree_id == tree_id), key=lambda top: top.rght)
        _number(standing, children, levels)
    for level in sorted(levels):
        for organisation in levels[level]:
            organisation.parent = organisation.parent  # it has its number by now
        insert_rows(levels[level])


def remove_many(organisations: Sequence[Organisation]) -> None:
    """Take organisations out of the tree, with everything below them among them: they stand nowhere, as if they had
    never been, and what stands to their right moves up.

    Args:
        organisations: read since the tree's lock was taken; none is the top of a tree.
    """
    for tree_id in sorted({organisation.tree_id for organisation in organisations}):
        ordered = sorted((one for one in organisations if one.tree_id == tree_id), key=lambda one: one.lft)
        boundaries: list[int] = []
        widths: list[int] = []
        for one in ordered:
            if not boundaries or one.lft >= boundaries[-1]:  # not below the one before
                boundaries.append(one.rght + 1)
                widths.append(one.lft - one.rght - 1)
        Organisation.objects.filter(pk__in=[one.pk for one in ordered]).update(
            parent=None, tree_id=NOWHERE, lft=1, rght=2, level=0
        )
        steps = list(accumulate(widths))
        Organisation.objects.filter(tree_id=tree_id, rght__gte=boundaries[0]).update(
            lft=F("lft") + _step("lft", boundaries, steps), rght=F("rght") + _step("rght", boundaries, steps)
        )


def _number(
    standing: Sequence[Organisation],
    children: Mapping[int, Sequence[Organisation]],
    levels: Mapping[int, list[Organisation]],
) -> None:
    """Number what is new under `standing`, which are of one tree and ordered by where they end, and make room."""
    sizes = []
    moved = 0
    for top in standing:
        first = top.rght + moved
        end = _number_below(top, first, children, levels)
        sizes.append(end - first)
        moved += end - first
    boundaries = [top.rght for top in standing]
    steps = list(accumulate(sizes))
    Organisation.objects.filter(tree_id=standing[0].tree_id, rght__gte=boundaries[0]).update(
        lft=F("lft") + _step("lft", boundaries, steps), rght=F("rght") + _step("rght", boundaries, steps)
    )
    for top in standing:
        top.lft += _moved(top.lft, boundaries, steps)
        top.rght += _moved(top.rght, boundaries, steps)


def _number_below(
    top: Organisation,
    number: int,
    children: Mapping[int, Sequence[Organisation]],
    levels: Mapping[int, list[Organisation]],
) -> int:
    """Number everything new below `top` from `number` on; returns the next free number."""
    waiting: list[tuple[Organisation, Organisation | None]] = [
        (child, top) for child in reversed(children.get(id(top), ()))
    ]
    while waiting:
        node, parent = waiting.pop()
        if parent is None:
            node.rght = number
        else:
            node.tree_id, node.level, node.lft = parent.tree_id, parent.level + 1, number
            levels[node.level].append(node)
            waiting.append((node, None))
            waiting += [(child, node) for child in reversed(children.get(id(node), ()))]
        number += 1
    return number


def _step(field: str, boundaries: Sequence[int], steps: Sequence[int], least: int = 0) -> Combinable:
    """By how much a number moves, as nested halves: each row is compared a few times, however many boundaries."""
    if not boundaries:
        return Value(least)
    middle = len(boundaries) // 2
    before = _step(field, boundaries[:middle], steps[:middle], least)
    after = _step(field, boundaries[middle + 1 :], steps[middle + 1 :], steps[middle])
    return Case(When(**{f"{field}__lt": boundaries[middle]}, then=before), default=after)


def _moved(number: int, boundaries: Sequence[int], steps: Sequence[int]) -> int:
    """What `_step` says, for one number."""
    at = bisect_right(boundaries, number)
    return steps[at - 1] if at else 0
