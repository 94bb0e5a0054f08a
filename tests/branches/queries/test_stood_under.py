from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import pytest
from django.core.exceptions import ValidationError

from branches.actions.organisations import found, move, revoke
from branches.models import Appointment, Membership, Organisation
from branches.queries.tree import moves_since, stood_under, tree_on
from tests.cast import START, TODAY, Cast

pytestmark = pytest.mark.django_db

FIRST = date(2020, 1, 1)
DAY = timedelta(days=1)


def _all() -> list[Organisation]:
    return list(Organisation.objects.order_by("tree_id", "lft"))


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += 7 * DAY


@pytest.mark.parametrize("seed", range(3))
def test_it_agrees_with_the_tree_of_every_day(seed: int, cast: Cast) -> None:
    """Random moves of branches, committees and organs, also into one another, against the slow way of reading."""
    random = Random(seed)
    kinds = Organisation.Kind
    for number in range(12):
        kind = random.choice([kinds.COMMITTEE, kinds.GENERAL_BRANCH, kinds.BRANCH])
        parent = random.choice([one for one in _all() if one.kind in (kinds.COMMITTEE, kinds.ORGAN)])
        found(
            code=f"x{number}", kind=kind, name=f"某{number}", short_name=f"某{number}", parent=parent, on=START, by=None
        )
    on = date(2019, 11, 1)
    while on < TODAY:
        node, parent = random.choice(_all()), random.choice(_all())
        try:
            move(organisation=node, parent=parent, on=on, by=None)
        except ValidationError:
            continue
        on += random.choice([0, 10, 33]) * DAY
    trees = {day: tree_on(day) for day in _days(FIRST, TODAY)}
    moves = moves_since(FIRST)
    for top in _all():
        under = moves.under(top, FIRST, TODAY)
        ever = set(Organisation.objects.filter(under.ever()).values_list("pk", flat=True))
        below = {day: tree.below(top.pk) for day, tree in trees.items()}
        assert set().union(*below.values()) <= ever
        for day, expected in below.items():
            assert {one.pk for one in _all() if under.covers(one, day)} == expected
        # Rows that carry a day: posts, one for every organisation and day.
        Appointment.objects.all().delete()
        Appointment.objects.bulk_create(
            Appointment(person=cast.people["first0"], organisation_id=one.pk, post="secretary", starts_on=day)
            for day in trees
            for one in _all()
        )
        rows = Appointment.objects.filter(under.q("organisation__", "starts_on"))
        expected_rows = sorted((day, pk) for day, keys in below.items() for pk in keys)
        assert sorted(rows.values_list("starts_on", "organisation_id")) == expected_rows


def test_without_moves_it_is_todays_subtree_by_one_select(cast: Cast, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(1):
        under = stood_under(cast.committee, FIRST, TODAY)
    assert len(under.zones) == 1
    rows = Membership.objects.filter(under.q("branch__", "starts_on"))
    assert rows.count() == Membership.objects.exclude(branch=cast.far).count()


def test_days_outside_the_time_look_like_its_first_and_last(cast: Cast) -> None:
    move(organisation=cast.first, parent=Organisation.objects.get(pk=cast.city.pk), on=date(2020, 7, 1), by=None)
    first = Organisation.objects.get(pk=cast.first.pk)
    under = stood_under(Organisation.objects.get(pk=cast.committee.pk), FIRST, TODAY)
    assert [under.covers(first, day) for day in (START, date(2020, 6, 30), date(2020, 7, 1), date.max)] == [
        True, True, False, False,
    ]  # fmt: skip
    earlier = stood_under(Organisation.objects.get(pk=cast.committee.pk), FIRST, date(2020, 6, 30))
    assert earlier.covers(first, TODAY)


def test_a_revoked_one_stays_where_it_last_stood(cast: Cast) -> None:
    Membership.objects.filter(branch=cast.retired).update(is_void=True)
    move(organisation=cast.retired, parent=Organisation.objects.get(pk=cast.organ.pk), on=date(2020, 3, 1), by=None)
    revoke(organisation=cast.retired, on=date(2020, 6, 30), by=None, document_number="批〔2020〕1号")
    retired = Organisation.objects.get(pk=cast.retired.pk)
    committee = stood_under(Organisation.objects.get(pk=cast.committee.pk), FIRST, TODAY)
    organ = stood_under(Organisation.objects.get(pk=cast.organ.pk), FIRST, TODAY)
    assert [committee.covers(retired, day) for day in (FIRST, date(2020, 3, 1), TODAY)] == [True, False, False]
    assert [organ.covers(retired, day) for day in (FIRST, date(2020, 3, 1), TODAY)] == [True, True, True]
