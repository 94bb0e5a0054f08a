from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from branches.actions.letters import Letter, send_out
from branches.actions.people import appoint
from branches.actions.statuses import begin, end, end_for_good, register_guest, reopen, take_back
from branches.actions.transfers import ask
from branches.models import Appointment, GroupMembership, Membership, MemberStatus, OfficeMembership, Person
from branches.queries.roster import in_flow_on, members_on
from branches.rules.people import StatusKind
from foundation.encryption import blind_index
from tests.cast import TODAY, Cast

pytestmark = pytest.mark.django_db
NUMBER = "619901196206197086"


def _begin(cast: Cast, kind: str = StatusKind.FLOW_OUT, **other: Any) -> MemberStatus:
    values: dict[str, Any] = {
        "person": cast.people["first3"],
        "organisation": cast.first,
        "on": TODAY,
        "by": cast.staff,
    }
    return begin(kind=kind, **values | other)


def _end_for_good(cast: Cast, key: str = "first0", **other: Any) -> Membership:
    values: dict[str, Any] = {"kind": "removed", "on": date(2020, 10, 20), "document_number": "批〔2020〕2号"}
    return end_for_good(person=cast.people[key], branch=cast.first, by=cast.staff, **values | other)


@pytest.mark.parametrize("kind", [StatusKind.SUSPENDED, StatusKind.ON_PROBATION])
def test_what_is_decided_on_paper_needs_its_number(kind: str, cast: Cast) -> None:
    with pytest.raises(ValidationError) as caught:
        _begin(cast, kind)
    assert "document_number" in caught.value.error_dict


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("on", {"on": date(2017, 6, 1)}),
        ("on", {"on": date(2022, 1, 1)}),
        ("until", {"until": date(2020, 10, 25)}),
    ],
)
def test_days_that_do_not_fit_are_refused(field: str, values: dict[str, Any], cast: Cast) -> None:
    with pytest.raises(ValidationError) as caught:
        _begin(cast, **values)
    assert field in caught.value.error_dict


def test_the_same_circumstance_twice_is_refused(cast: Cast) -> None:
    _begin(cast, on=date(2020, 10, 1), until=date(2020, 10, 30))
    with pytest.raises(ValidationError):
        _begin(cast, until=date(2020, 11, 30))
    _begin(cast, StatusKind.EXCUSED)


def test_a_member_who_floats_out_is_not_expected_until_back(cast: Cast) -> None:
    status = _begin(cast)

    def is_expected(day: date) -> bool:
        return next(m for m in members_on([cast.first], day) if m.person == cast.people["first3"]).is_expected

    assert not is_expected(TODAY)
    end(status=status, organisation=cast.first, on=TODAY, by=cast.staff)
    assert (is_expected(TODAY), is_expected(date(2020, 10, 27))) == (False, True)


def test_restoring_a_membership_needs_the_number_of_the_decision(cast: Cast) -> None:
    status = _begin(cast, StatusKind.SUSPENDED, document_number="批〔2020〕1号")
    with pytest.raises(ValidationError) as caught:
        end(status=status, organisation=cast.first, on=TODAY, by=cast.staff)
    assert "document_number" in caught.value.error_dict


def test_an_end_before_the_beginning_is_refused(cast: Cast) -> None:
    status = _begin(cast)
    with pytest.raises(ValidationError) as caught:
        end(status=status, organisation=cast.first, on=date(2020, 10, 25), by=cast.staff)
    assert "on" in caught.value.error_dict


def test_an_entry_taken_back_never_held_and_is_taken_back_once(cast: Cast) -> None:
    status = take_back(status=_begin(cast), organisation=cast.first, by=cast.staff)
    assert not MemberStatus.objects.active_on(TODAY).exists()
    with pytest.raises(ValidationError):
        take_back(status=status, organisation=cast.first, by=cast.staff)


def test_a_guest_attends_without_being_a_member(cast: Cast) -> None:
    register_guest(
        branch=cast.first, name="高飞", sex="male", identity_number="", on=TODAY, reason="外市某支部", by=cast.staff
    )
    assert [member.person.name for member in in_flow_on(cast.first, TODAY)] == ["高飞"]
    assert not Person.objects.get(name="高飞").memberships.exists()


def test_a_guest_known_by_the_number_is_the_same_person(cast: Cast) -> None:
    Person.objects.filter(pk=cast.people["far1"].pk).update(identity_hash=blind_index(NUMBER))
    values: dict[str, Any] = {
        "branch": cast.first,
        "sex": "female",
        "identity_number": NUMBER,
        "on": TODAY,
        "by": cast.staff,
    }
    with pytest.raises(ValidationError) as caught:
        register_guest(name="高飞", **values)
    assert "卫红" not in str(caught.value)
    assert register_guest(name="卫红", **values).person_id == cast.people["far1"].pk


def test_a_member_of_the_branch_does_not_float_into_it(cast: Cast) -> None:
    Person.objects.filter(pk=cast.people["first3"].pk).update(identity_hash=blind_index(NUMBER))
    with pytest.raises(ValidationError):
        register_guest(branch=cast.first, name="刘洋", sex="male", identity_number=NUMBER, on=TODAY, by=cast.staff)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("document_number", {"document_number": ""}),
        ("on", {"on": date(2020, 10, 27)}),
        ("on", {"on": date(2017, 12, 31)}),
        ("on", {"on": date(2019, 1, 1)}),
    ],
)
def test_an_end_without_number_or_of_a_day_that_does_not_fit_is_refused(
    field: str, values: dict[str, Any], cast: Cast
) -> None:
    with pytest.raises(ValidationError) as caught:
        _end_for_good(cast, **values)
    assert field in caught.value.error_dict
    assert Membership.objects.get(person=cast.people["first0"]).ends_on is None


