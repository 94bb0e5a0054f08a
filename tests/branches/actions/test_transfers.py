from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from branches.actions.statuses import begin
from branches.actions.transfers import accept, ask, ask_and_accept, refuse, revoke
from branches.models import Appointment, GroupMembership, Membership, MemberStatus, Organisation, Post, Transfer
from branches.rules.people import StatusKind
from foundation.models import AuditEntry
from tests.cast import TODAY, Cast

pytestmark = pytest.mark.django_db
DAY = TODAY
EVE = TODAY - timedelta(days=1)


def _ask(cast: Cast, *, to: Organisation | None = None, **other: Any) -> Transfer:
    values: dict[str, Any] = {
        "person": cast.people["first3"],
        "from_branch": cast.first,
        "to_branch": to,
        "elsewhere": "第二党支部",
        "on": DAY,
        "by": cast.secretary,
    }
    return ask(**values | other)


def _branch_on(cast: Cast, day: date, key: str = "first3") -> list[str]:
    return [row.branch.code for row in Membership.objects.active_on(day).filter(person=cast.people[key])]


def test_nothing_changes_before_the_answer(cast: Cast) -> None:
    _ask(cast, to=cast.second)
    assert _branch_on(cast, DAY) == ["first"]


def test_a_second_open_transfer_is_refused(cast: Cast) -> None:
    _ask(cast, to=cast.second)
    with pytest.raises(ValidationError, match="waits|待接收"):
        _ask(cast, to=cast.retired)
    assert Transfer.objects.count() == 1


@pytest.mark.parametrize("on", [date(2017, 12, 31), date(2018, 1, 1), date(2019, 1, 1), date(2022, 1, 1)])
def test_a_day_out_of_reason_is_refused(on: date, cast: Cast) -> None:
    with pytest.raises(ValidationError) as caught:
        _ask(cast, to=cast.second, on=on)
    assert "on" in caught.value.error_dict


def test_a_post_that_began_later_stands_in_the_way(cast: Cast) -> None:
    Appointment.objects.create(
        person=cast.people["first3"], organisation=cast.first, post=Post.YOUTH, starts_on=date(2020, 9, 1)
    )
    with pytest.raises(ValidationError) as caught:
        _ask(cast, to=cast.second, on=date(2020, 9, 1))
    assert "on" in caught.value.error_dict


def test_who_is_a_member_elsewhere_is_not_asked_for_here(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        _ask(cast, to=cast.first, from_branch=cast.second)


def test_a_suspended_membership_is_not_transferred(cast: Cast) -> None:
    begin(
        person=cast.people["first3"],
        organisation=cast.first,
        kind=StatusKind.SUSPENDED,
        on=date(2020, 10, 1),
        document_number="批〔2020〕1号",
        by=cast.staff,
    )
    with pytest.raises(ValidationError):
        _ask(cast, to=cast.second)


def test_acceptance_moves_the_member_on_the_day(cast: Cast) -> None:
    accept(transfer=_ask(cast, to=cast.second), by=cast.neighbour)
    assert (_branch_on(cast, EVE), _branch_on(cast, DAY)) == (["first"], ["second"])
    old = Membership.objects.get(person=cast.people["first3"], branch=cast.first)
    new = Membership.objects.get(person=cast.people["first3"], branch=cast.second)
    assert (old.ends_on, old.end_kind, new.starts_on, new.start_kind) == (EVE, "transferred", DAY, "transferred")


def test_acceptance_in_advance_holds_from_the_day_on(cast: Cast) -> None:
    later = TODAY + timedelta(days=30)
    accept(transfer=_ask(cast, to=cast.second, on=later), by=cast.neighbour)
    assert (_branch_on(cast, TODAY), _branch_on(cast, later)) == (["first"], ["second"])


def test_posts_groups_and_absences_end_with_it_and_probation_goes_along(cast: Cast) -> None:
    person = cast.people["first1"]
    for kind in (StatusKind.FLOW_OUT, StatusKind.ON_PROBATION):
        MemberStatus.objects.create(person=person, kind=kind, starts_on=date(2020, 1, 1))
    accept(transfer=_ask(cast, to=cast.second, person=person), by=cast.neighbour)
    assert Appointment.objects.get(person=person).ends_on == EVE
    assert GroupMembership.objects.get(person=person).ends_on == EVE
    assert {row.kind: row.ends_on for row in MemberStatus.objects.filter(person=person)} == {
        StatusKind.FLOW_OUT: EVE,
        StatusKind.ON_PROBATION: None,
    }


@pytest.mark.parametrize("first", [accept, lambda **values: refuse(reason="不符", **values), revoke])
@pytest.mark.parametrize("second", [accept, lambda **values: refuse(reason="不符", **values), revoke])
def test_the_first_answer_counts(first: Any, second: Any, cast: Cast) -> None:
    transfer = _ask(cast, to=cast.second)
    first(transfer=transfer, by=cast.staff)
    state = Transfer.objects.get().state
    with pytest.raises(ValidationError):
        second(transfer=transfer, by=cast.staff)
    assert Transfer.objects.get().state == state != Transfer.State.ASKED


def test_a_membership_that_ended_meanwhile_is_not_moved(cast: Cast) -> None:
    transfer = _ask(cast, to=cast.second)
    Membership.objects.filter(person=cast.people["first3"]).update(ends_on=date(2020, 10, 20))
    with pytest.raises(ValidationError):
        accept(transfer=transfer, by=cast.neighbour)
    assert _branch_on(cast, DAY) == []


def test_after_a_refusal_it_may_be_asked_again(cast: Cast) -> None:
    refuse(transfer=_ask(cast, to=cast.second), reason="材料不全", by=cast.neighbour)
    _ask(cast, to=cast.second)
    assert sorted(Transfer.objects.values_list("state", flat=True)) == ["asked", "refused"]


def test_both_at_once(cast: Cast) -> None:
    transfer = ask_and_accept(
        person=cast.people["first3"], from_branch=cast.first, to_branch=cast.second, on=DAY, by=cast.staff
    )
    assert (transfer.state, _branch_on(cast, DAY)) == ("accepted", ["second"])


def test_the_trail_of_the_old_branch_does_not_name_a_branch_out_of_its_reach(cast: Cast) -> None:
    accept(transfer=_ask(cast, to=cast.far, elsewhere="far"), by=cast.stranger)
    entries = AuditEntry.objects.filter(organisation_id=cast.first.pk)
    assert {"transfer.ask", "transfer.done"} <= {entry.verb for entry in entries}
    assert "农业局" not in str([entry.changes for entry in entries])
    there = AuditEntry.objects.filter(organisation_id=cast.far.pk, verb__startswith="transfer")
    assert [entry.verb for entry in there] == ["transfer.accept"]


def test_a_roster_planned_before_does_not_fit_any_more(cast: Cast) -> None:
    person = cast.people["first3"]
    before = person.version
    accept(transfer=_ask(cast, to=cast.second), by=cast.neighbour)
    person.refresh_from_db()
    assert person.version == before + 1


def test_a_suspension_later_than_the_day_stands_in_the_way(cast: Cast) -> None:
    begin(
        person=cast.people["first3"],
        organisation=cast.first,
        kind=StatusKind.SUSPENDED,
        on=date(2020, 10, 20),
        document_number="批〔2020〕1号",
        by=cast.staff,
    )
    with pytest.raises(ValidationError):
        _ask(cast, to=cast.second, on=date(2020, 10, 10))
