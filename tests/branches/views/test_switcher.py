from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branches.actions.organisations import found
from branches.models import Organisation, User
from branches.queries import switcher
from tests.cast import START, Cast

SignIn = Callable[[User], Client]


def items(client: Client, opened_on: str = "/", **query: str) -> dict[str, dict[str, Any]]:
    response = client.get(reverse("branches:switcher"), {"from": opened_on} | query)
    return {item["label"]: item for item in response.context["items"]}


def test_nobody_sees_nothing(cast: Cast, sign_in: SignIn) -> None:
    assert items(sign_in(cast.nobody)) == {}


def test_ancestors_out_of_reach_are_plain_and_nothing_beside_is_named(cast: Cast, sign_in: SignIn) -> None:
    shown = items(sign_in(cast.secretary))
    assert list(shown) == ["市直机关工委", "青岭市水利局", "水利局机关党委", "第一党支部"]
    assert [bool(item["url"]) for item in shown.values()] == [False, False, False, True]
    assert "3 个" not in str(shown)


def test_branches_show_their_offices_and_committees_a_count(cast: Cast, sign_in: SignIn) -> None:
    shown = items(sign_in(cast.staff))
    assert shown["第一党支部"]["sub"] == "办公室"
    assert shown["水利局机关党委"]["sub"].startswith("3 个")
    assert shown["第一党支部"]["search"] == "dydzb"


def test_the_kind_of_page_stays_where_it_may_be_seen(cast: Cast, sign_in: SignIn) -> None:
    opened_on = reverse("branches:trail", args=["committee"])
    shown = items(sign_in(cast.staff), opened_on)
    assert shown["水利局机关党委"]["current"]
    assert shown["第二党支部"]["url"] == reverse("branches:trail", args=["second"])
    elsewhere = items(sign_in(cast.contact), opened_on)
    assert elsewhere["第一党支部"]["url"] != reverse("branches:trail", args=["first"])


@pytest.mark.parametrize("opened_on", ["", "nonsense", "/no/such/page", "/people/1/", "https://x.example/"])
def test_other_pages_lead_to_the_workplace(cast: Cast, sign_in: SignIn, opened_on: str) -> None:
    url = items(sign_in(cast.secretary), opened_on)["第一党支部"]["url"]
    assert url.startswith("/organisations/first/")


def test_a_large_reach_is_searched_by_the_server(cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(switcher, "LISTED", 2)
    client = sign_in(cast.admin)
    near = items(client, reverse("branches:organisation", args=["organ"]))
    assert "第一党支部" not in near
    found = items(client, q="离退休")
    assert [name for name, item in found.items() if item["url"]][-1] == "离退休干部党支部"
    assert items(client, q="农业") == {}


def test_few_and_many_organisations_cost_the_same(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.staff)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            items(client, reverse("branches:organisation", args=["first"]))
        return len(captured)

    few = queries()
    for number in range(20):
        found(
            code=f"b{number}", kind=Organisation.Kind.BRANCH, name=f"支部{number}", short_name=f"支部{number}",
            parent=cast.committee, on=START, by=None,
        )  # fmt: skip
    assert queries() == few == 10
