"""Two people at the same thing at the same moment. SQLite lets one write at a time; PostgreSQL needs the locks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from branches.actions import accounts, groups, people, transfers
from branches.models import Appointment, Membership, Post, Role, RoleAssignment, Transfer, User
from foundation.models import AuditEntry
from tests.cast import START, TODAY, Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _several_connections() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("The threads of one SQLite test share its connection; the PostgreSQL run covers this.")


def at_once(*acts: Callable[[], object]) -> list[Exception]:
    """What went wrong, refusals apart."""
    gate = threading.Barrier(len(acts))
    wrong: list[Exception] = []

    def run(act: Callable[[], object]) -> None:
        gate.wait()
        try:
            act()
        except ValidationError:
            pass
        except Exception as error:
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


@pytest.mark.parametrize("turn", range(3))
def test_accounts_of_one_name(cast: Cast, turn: int) -> None:
    def act() -> None:
        accounts.open_account(name="郑无名", role=Role.AUDITOR, organisation=cast.city, by=cast.admin)

    assert at_once(act, act, act) == []
    assert User.objects.filter(name="郑无名").count() == 3


@pytest.mark.parametrize("turn", range(3))
def test_two_hand_overs_leave_one_holder(cast: Cast, turn: int) -> None:
    def to(user: User) -> Callable[[], object]:
        return lambda: accounts.grant_role(
            account=user, role=Role.SECRETARY, organisation=cast.second, by=cast.admin, replacing=True
        )

    assert at_once(to(cast.auditor), to(cast.stranger)) == []
    holders = RoleAssignment.objects.active_on(TODAY).filter(organisation=cast.second, role=Role.SECRETARY)
    assert holders.count() == 1


@pytest.mark.parametrize("turn", range(3))
def test_a_role_ends_once(cast: Cast, turn: int) -> None:
    role = cast.secretary.roles.get()

    def act() -> None:
        accounts.end_role(assignment=role, by=cast.admin)

    assert at_once(act, act) == []
    assert AuditEntry.objects.filter(verb="role.end").count() == 1


@pytest.mark.parametrize("turn", range(3))
def test_a_vacant_post_is_filled_once(cast: Cast, turn: int) -> None:
    Appointment.objects.filter(organisation=cast.retired).update(is_void=True)

    def with_(key: str) -> Callable[[], object]:
        return lambda: people.appoint(
            person=cast.people[key], organisation=cast.retired, post=Post.SECRETARY, on=date(2020, 6, 1), by=cast.staff
        )

    assert at_once(with_("retired0"), with_("retired1")) == []
    assert Appointment.objects.active_on(TODAY).filter(organisation=cast.retired, post=Post.SECRETARY).count() == 1


@pytest.mark.parametrize("turn", range(3))
def test_a_group_is_formed_once(cast: Cast, turn: int) -> None:
    def act() -> None:
        groups.form_group(branch=cast.second, name="第一党小组", on=START, by=cast.staff)

    assert at_once(act, act) == []
    assert cast.second.groups.filter(name="第一党小组").count() == 1


def _asked(cast: Cast, on: date = TODAY) -> Transfer:
    return transfers.ask(
        person=cast.people["first3"],
        from_branch=cast.first,
        to_branch=cast.second,
        elsewhere="第二党支部",
        on=on,
        by=cast.secretary,
    )


@pytest.mark.parametrize("turn", range(3))
def test_two_requests_for_one_member(cast: Cast, turn: int) -> None:
    assert at_once(lambda: _asked(cast), lambda: _asked(cast)) == []
    assert Transfer.objects.count() == 1


@pytest.mark.parametrize("turn", range(3))
def test_two_acceptances(cast: Cast, turn: int) -> None:
    transfer = _asked(cast)

    def act() -> None:
        transfers.accept(transfer=transfer, by=cast.neighbour)

    assert at_once(act, act) == []
    rows = Membership.objects.valid().filter(person=cast.people["first3"])
    assert sorted(row.branch.code for row in rows) == ["first", "second"]


@pytest.mark.parametrize("turn", range(3))
def test_revoking_while_the_other_accepts(cast: Cast, turn: int) -> None:
    transfer = _asked(cast)
    acts = (
        lambda: transfers.accept(transfer=transfer, by=cast.neighbour),
        lambda: transfers.revoke(transfer=transfer, by=cast.secretary),
    )
    assert at_once(*acts) == []
    branch = Membership.objects.active_on(TODAY).get(person=cast.people["first3"]).branch
    assert branch == (cast.second if Transfer.objects.get().state == Transfer.State.ACCEPTED else cast.first)