def test_a_death_needs_no_number(cast: Cast) -> None:
    assert _end_for_good(cast, kind="deceased", document_number="").end_kind == "deceased"


def test_who_is_asked_for_elsewhere_is_not_ended(cast: Cast) -> None:
    ask(
        person=cast.people["first0"],
        from_branch=cast.first,
        to_branch=cast.second,
        elsewhere="第二党支部",
        on=TODAY,
        by=cast.staff,
    )
    with pytest.raises(ValidationError):
        _end_for_good(cast)


def test_everything_held_ends_on_the_last_day_and_comes_back_when_taken_back(cast: Cast) -> None:
    person, last = cast.people["first0"], date(2020, 10, 20)
    _begin(cast, person=person, on=date(2020, 10, 1))
    kept = (Appointment, GroupMembership, OfficeMembership, MemberStatus, Membership)

    def ends() -> set[date | None]:
        return {row.ends_on for model in kept for row in model._default_manager.filter(person=person)}

    membership = _end_for_good(cast)
    assert ends() == {last}
    reopen(membership=membership, by=cast.staff)
    assert ends() == {None}
    with pytest.raises(ValidationError):
        reopen(membership=membership, by=cast.staff)


def test_an_end_is_not_taken_back_once_something_followed(cast: Cast) -> None:
    membership = _end_for_good(cast)
    Membership.objects.create(person=cast.people["first0"], branch=cast.second, starts_on=TODAY)
    with pytest.raises(ValidationError):
        reopen(membership=membership, by=cast.staff)


def test_what_ended_before_does_not_come_back(cast: Cast) -> None:
    person = cast.people["first0"]
    Appointment.objects.create(
        person=person,
        organisation=cast.first,
        post="youth",
        starts_on=date(2018, 1, 1),
        ends_on=date(2019, 1, 1),
    )
    reopen(membership=_end_for_good(cast), by=cast.staff)
    assert Appointment.objects.get(person=person, post="youth").ends_on == date(2019, 1, 1)


def test_a_suspended_member_is_not_sent_out(cast: Cast) -> None:
    _begin(cast, StatusKind.SUSPENDED, document_number="批〔2020〕1号")
    letter = Letter(number="1", written_on=TODAY, valid_days=90, elsewhere="外市")
    with pytest.raises(ValidationError):
        send_out(person=cast.people["first3"], branch=cast.first, letter=letter, on=TODAY, by=cast.staff)


def test_a_post_filled_meanwhile_is_not_given_back(cast: Cast) -> None:
    membership = _end_for_good(cast)
    appoint(
        person=cast.people["first3"], organisation=cast.first, post="secretary", on=date(2020, 10, 21), by=cast.staff
    )
    reopen(membership=membership, by=cast.staff)
    rows = Appointment.objects.active_on(TODAY).filter(organisation=cast.first, post="secretary")
    assert [row.person_id for row in rows] == [cast.people["first3"].pk]


def test_taken_back_restores_the_very_days_and_nothing_that_ended_of_itself(cast: Cast) -> None:
    person, last = cast.people["first0"], date(2020, 10, 20)
    Appointment.objects.create(
        person=person, organisation=cast.first, post="youth", starts_on=date(2019, 1, 1), ends_on=last
    )
    _begin(cast, person=person, on=date(2020, 10, 1), until=date(2020, 12, 31))
    _begin(cast, StatusKind.EXCUSED, person=person, on=date(2020, 10, 23), until=date(2020, 12, 1))
    kept = (Appointment, GroupMembership, OfficeMembership, MemberStatus, Membership)

    def facts() -> set[tuple[str, int, date | None, bool]]:
        rows = [row for model in kept for row in model._default_manager.filter(person=person)]
        return {(type(row).__name__, row.pk, row.ends_on, row.is_void) for row in rows}

    before = facts()
    reopen(membership=_end_for_good(cast), by=cast.staff)
    assert facts() == before


def test_floating_into_another_branch_takes_no_vote_at_home(cast: Cast) -> None:
    _begin(cast, StatusKind.FLOW_IN, branch=cast.second)
    _begin(cast)
    home = next(row for row in members_on([cast.first], TODAY) if row.person.name == "刘洋")
    (guest,) = in_flow_on(cast.second, TODAY)
    assert (home.has_vote, home.is_expected) == (True, False)
    assert (guest.has_vote, guest.is_expected) == (False, True)


def test_a_longer_end_does_not_run_into_the_next_entry(cast: Cast) -> None:
    status = _begin(cast, until=date(2020, 10, 28))
    _begin(cast, on=date(2020, 11, 2))
    with pytest.raises(ValidationError):
        end(status=status, organisation=cast.first, on=date(2020, 11, 5), by=cast.staff)


def test_a_guest_without_number_is_registered_once(cast: Cast) -> None:
    values: dict[str, Any] = {"branch": cast.first, "name": "高飞", "sex": "male", "on": TODAY, "by": cast.staff}
    register_guest(identity_number="", **values)
    with pytest.raises(ValidationError):
        register_guest(identity_number="", **values)
    assert Person.objects.filter(name="高飞").count() == 1
    register_guest(identity_number=NUMBER, **values)
