from __future__ import annotations

from datetime import date

import pytest

from branches.actions.organisations import rename
from branches.models import Organisation, Placement
from branches.queries.tree import TreeOfDay, as_called_on, tree_on
from tests.cast import TODAY, Cast

pytestmark = pytest.mark.django_db


def test_a_ring_left_by_backdated_moves_is_walked_once() -> None:
    tree = TreeOfDay({1: 2, 2: 1, 3: 2})
    assert tree.ancestors(1) == [2]
    assert tree.ancestors(3) == [2, 1]
    assert tree.below(2) == {1, 2, 3}
    nodes = [Organisation(pk=pk, tree_id=1, lft=pk, rght=pk + 1) for pk in (1, 2, 3)]
    assert {node.pk for node, _depth in tree.in_order(nodes)} == {1, 2, 3}


def test_what_stood_nowhere_that_day_stands_alone() -> None:
    tree = TreeOfDay({})
    assert (tree.ancestors(7), tree.below(7)) == ([], {7})


def test_void_placements_do_not_count(cast: Cast) -> None:
    Placement.objects.filter(organisation=cast.first).update(is_void=True)
    assert cast.first.pk not in tree_on(TODAY).parents


def test_names_are_borne_by_copies_only(cast: Cast) -> None:
    rename(organisation=cast.first, name="新名", short_name="新名", on=date(2020, 7, 1), by=None)
    today = Organisation.objects.get(pk=cast.first.pk)
    assert as_called_on([today], date(2020, 6, 30))[today.pk].short_name == "第一党支部"
    assert as_called_on([today], date(2017, 1, 1))[today.pk].short_name == "新名"
    assert today.short_name == "新名"
