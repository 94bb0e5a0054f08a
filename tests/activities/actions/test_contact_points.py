from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from activities.actions.contact_points import assign, end
from activities.queries.contact_points import contact_points, leaders_to_choose
from branches.actions.organisations import found
from branches.models import Organisation, RoleAssignment
from branches.rights import Permission, access_of
from tests.cast import START, TODAY, Cast


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "field"),
    [
        (START - timedelta(days=1), None, "starts_on"),
        (TODAY + timedelta(days=367), None, "starts_on"),
        (TODAY, TODAY - timedelta(days=1), "ends_on"),
    ],
)
def test_days_that_cannot_be_are_refused_at_their_field(
    cast: Cast, starts_on: date, ends_on: date | None, field: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        assign(account=cast.contact, organisation=cast.second, starts_on=starts_on, ends_on=ends_on, by=cast.staff)
    assert list(refusal.value.message_dict) == [field]


def test_the_same_leader_twice_in_the_same_days_is_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        assign(account=cast.contact, organisation=cast.first, starts_on=TODAY, ends_on=None, by=cast.staff)
    days = {"starts_on": date(2020, 1, 1), "ends_on": date(2020, 6, 30)}
    assign(account=cast.contact, organisation=cast.second, by=cast.staff, **days)
    with pytest.raises(ValidationError):
        assign(account=cast.contact, organisation=cast.second, by=cast.staff, **days)
    later = {"starts_on": date(2020, 7, 1), "ends_on": None}
    assert assign(account=cast.contact, organisation=cast.second, by=cast.staff, **later).ends_on is None


def test_an_assignment_reaches_from_its_first_day_to_its_last(cast: Cast) -> None:
    days = {"starts_on": TODAY + timedelta(days=1), "ends_on": TODAY + timedelta(days=9)}
    assign(account=cast.contact, organisation=cast.second, by=cast.staff, **days)
    assert not access_of(cast.contact).may(Permission.GUIDE, cast.second)


def test_an_ended_one_stays_in_the_history_and_the_branch_is_shown_without(cast: Cast) -> None:
    access = access_of(cast.staff)
    assert contact_points(cast.committee, access).without == 2
    standing = RoleAssignment.objects.get(user=cast.contact)
    for _twice in range(2):
        end(assignment=standing, by=cast.staff)
    shown = contact_points(cast.committee, access)
    assert shown.without == 3
    assert [point.assignment.ends_on for point in shown.ended] == [TODAY - timedelta(days=1)]
    assert not access_of(cast.contact).may_anywhere(Permission.GUIDE)


@pytest.mark.parametrize("wrong", [START - timedelta(days=1), TODAY + timedelta(days=367)])
def test_a_last_day_that_cannot_be_is_refused_at_its_field(cast: Cast, wrong: date) -> None:
    standing = RoleAssignment.objects.get(user=cast.contact)
    with pytest.raises(ValidationError) as refusal:
        end(assignment=standing, by=cast.staff, last_day=wrong)
    assert list(refusal.value.message_dict) == ["last_day"]
    assert access_of(cast.contact).may(Permission.GUIDE, cast.first)


def test_an_assignment_ends_with_the_day_that_was_chosen_and_is_never_made_longer(cast: Cast) -> None:
    standing = RoleAssignment.objects.get(user=cast.contact)
    last = TODAY + timedelta(days=5)
    end(assignment=standing, by=cast.staff, last_day=last)
    standing.refresh_from_db()
    assert standing.ends_on == last
    assert access_of(cast.contact).may(Permission.GUIDE, cast.first)
    with pytest.raises(ValidationError):
        end(assignment=standing, by=cast.staff, last_day=last + timedelta(days=1))
    end(assignment=standing, by=cast.staff, last_day=TODAY - timedelta(days=1))
    assert not access_of(cast.contact).may_anywhere(Permission.GUIDE)


def test_a_leader_to_come_guides_nothing_yet(cast: Cast) -> None:
    later = TODAY + timedelta(days=1)
    assign(account=cast.secretary, organisation=cast.second, starts_on=later, ends_on=None, by=cast.staff)
    shown = contact_points(cast.committee, access_of(cast.staff))
    assert shown.without == 2
    assert [point.is_to_come for row in shown.rows for point in row.points] == [False, True]


def test_a_leader_of_all_guides_every_branch_whoever_reads(cast: Cast) -> None:
    assign(account=cast.city_staff, organisation=cast.city, starts_on=TODAY, ends_on=None, by=cast.admin)
    shown = contact_points(cast.committee, access_of(cast.staff))
    assert (shown.without, len(shown.above)) == (0, 1)
    assert not shown.above[0].may_end


def test_a_leader_of_one_general_branch_guides_none_beside_it(cast: Cast) -> None:
    kind = Organisation.Kind.GENERAL_BRANCH
    beside = found(
        code="beside", kind=kind, name="党总支", short_name="党总支", parent=cast.committee, on=START, by=None
    )
    assign(account=cast.secretary, organisation=beside, starts_on=TODAY, ends_on=None, by=cast.staff)
    assert contact_points(Organisation.objects.get(code="committee"), access_of(cast.staff)).without == 2


def test_only_accounts_within_reach_are_offered(cast: Cast) -> None:
    offered = set(leaders_to_choose(cast.committee, access_of(cast.staff)))
    assert {cast.contact, cast.secretary, cast.staff} <= offered
    assert not offered & {cast.stranger, cast.nobody, cast.admin, cast.city_staff}
