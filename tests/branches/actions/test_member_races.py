"""Two people enter, decide or elect at the same moment; see `test_races`."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from branches.actions import elections, handovers, members, probations
from branches.models import Appointment, Election, Membership, Person, Post, ProbationDecision, RoleAssignment, Term
from branches.rights import access_of
from branches.rules.elections import Tally
from tests.branches.actions.test_races import at_once
from tests.cast import TODAY, Cast

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2020, 10, 20)


@pytest.fixture(autouse=True)
def _several_connections() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("The threads of one SQLite test share its connection; the PostgreSQL run covers this.")


def test_one_person_entered_in_two_branches(cast: Cast) -> None:
    def enter(branch: str) -> None:
        members.enter_member(
            branch=getattr(cast, branch),
            entry="admitted",
            on=DAY,
            facts={"name": "钱三强", "identity_number": "619901196206197086"},
            document_number="批1号",
            by=cast.admin,
            access=access_of(cast.admin),
        )

    assert at_once(lambda: enter("first"), lambda: enter("second"), lambda: enter("first")) == []
    assert Person.objects.filter(name="钱三强").count() == 1
    assert Membership.objects.filter(person__name="钱三强").count() == 1


def test_one_probation_decided_twice(cast: Cast) -> None:
    person = cast.people["first6"]
    Person.objects.filter(pk=person.pk).update(category="probationary", joined_on=date(2019, 7, 1), full_on=None)

    def decide() -> None:
        probations.decide(
            person=person,
            branch=cast.first,
            outcome="full",
            decided_on=date(2020, 7, 3),
            full_on=date(2020, 7, 1),
            document_number="批1号",
            by=cast.staff,
        )

    assert at_once(decide, decide) == []
    assert ProbationDecision.objects.count() == 1


def test_one_election_recorded_twice(cast: Cast) -> None:
    def hold() -> None:
        elections.hold_election(
            organisation=cast.first,
            on=DAY,
            is_new_term=True,
            has_committee=True,
            tally=Tally(7, 7, 7, 7),
            candidates=[(cast.people["first3"], Post.SECRETARY, 7, True)],
            by=cast.staff,
        )

    assert at_once(hold, hold) == []
    assert (Election.objects.count(), Term.objects.filter(organisation=cast.first).count()) == (1, 2)
    assert Appointment.objects.filter(organisation=cast.first, ends_on=None, post=Post.SECRETARY).count() == 1


def test_one_post_handed_to_two(cast: Cast) -> None:
    def hand(key: str) -> None:
        handovers.hand_over(
            organisation=cast.first,
            successor=cast.people[key],
            on=DAY if key == "first3" else date(2020, 10, 21),
            document_number="批1号",
            with_role=True,
            by=cast.admin,
            access=access_of(cast.admin),
        )

    assert at_once(lambda: hand("first3"), lambda: hand("first4")) == []
    assert Appointment.objects.filter(organisation=cast.first, ends_on=None, post=Post.SECRETARY).count() == 1
    assert RoleAssignment.objects.active_on(TODAY).filter(organisation=cast.first, role="secretary").count() == 1
