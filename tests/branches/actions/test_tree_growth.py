from __future__ import annotations

import random
from datetime import date

import pytest

from branches.actions.organisations import found
from branches.actions.tree import tree_lock
from branches.actions.tree_growth import insert_many
from branches.models import Organisation
from tests.tree import invalid_nodes

DAY = date(2018, 1, 1)


def node(code: str, parent: Organisation | None) -> Organisation:
    return Organisation(code=code, kind="committee", name=code, short_name=code, parent=parent, founded_on=DAY)


def numbers() -> dict[str, tuple[int, int, int, int]]:
    return {o.code: (o.tree_id, o.lft, o.rght, o.level) for o in Organisation.objects.all()}


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_the_tree_is_the_one_mptt_would_build(seed: int) -> None:
    """Random forests, grown in random portions at random places, also to the left of what stands."""
    chance = random.Random(seed)
    for code in ("a", "b"):
        found(code=code, kind="committee", name=code, short_name=code, parent=None, on=DAY, by=None)
    count = 0
    for _portion in range(5):
        with tree_lock():
            standing = list(Organisation.objects.all())
            new: list[Organisation] = []
            for _one in range(chance.randint(1, 40)):
                count += 1
                new.append(node(f"n{count}", chance.choice(standing + new)))
            insert_many(new)
        assert invalid_nodes() == []
        stored = {o.pk: (o.lft, o.rght) for o in Organisation.objects.all()}
        known = {o.parent.pk: o.parent for o in new if o.parent} | {o.pk: o for o in new}
        assert {pk: (o.lft, o.rght) for pk, o in known.items()} == {pk: stored[pk] for pk in known}
    grown = numbers()
    Organisation.objects.rebuild()
    assert numbers() == grown


@pytest.mark.django_db
def test_nothing_to_insert_changes_nothing() -> None:
    found(code="a", kind="committee", name="a", short_name="a", parent=None, on=DAY, by=None)
    before = numbers()
    insert_many([])
    assert numbers() == before


@pytest.mark.django_db
def test_a_chain_as_deep_as_it_likes_is_numbered() -> None:
    top = found(code="a", kind="committee", name="a", short_name="a", parent=None, on=DAY, by=None)
    chain = [node("0", top)]
    for number in range(1, 300):
        chain.append(node(str(number), chain[-1]))
    insert_many(chain)
    assert invalid_nodes() == []
