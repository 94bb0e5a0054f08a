from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from activities.models import DutyRule
from branches.models import User
from tests.activities.rules_set import own_rule
from tests.cast import Cast

SignIn = Callable[[User], Client]


def values(**changes: Any) -> dict[str, Any]:
    rule = DutyRule.objects.get(code="party_lecture", organisation=None)
    return {
        "version": rule.version, "times": 1, "rhythm": "quarter", "kinds": [kind.code for kind in rule.kinds.all()],
        "applies_to": "all", "warning_days": 10, "grace_days": 31, "entry_days": 3, "note": "",
    } | changes  # fmt: skip


def edit_url(code: str = "committee", year: int = 2020) -> str:
    return reverse("activities:duty_rule", args=[code, year, "party_lecture"])


@pytest.mark.parametrize(
    "bad",
    [
        {"times": -1}, {"times": ""}, {"times": "x"}, {"rhythm": "week"}, {"kinds": []}, {"kinds": [0]},
        {"kinds": ["9" * 20]}, {"kinds": ["9" * 5000]},
        {"fixed_day": 31},
        {"grace_days": 1000}, {"applies_to": "nobody"}, {"version": ""}, {"times": 0, "note": ""}, {"note": "字" * 201},
        {"version": 99},
    ],
)  # fmt: skip
def test_a_wrong_value_is_shown_again_and_nothing_is_written(cast: Cast, sign_in: SignIn, bad: dict[str, Any]) -> None:
    assert sign_in(cast.staff).post(edit_url(), values(**bad)).status_code == 422
    assert not DutyRule.objects.filter(organisation=cast.committee).exists()


@pytest.mark.parametrize("year", [1999, 2100, 2018])
def test_no_rule_no_page(cast: Cast, sign_in: SignIn, year: int) -> None:
    assert sign_in(cast.staff).get(edit_url(year=year)).status_code == 404


def test_the_form_starts_as_the_rule_that_holds(cast: Cast, sign_in: SignIn) -> None:
    own_rule(cast.committee, "party_lecture", times=3, grace_days=15)
    form = sign_in(cast.staff).get(edit_url()).context["form"]
    assert (form.initial["times"], form.initial["grace_days"]) == (3, 15)


def test_a_waiver_starts_with_zero_and_asks_for_the_reason(cast: Cast, sign_in: SignIn) -> None:
    form = sign_in(cast.staff).get(edit_url() + "?waive").context["form"]
    assert (form.initial["times"], form.initial["note"]) == (0, "")


def test_an_own_rule_is_set_and_shown_with_where_it_comes_from(cast: Cast, sign_in: SignIn) -> None:
    response = sign_in(cast.staff).post(edit_url(), values(times=2, note="水机党〔2020〕5号"), follow=True)
    assert "每季度 2 次" in response.content.decode()
    rules = sign_in(cast.secretary).get(reverse("activities:duty_rules", args=["first", 2020])).content.decode()
    assert "水利局机关党委" in rules
    assert "通用要求" in rules


def test_the_committee_sees_what_those_below_set(cast: Cast, sign_in: SignIn) -> None:
    own_rule(cast.first, "party_lecture", times=2)
    response = sign_in(cast.staff).get(reverse("activities:duty_rules", args=["committee", 2020]))
    assert [rule.organisation.code for rule in response.context["below"]] == ["first"]
    response = sign_in(cast.staff).get(reverse("activities:duty_rules", args=["committee", 2018]))
    assert list(response.context["below"]) == []


def test_only_ones_own_rule_can_be_ended(cast: Cast, sign_in: SignIn) -> None:
    url = reverse("activities:duty_rule_end", args=["committee", 2020, "party_lecture"])
    assert sign_in(cast.staff).get(url).status_code == 404
    rule = own_rule(cast.committee, "party_lecture", first_year=2020)
    assert sign_in(cast.staff).post(url, {"version": rule.version, "last_year": 2019}).status_code == 422
    assert sign_in(cast.staff).post(url, {"version": rule.version, "last_year": 2020}).status_code == 302
    rule.refresh_from_db()
    assert rule.last_year == 2020


@pytest.mark.parametrize("more", [0, 5])
def test_as_many_queries_for_many_rules_as_for_few(
    cast: Cast, sign_in: SignIn, more: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    own_rule(cast.first, "party_lecture")
    for number in range(more):
        own_rule(cast.first, "party_lecture", code=f"extra{number}")
        own_rule(cast.committee, "party_lecture", code=f"more{number}")
    client = sign_in(cast.staff)
    url = reverse("activities:duty_rules", args=["committee", 2020])
    client.get(url)
    with django_assert_num_queries(13):
        client.get(url)


def test_a_rule_set_by_mistake_is_taken_back_from_the_message(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.staff)
    response = client.post(edit_url(), values(times=5), follow=True)
    rule = DutyRule.objects.get(organisation=cast.committee)
    undo = reverse("activities:duty_rule_take_back", args=["committee", rule.pk])
    assert f'action="{undo}"' in response.content.decode()
    text = client.post(undo, follow=True).content.decode()
    assert "已撤回" in text
    assert "每季度 5 次" not in text
    assert "已经撤回" in client.post(undo, follow=True).content.decode()


def test_a_rule_changed_in_place_is_not_undone_by_taking_it_back(cast: Cast, sign_in: SignIn) -> None:
    rule = own_rule(cast.committee, "party_lecture", first_year=2020)
    response = sign_in(cast.staff).post(edit_url(), values(times=5, version=rule.version), follow=True)
    assert "take-back" not in response.content.decode()


def test_ending_and_changing_offer_to_take_back_after_a_question(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.staff)
    assert 'id="take-back"' not in client.get(edit_url()).content.decode()
    rule = own_rule(cast.committee, "party_lecture", first_year=2020)
    undo = reverse("activities:duty_rule_take_back", args=["committee", rule.pk])
    for url in (edit_url(), reverse("activities:duty_rule_end", args=["committee", 2020, "party_lecture"])):
        text = client.get(url).content.decode()
        assert text.index("<dialog") < text.index(f'action="{undo}"')


def test_only_a_rule_of_this_organisation_can_be_taken_back(cast: Cast, sign_in: SignIn) -> None:
    default = DutyRule.objects.get(code="party_lecture", organisation=None)
    of_branch = own_rule(cast.first, "party_lecture")
    for rule in (default, of_branch):
        url = reverse("activities:duty_rule_take_back", args=["committee", rule.pk])
        assert sign_in(cast.staff).post(url).status_code == 404
    assert not DutyRule.objects.filter(is_void=True).exists()


def test_rules_below_leave_out_what_was_taken_back(cast: Cast, sign_in: SignIn) -> None:
    own_rule(cast.first, "party_lecture", is_void=True)
    response = sign_in(cast.staff).get(reverse("activities:duty_rules", args=["committee", 2020]))
    assert list(response.context["below"]) == []
