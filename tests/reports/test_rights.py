from __future__ import annotations

import pytest

from branches.models import RoleAssignment
from branches.rights import access_of
from reports.rights import may_score, side_of
from reports.rules.scores import Side
from tests.cast import START, Cast

pytestmark = pytest.mark.django_db


def given(cast: Cast, user: str, role: str, at: str) -> None:
    RoleAssignment.objects.create(user=cast.users[user], role=role, organisation=getattr(cast, at), starts_on=START)


@pytest.mark.parametrize("name", ["recorder", "contact", "auditor", "admin", "neighbour", "stranger", "nobody"])
def test_most_people_write_no_score(cast: Cast, name: str) -> None:
    assert side_of(access_of(cast.users[name]), cast.first) is None


def test_the_self_score_is_the_branchs_own(cast: Cast) -> None:
    given(cast, "nobody", "secretary", "committee")
    assert side_of(access_of(cast.nobody), cast.first) is None
    assert side_of(access_of(cast.secretary), cast.first) == Side.SELF


def test_the_review_score_is_a_superiors(cast: Cast) -> None:
    given(cast, "nobody", "staff", "first")
    assert side_of(access_of(cast.nobody), cast.first) is None
    assert side_of(access_of(cast.staff), cast.first) == Side.REVIEW
    assert side_of(access_of(cast.city_staff), cast.first) == Side.REVIEW


def test_nobody_reviews_a_sheet_of_their_own(cast: Cast) -> None:
    given(cast, "secretary", "staff", "committee")
    access = access_of(cast.secretary)
    assert not may_score(access, cast.first, Side.REVIEW)
    assert may_score(access, cast.second, Side.REVIEW)
