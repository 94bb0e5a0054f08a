from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from activities.actions import exemptions as actions
from activities.models import Exemption
from branches.models import User
from tests.cast import START, TODAY, Cast

SignIn = Callable[[User], Client]


def values(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {
        "branch": cast.first.pk, "rule_code": "party_lecture", "starts_on": "2020-02-01", "ends_on": "2020-03-31",
        "reason": "疫情防控", "document_number": "",
    } | changes  # fmt: skip


def url(name: str, code: str = "committee", *args: object) -> str:
    return reverse(f"activities:{name}", args=[code, *args])


def granted(cast: Cast, **changes: Any) -> Exemption:
    usual = {
        "organisation": cast.first, "rule_code": "party_lecture", "reason": "疫情防控", "granted_by": cast.committee,
        "starts_on": START,
    }  # fmt: skip
    return Exemption.objects.create(**(usual | changes))


@pytest.mark.parametrize(
    "bad",
    [
        {"branch": ""}, {"branch": 0}, {"branch": "x"}, {"rule_code": "unheard_of"}, {"starts_on": ""},
        {"starts_on": "2020-02-30"}, {"ends_on": "2020-01-01"}, {"reason": ""}, {"reason": "字" * 201},
    ],
)  # fmt: skip
def test_a_wrong_value_is_shown_again_and_nothing_is_written(cast: Cast, sign_in: SignIn, bad: dict[str, Any]) -> None:
    assert sign_in(cast.staff).post(url("exemption_new"), values(cast, **bad)).status_code == 422
    assert not Exemption.objects.exists()


def test_a_branch_out_of_reach_cannot_be_chosen(cast: Cast, sign_in: SignIn) -> None:
    response = sign_in(cast.staff).post(url("exemption_new"), values(cast, branch=cast.far.pk))
    assert response.status_code == 422
    assert "农业局" not in response.content.decode()


def test_it_is_granted_by_the_organisation_the_user_works_for(cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.staff).post(url("exemption_new", "first"), values(cast))
    sign_in(cast.city_staff).post(url("exemption_new", "city"), values(cast, branch=cast.second.pk))
    assert dict(Exemption.objects.values_list("organisation__code", "granted_by__code")) == {
        "first": "committee",
        "second": "city",
    }


def test_the_form_takes_the_duty_and_the_time_from_the_proof(cast: Cast, sign_in: SignIn) -> None:
    query = "?duty=party_lecture&from=2020-07-01&until=2020-09-30"
    form = sign_in(cast.staff).get(url("exemption_new", "first") + query).context["form"]
    assert (form["branch"].value(), form["rule_code"].value()) == (cast.first.pk, "party_lecture")
    assert form["starts_on"].value() == "2020-07-01"


def test_what_was_granted_can_be_taken_back_from_the_message(cast: Cast, sign_in: SignIn) -> None:
    response = sign_in(cast.staff).post(url("exemption_new"), values(cast), follow=True)
    exemption = Exemption.objects.get()
    undo = url("exemption_take_back", "committee", exemption.pk)
    assert f'action="{undo}"' in response.content.decode()
    assert sign_in(cast.staff).post(undo).status_code == 302
    assert sign_in(cast.staff).post(undo).status_code == 404
    exemption.refresh_from_db()
    assert exemption.is_void


def test_who_takes_back_second_is_told(cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    exemption = granted(cast)
    take_back = actions.take_back

    def late(**values: Any) -> None:
        take_back(**values)
        take_back(**values)

    monkeypatch.setattr("activities.actions.exemptions.take_back", late)
    undo = url("exemption_take_back", "committee", exemption.pk)
    answer = sign_in(cast.staff).post(undo, follow=True)
    assert answer.status_code == 200
    assert "已经撤回" in answer.content.decode()


def test_an_end_before_the_beginning_is_shown_again(cast: Cast, sign_in: SignIn) -> None:
    exemption = granted(cast, starts_on=TODAY)
    response = sign_in(cast.staff).post(url("exemption_end", "first", exemption.pk), {"ends_on": date(2020, 10, 1)})
    assert response.status_code == 422


def test_the_list_holds_only_those_in_reach(cast: Cast, sign_in: SignIn) -> None:
    granted(cast)
    granted(cast, organisation=cast.far, reason="外单位的原因")
    text = sign_in(cast.staff).get(url("exemptions")).content.decode()
    assert "疫情防控" in text
    assert "外单位的原因" not in text
    assert "疫情防控" not in sign_in(cast.neighbour).get(url("exemptions", "second")).content.decode()


@pytest.mark.parametrize("more", [0, 20])
def test_as_many_queries_for_many_as_for_one(
    cast: Cast, sign_in: SignIn, more: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    granted(cast)
    for number in range(more):
        granted(cast, organisation=cast.second, starts_on=date(2000 + number, 1, 1), ends_on=date(2000 + number, 2, 1))
    client = sign_in(cast.staff)
    client.get(url("exemptions"))
    with django_assert_num_queries(14):
        client.get(url("exemptions"))


def test_what_has_ended_is_not_offered_to_be_ended(cast: Cast, sign_in: SignIn) -> None:
    over = granted(cast, starts_on=date(2020, 1, 1), ends_on=date(2020, 3, 31))
    runs = granted(cast, rule_code="members_meeting", ends_on=TODAY)
    text = sign_in(cast.staff).get(url("exemptions")).content.decode()
    assert url("exemption_end", "committee", over.pk) not in text
    assert url("exemption_end", "committee", runs.pk) in text
