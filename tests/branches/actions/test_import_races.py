"""Somebody works on the people and branches an import or a merger is at; see `test_races`."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from branches.actions import organisations, people, reorganisations, roster_writing
from branches.models import Appointment, Batch, Membership, Organisation, Person, Post
from foundation.encryption import blind_index
from tests.branches.actions.test_races import at_once
from tests.cast import TODAY, Cast
from tests.rosters import line, number, plan, workbook

pytestmark = pytest.mark.django_db(transaction=True)
LONG = 0.7  # seconds a writer takes, so that the other one is in the middle of it


@pytest.fixture(autouse=True)
def _several_connections() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("The threads of one SQLite test share its connection; the PostgreSQL run covers this.")


class Slowly:
    """Runs an act in a transaction and lets another begin before that ends."""

    def __init__(self, act: Callable[[], object]) -> None:
        self.act = act
        self.is_at_it = threading.Event()

    def __call__(self) -> None:
        with transaction.atomic():
            self.act()
            self.is_at_it.set()
            time.sleep(LONG)

    def then(self, act: Callable[[], object]) -> Callable[[], None]:
        def wait_and_act() -> None:
            assert self.is_at_it.wait(5)
            act()

        return wait_and_act


def confirmed(cast: Cast) -> tuple[Person, Batch]:
    """A roster of the first branch that changes one member and enters another."""
    person, identity = cast.people["first1"], number(sequence=1)
    Person.objects.filter(pk=person.pk).update(identity_number=identity, identity_hash=blind_index(identity))
    lines = [line("李秀英", identity, cast.first.name), line("郝新民", number(sequence=3), cast.first.name)]
    batch = plan(workbook(lines), cast.committee, cast.staff)
    assert (batch.counts["update"], batch.counts["create"]) == (1, 1)
    return person, batch


def test_somebody_gets_a_post_while_the_roster_of_the_branch_is_written(cast: Cast) -> None:
    person, batch = confirmed(cast)
    write = Slowly(lambda: roster_writing.write_chunk(batch))

    def appoint() -> None:
        people.appoint(person=person, organisation=cast.first, post=Post.PUBLICITY, on=TODAY, by=cast.staff)

    assert at_once(write, write.then(appoint)) == []
    assert batch.rows.filter(outcome="written").count() == 2
    assert Appointment.objects.filter(person=person, post=Post.PUBLICITY).exists()


def test_nobody_is_entered_in_a_branch_that_ends_this_moment(cast: Cast) -> None:
    batch = plan(workbook([line("郝新民", number(), cast.second.name)]), cast.committee, cast.staff)
    Membership.objects.filter(branch=cast.second).update(ends_on=date(2020, 3, 1))

    def revoke() -> None:
        organisations.revoke(
            organisation=cast.second, on=TODAY - timedelta(days=1), by=cast.admin, document_number="批9号"
        )

    end = Slowly(revoke)
    assert at_once(end, end.then(lambda: roster_writing.write_chunk(batch))) == []
    assert Organisation.objects.get(pk=cast.second.pk).ended_on
    assert not Membership.objects.filter(branch=cast.second, ends_on__isnull=True).exists()


def test_a_branch_does_not_end_while_somebody_is_entered(cast: Cast) -> None:
    batch = plan(workbook([line("郝新民", number(), cast.second.name)]), cast.committee, cast.staff)
    Membership.objects.filter(branch=cast.second).update(ends_on=date(2020, 3, 1))

    def revoke() -> None:
        organisations.revoke(organisation=cast.second, on=TODAY, by=cast.admin, document_number="批9号")

    write = Slowly(lambda: roster_writing.write_chunk(batch))
    assert at_once(write, write.then(revoke)) == []
    assert Organisation.objects.get(pk=cast.second.pk).ended_on is None
    assert Membership.objects.filter(branch=cast.second, ends_on__isnull=True).exists()


def test_a_branch_is_merged_while_somebody_is_at_one_of_its_members(cast: Cast) -> None:
    person = cast.people["first1"]

    def at_it() -> None:
        Person.objects.select_for_update().get(pk=person.pk)

    def end() -> None:
        hold()
        Membership.objects.filter(person=person).update(document_number="批8号")

    hold = Slowly(at_it)

    def work() -> None:
        with transaction.atomic():
            end()

    def merge() -> None:
        reorganisations.merge(branches=[cast.first], into=cast.second, on=TODAY, by=cast.admin, document_number="批9号")

    assert at_once(work, hold.then(merge)) == []
    assert Membership.objects.get(person=person, ends_on__isnull=True).branch == cast.second
