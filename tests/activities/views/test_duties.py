from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from activities.models import Activity, Exemption
from branches.actions.organisations import found
from branches.models import User
from tests.activities.held import held
from tests.cast import START, Cast

SignIn = Callable[[User], Client]
State = Activity.State


def proof(client: Client, code: str, duty: str, number: int, *, year: int = 2020, query: str = "") -> str:
    response = client.get(reverse("activities:duty", args=[code, duty, year, number]) + query)
    assert response.status_code == 200
    return response.content.decode()


def year_page(client: Client, code: str, query: str = "") -> str:
    response = client.get(reverse("activities:duties", args=[code, 2020]) + query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("code", "duty", "year", "number"),
    [
        ("first", "party_lecture", 2020, 0),
        ("first", "party_lecture", 2020, 5),
        ("first", "unheard_of", 2020, 1),
        ("first", "party_lecture", 1, 1),
        ("first", "party_lecture", 99999, 1),
        ("committee", "party_lecture", 2020, 5),
        ("committee", "unheard_of", 2020, 1),
        ("committee", "party_lecture", 2018, 1),
    ],
)
def test_what_there_is_not_is_not_found(
    cast: Cast, sign_in: SignIn, code: str, duty: str, year: int, number: int
) -> None:
    assert sign_in(cast.staff).get(reverse("activities:duty", args=[code, duty, year, number])).status_code == 404


def test_a_gap_says_what_is_missing_until_when_and_where_to_log_it(cast: Cast, sign_in: SignIn) -> None:
    text = proof(sign_in(cast.secretary), "first", "group_meeting", 9)
    assert "9月没有党小组会记录" in text
    assert "第一党小组、第二党小组" in text
    assert "2020年10月31日" in text
    new = reverse("activities:new", args=["first"])
    assert f"{new}?kind=group_meeting&amp;on=2020-09-30&amp;group={cast.group_one.pk}" in text


def test_the_rule_stands_beside_its_proof(cast: Cast, sign_in: SignIn) -> None:
    activity = held(cast.first, "members_meeting", date(2020, 9, 9), title="讨论发展党员", entered_on=date(2020, 9, 30))
    text = proof(sign_in(cast.secretary), "first", "members_meeting", 3)
    assert reverse("activities:activity", args=[activity.pk]) in text
    assert "第十一条" in text
    assert "逾期录入" in text


def test_an_exemption_says_who_why_and_on_which_paper(cast: Cast, sign_in: SignIn) -> None:
    Exemption.objects.create(
        organisation=cast.first, rule_code="party_lecture", reason="疫情防控", granted_by=cast.committee,
        starts_on=START, document_number="水机党〔2020〕3号",
    )  # fmt: skip
    text = proof(sign_in(cast.secretary), "first", "party_lecture", 1)
    assert "水利局机关党委批准免于要求：疫情防控" in text
    assert "水机党〔2020〕3号" in text


def test_behind_the_number_stand_the_branches(cast: Cast, sign_in: SignIn) -> None:
    held(cast.first, "party_lecture", date(2020, 9, 9))
    client = sign_in(cast.staff)
    everybody = proof(client, "committee", "party_lecture", 3)
    missing = proof(client, "committee", "party_lecture", 3, query="?status=overdue")
    links = {code: reverse("activities:duty", args=[code, "party_lecture", 2020, 3]) for code in ("first", "second")}
    assert links["first"] in everybody
    assert links["second"] in everybody
    assert links["first"] not in missing
    assert links["second"] in missing


def test_the_year_of_a_branch_begins_with_its_gaps(cast: Cast, sign_in: SignIn) -> None:
    for number in range(1, 9):
        held(cast.second, "themed_party_day", date(2020, number, 9), title="学习会")
    text = year_page(sign_in(cast.neighbour), "second", "?duty=themed_party_day")
    assert "已到期 9 项，完成 8 项" in text
    gap = reverse("activities:duty", args=["second", "themed_party_day", 2020, 9])
    done = reverse("activities:duty", args=["second", "themed_party_day", 2020, 8])
    assert text.index(gap) < text.index(done)
    assert reverse("activities:duty", args=["second", "party_lecture", 2020, 1]) not in text


def test_an_unknown_duty_in_the_address_shows_an_empty_year(cast: Cast, sign_in: SignIn) -> None:
    assert "没有缺项" in year_page(sign_in(cast.neighbour), "second", "?duty=unheard_of")


@pytest.mark.parametrize("more", [0, 30])
@pytest.mark.parametrize(("name", "args"), [("duty", ["party_lecture", 2020, 3]), ("duties", [2020])])
def test_as_many_queries_for_many_branches_as_for_few(
    cast: Cast,
    sign_in: SignIn,
    name: str,
    args: list[object],
    more: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(more):
        one = found(
            code=f"b{number}", kind="branch", name=f"{number}", short_name=f"{number}", parent=cast.committee,
            on=START, by=None,
        )  # fmt: skip
        held(one, "party_lecture", date(2020, 9, 4))
    client = sign_in(cast.staff)
    url = reverse(f"activities:{name}", args=["committee", *args])
    client.get(url)
    with django_assert_num_queries(18):
        client.get(url)


def test_of_groups_the_page_says_which_met_and_how_often(cast: Cast, sign_in: SignIn) -> None:
    held(cast.first, "group_meeting", date(2020, 9, 9), group=cast.group_one)
    text = proof(sign_in(cast.secretary), "first", "group_meeting", 9)
    assert "应每组 1 次：第一党小组 1、第二党小组 0" in text
    assert '<td data-label="党小组">第一党小组</td>' in text


def test_a_missed_period_says_in_one_sentence_what_still_helps(cast: Cast, sign_in: SignIn) -> None:
    text = " ".join(proof(sign_in(cast.secretary), "first", "party_lecture", 2).split())
    assert "截止，按未开展计；如确已开展，补录后改计为已完成并标“逾期录入”。" in text


@pytest.mark.parametrize(
    ("duty", "names"), [("group_meeting", ["1", "2", "12"]), ("party_lecture", ["第一季度", "第四季度"])]
)
@pytest.mark.parametrize("code", ["first", "committee"])
def test_the_strip_of_the_year_names_its_periods(
    cast: Cast, sign_in: SignIn, code: str, duty: str, names: list[str]
) -> None:
    head = proof(sign_in(cast.staff), code, duty, 3).partition("year-head")[2].partition("</ol>")[0]
    assert all(f">{name}</li>" in head for name in names)
