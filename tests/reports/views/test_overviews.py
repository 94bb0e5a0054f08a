from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branches.actions.organisations import found
from branches.models import Organisation
from foundation.models import AuditEntry
from reports.models import Scheme
from tests.activities.held import held
from tests.cast import START, Cast
from tests.reports.conftest import MEETINGS

pytestmark = pytest.mark.django_db
OVERVIEW = reverse("reports:overview", args=["committee", 2020])


def names(answer) -> list[str]:
    return [sheet.branch.short_name for table in answer.context["tables"] for sheet in table.sheets]


def more_branches(cast: Cast, count: int) -> None:
    for number in range(count):
        found(
            code=f"more{number}", kind="branch", name=f"增设{number}", short_name=f"增设{number}",
            parent=Organisation.objects.get(pk=cast.committee.pk), on=START, by=None,
        )  # fmt: skip


def test_an_organisation_without_branches_says_so(cast: Cast, sign_in) -> None:
    city = Organisation.objects.get(pk=cast.city.pk)
    found(code="empty", kind="committee", name="空党委", short_name="空党委", parent=city, on=START, by=None)
    page = sign_in(cast.city_staff).get(reverse("reports:overview", args=["empty", 2020]))
    assert "本年度这里没有党支部" in page.content.decode()
    assert sign_in(cast.city_staff).get(reverse("reports:overview_workbook", args=["empty", 2020])).status_code == 200


def test_without_any_scheme_the_branches_are_still_listed(cast: Cast, sign_in) -> None:
    Scheme.objects.all().delete()
    answer = sign_in(cast.staff).get(OVERVIEW)
    assert names(answer) == ["第一党支部", "第二党支部", "离退休干部党支部"]
    assert "本年度还没有考核方案" in answer.content.decode()


def test_a_year_before_the_organisation_is_not_found(cast: Cast, sign_in) -> None:
    assert sign_in(cast.staff).get(reverse("reports:overview", args=["committee", 2017])).status_code == 404


def test_nothing_of_another_tree_is_named(cast: Cast, sign_in) -> None:
    for at in ("committee", "organ", "city"):
        page = sign_in(cast.city_staff).get(reverse("reports:overview", args=[at, 2020])).content.decode()
        assert "农业局" not in page
        assert "第二党支部" in page


def test_branches_under_different_schemes_stand_in_different_tables(cast: Cast, scheme: Scheme, sign_in) -> None:
    Scheme.objects.create(organisation=cast.second, year=2020, title="试点方案")
    answer = sign_in(cast.staff).get(OVERVIEW)
    assert [table.scheme.title for table in answer.context["tables"]] == ["短方案", "试点方案"]


def test_no_total_before_everything_is_judged(cast: Cast, scheme: Scheme, sign_in) -> None:
    answer = sign_in(cast.staff).get(OVERVIEW)
    (table,) = answer.context["tables"]
    assert [sheet.total.points for sheet in table.sheets] == [None, None, None]
    assert table.totalled == 0
    assert table.done == [0, 0]


def test_the_sum_of_the_sheets_is_explained_where_it_differs(cast: Cast, scheme: Scheme, sign_in) -> None:
    held(cast.first, "members_meeting", MEETINGS[0])
    assert "与各党支部考核表合计一致" in sign_in(cast.staff).get(OVERVIEW).content.decode()
    held(cast.first, "members_meeting", MEETINGS[1], with_branches=(cast.second,))
    assert "各党支部考核表合计 3 次" in sign_in(cast.staff).get(OVERVIEW).content.decode()


def test_many_branches_come_in_pages_and_figures_count_all(cast: Cast, scheme: Scheme, sign_in) -> None:
    more_branches(cast, 50)
    held(Organisation.objects.get(code="more49"), "members_meeting", MEETINGS[0])
    answer = sign_in(cast.staff).get(OVERVIEW)
    assert (len(names(answer)), answer.context["count"]) == (50, 53)
    assert answer.context["figures"].activities.distinct == 1
    assert len(names(sign_in(cast.staff).get(OVERVIEW, {"page": "2"}))) == 3


@pytest.mark.parametrize("count", [1, 20])
def test_as_many_queries_for_one_branch_as_for_twenty(cast: Cast, scheme: Scheme, sign_in, count: int) -> None:
    more_branches(cast, count)
    client = sign_in(cast.staff)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(OVERVIEW)
    assert len(names(answer)) == count + 3
    assert len([query for query in queries if "reports_" in query["sql"] or "activities_" in query["sql"]]) == 20


def test_taking_the_workbook_out_is_on_record(cast: Cast, sign_in) -> None:
    sign_in(cast.staff).get(reverse("reports:overview_workbook", args=["committee", 2020]))
    entry = AuditEntry.objects.get(verb="sheet.export")
    assert (entry.actor, entry.organisation_id) == (cast.staff, cast.committee.pk)
