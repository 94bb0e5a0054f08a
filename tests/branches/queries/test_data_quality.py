"""Each count names its members; what is out of reach is in none of them."""

from __future__ import annotations

from datetime import date

import pytest

from branches.models import Membership, Person, ProbationDecision
from branches.queries.data_quality import flaws_of, members_with, suspects, twins_of
from branches.rights import Access
from branches.rules.data_quality import Flaw
from branches.rules.people import Category, Precision
from foundation.encryption import blind_index
from tests.cast import TODAY, Cast, enlist
from tests.rosters import number


@pytest.fixture
def sound(cast: Cast) -> Cast:
    """Nothing to mend: every member has a number and a phone of their own."""
    for at, person in enumerate(Person.objects.order_by("pk")):
        change(person, identity_hash=blind_index(number(sequence=at + 1)), phone_hash=f"phone {at}")
    return cast


def change(person: Person, **values: object) -> Person:
    Person.objects.filter(pk=person.pk).update(**values)
    return person


def counted(cast: Cast) -> dict[Flaw, int]:
    found = flaws_of(cast.committee, Access(cast.staff, TODAY), TODAY)
    for flaw, count in found.items():
        assert members_with(flaw, cast.committee, Access(cast.staff, TODAY), TODAY).count() == count
    return {flaw: count for flaw, count in found.items() if count}


def test_nothing_to_mend(sound: Cast) -> None:
    assert counted(sound) == {}


@pytest.mark.parametrize(
    ("flaw", "values"),
    [
        (Flaw.NO_NUMBER, {"identity_hash": None}),
        (Flaw.NO_PHONE, {"phone_hash": ""}),
        (Flaw.JOINING, {"joined_on": None}),
        (Flaw.JOINING, {"joined_on_precision": Precision.MONTH}),
        (Flaw.CATEGORY, {"category": Category.PROBATIONARY}),
        (Flaw.PROBATION, {"category": Category.PROBATIONARY, "full_on": None, "joined_on": date(2019, 10, 25)}),
    ],
)
def test_a_flaw_is_counted_once_and_only_in_reach(sound: Cast, flaw: Flaw, values: dict[str, object]) -> None:
    change(sound.people["first3"], **values)
    change(sound.people["far0"], **values)
    assert counted(sound) == {flaw: 1}


def test_a_probation_of_a_year_or_an_extended_one_is_none(sound: Cast) -> None:
    values = {"category": Category.PROBATIONARY, "full_on": None}
    change(sound.people["first3"], joined_on=date(2019, 10, 26), **values)
    longer = change(sound.people["first4"], joined_on=date(2019, 6, 1), **values)
    ProbationDecision.objects.create(
        person=longer,
        branch=sound.first,
        outcome="extended",
        decided_on=date(2020, 6, 1),
        extended_until=date(2020, 12, 1),
        entered_by=sound.staff,
        entered_on=date(2020, 6, 1),
    )
    assert counted(sound) == {}


def test_members_left_in_a_revoked_branch(sound: Cast) -> None:
    sound.second.ended_on = date(2020, 1, 1)
    sound.second.save()
    assert counted(sound) == {Flaw.REVOKED: 3}


def test_two_of_a_name_and_month_may_be_one_but_not_with_two_numbers(sound: Cast) -> None:
    first, second = sound.people["first0"], sound.people["second1"]
    for person in (first, second):
        change(person, birth_date=date(1980, 5, 1))
    assert counted(sound) == {}
    change(first, identity_hash=None, birth_date=date(1980, 5, 20))
    assert counted(sound) == {Flaw.DOUBLE: 1, Flaw.NO_NUMBER: 1}
    rows = list(members_with(Flaw.DOUBLE, sound.committee, Access(sound.staff, TODAY), TODAY))
    twins = twins_of(sound.committee, Access(sound.staff, TODAY), TODAY)
    pair = suspects(rows, twins, TODAY)[0]
    assert pair.twin is not None
    assert (pair.person, pair.twin.person, pair.kept) == (first, second, second)
    change(first, birth_date=date(1980, 6, 1))
    assert counted(sound) == {Flaw.NO_NUMBER: 1}


def test_two_of_one_phone_may_be_one(sound: Cast) -> None:
    change(sound.people["first5"], phone_hash="same", identity_hash=None)
    change(sound.people["second0"], phone_hash="same")
    assert counted(sound) == {Flaw.DOUBLE: 1, Flaw.NO_NUMBER: 1}


def test_a_record_merged_into_another_is_counted_nowhere(sound: Cast) -> None:
    other = enlist("无号", sound.first)
    assert counted(sound) == {Flaw.NO_NUMBER: 1, Flaw.NO_PHONE: 1}
    change(other, merged_into=sound.people["first0"])
    assert counted(sound) == {}
    assert Membership.objects.filter(person=other).exists()
