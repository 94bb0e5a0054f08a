from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branches.actions.organisations import found, move, revoke
from branches.models import Organisation
from branches.rights import Permission, access_of
from reports.queries.branches import branches_in, years_of
from tests.cast import START, TODAY, Cast

pytestmark = pytest.mark.django_db


def codes(
    cast: Cast, at: Organisation, year: int = 2020, *, user: str = "city_staff", today: date = TODAY
) -> list[str]:
    at = Organisation.objects.get(pk=at.pk)
    return [branch.code for branch in branches_in(at, year, today, access_of(cast.users[user]))]


def new_branch(cast: Cast, code: str, on: date) -> Organisation:
    parent = Organisation.objects.get(pk=cast.committee.pk)
    return found(code=code, kind="branch", name=code, short_name=code, parent=parent, on=on, by=None)


def test_what_is_out_of_reach_is_not_there(cast: Cast) -> None:
    assert codes(cast, cast.committee, user="nobody") == []
    assert codes(cast, cast.far_committee, user="staff") == []
    committee = Organisation.objects.get(pk=cast.committee.pk)
    assert list(branches_in(committee, 2020, TODAY, access_of(cast.contact), Permission.EXPORT)) == []


def test_every_level_holds_the_branches_below(cast: Cast) -> None:
    for at in (cast.committee, cast.organ, cast.city):
        assert codes(cast, at) == ["first", "second", "retired"]


def test_a_branch_founded_later_was_not_there(cast: Cast) -> None:
    new_branch(cast, "new", date(2020, 10, 1))
    assert "new" in codes(cast, cast.committee)
    assert "new" not in codes(cast, cast.committee, 2019)
    assert "new" not in codes(cast, cast.committee, today=date(2020, 9, 30))


def test_a_branch_revoked_in_the_year_stays_in_it_and_is_gone_from_the_next(cast: Cast) -> None:
    revoke(organisation=new_branch(cast, "old", START), on=date(2020, 6, 30), by=None, document_number="〔2020〕1号")
    assert "old" in codes(cast, cast.committee)
    assert "old" not in codes(cast, cast.committee, 2021, today=date(2021, 3, 1))


def test_a_branch_that_moved_stands_where_it_stood_then(cast: Cast) -> None:
    city = Organisation.objects.get(pk=cast.city.pk)
    other = found(
        code="other", kind="committee", name="另一党委", short_name="另一党委", parent=city, on=START, by=None
    )
    second = Organisation.objects.get(pk=cast.second.pk)
    move(organisation=second, parent=Organisation.objects.get(pk=other.pk), on=date(2020, 3, 1), by=None)
    assert codes(cast, other) == ["second"]
    assert codes(cast, cast.committee) == ["first", "retired"]
    assert codes(cast, cast.committee, 2019) == ["first", "retired", "second"]
    assert codes(cast, other, 2019) == []


def test_as_many_queries_for_many_branches_as_for_few(cast: Cast) -> None:
    for number in range(5):
        new_branch(cast, f"more{number}", START)
    access = access_of(cast.city_staff)
    access.nodes  # noqa: B018 - once a request
    with CaptureQueriesContext(connection) as queries:
        assert len(branches_in(Organisation.objects.get(pk=cast.city.pk), 2020, TODAY, access)) == 8
    assert len(queries) == 3


def test_years_run_back_from_the_business_year_to_the_founding(cast: Cast) -> None:
    assert years_of(cast.first, TODAY) == [2020, 2019, 2018]
    assert years_of(Organisation(founded_on=date(1990, 1, 1), ended_on=date(2017, 5, 1)), TODAY)[0] == 2017
    assert len(years_of(Organisation(founded_on=date(1990, 1, 1)), TODAY)) == 11
