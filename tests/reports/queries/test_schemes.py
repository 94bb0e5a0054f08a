from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branches.models import Organisation
from reports.models import Scheme, Sheet
from reports.queries.schemes import scheme_for, schemes_for
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def own(organisation: Organisation, year: int | None, title: str, **more) -> Scheme:
    return Scheme.objects.create(organisation=organisation, year=year, title=title, **more)


def test_without_any_scheme_there_is_none(cast: Cast) -> None:
    Scheme.objects.all().delete()
    assert scheme_for(cast.first, 2020) is None


def test_a_scheme_of_another_tree_year_or_kind_does_not_count(cast: Cast) -> None:
    own(cast.far_committee, 2020, "远山")
    own(cast.committee, 2019, "去年")
    own(cast.committee, 2020, "机关", assessed_kind="organ")
    found = scheme_for(cast.first, 2020)
    assert found is not None
    assert found.organisation is None


def test_the_nearest_goes_first_and_its_own_year_before_any_year(cast: Cast) -> None:
    own(cast.city, 2020, "工委")
    assert str(scheme_for(cast.first, 2020)) == "工委"
    own(cast.committee, None, "历年")
    assert str(scheme_for(cast.first, 2020)) == "历年"
    own(cast.committee, 2020, "本年")
    assert str(scheme_for(cast.first, 2020)) == "本年"
    assert str(scheme_for(cast.first, 2021)) == "历年"


def test_a_sheet_once_begun_keeps_its_scheme(cast: Cast) -> None:
    old = scheme_for(cast.first, 2020)
    sheet = Sheet.objects.create(scheme=old, organisation=cast.first, year=2020)
    own(cast.committee, 2020, "新方案")
    found = schemes_for([cast.first, cast.second], 2020, sheets=[sheet])
    assert found[cast.first.pk] == old
    assert str(found[cast.second.pk]) == "新方案"


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_one_branch_as_for_many(cast: Cast, count: int) -> None:
    own(cast.committee, 2020, "本年")
    branches = [cast.first, cast.second, cast.retired][:count]
    with CaptureQueriesContext(connection) as queries:
        schemes_for(branches, 2020, sheets=[])
    assert len(queries) == 4
