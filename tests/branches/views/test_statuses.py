from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from branches.actions.statuses import begin, register_guest
from branches.models import Membership, MemberStatus, User
from branches.rules.people import StatusKind
from tests.cast import TODAY, Cast, enlist

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def _list(client: Client, code: str = "first") -> str:
    return client.get(reverse("branches:statuses", args=[code])).content.decode()


def test_an_empty_list_says_where_to_enter(cast: Cast, sign_in: SignIn) -> None:
    assert "办理" in _list(sign_in(cast.secretary))


def test_the_preview_of_a_suspension_says_who_is_not_expected_and_has_no_vote(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.staff)
    url = reverse("branches:status_begin", args=[cast.people["first3"].pk, "suspended"])
    data = {"on": "2020-10-26", "reason": "失联查找无果", "document_number": "批〔2020〕1号"}
    page = client.post(url, data).content.decode()
    assert "不计入应到人数" in page
    assert "没有表决权" in page
    assert not MemberStatus.objects.exists()
    assert client.post(url, data | {"document_number": ""}).status_code == 422


def test_somebody_lost_for_half_a_year_asks_for_a_decision(cast: Cast, sign_in: SignIn) -> None:
    person = cast.people["first3"]
    MemberStatus.objects.create(person=person, kind=StatusKind.LOST_CONTACT, starts_on=date(2020, 4, 27))
    assert "失去联系满 6 个月" not in _list(sign_in(cast.staff))
    MemberStatus.objects.update(starts_on=date(2018, 4, 26))
    assert "失去联系满 6 个月" in _list(sign_in(cast.staff))
    MemberStatus.objects.create(person=person, kind=StatusKind.SUSPENDED, starts_on=date(2018, 10, 26))
    page = _list(sign_in(cast.staff))
    assert "停止党籍满 2 年" in page
    assert "失去联系满 6 个月" not in page


def test_why_it_holds_is_not_told_of_what_arose_in_a_branch_before(cast: Cast, sign_in: SignIn) -> None:
    person = cast.people["first3"]
    MemberStatus.objects.create(
        person=person, kind=StatusKind.ON_PROBATION, starts_on=date(2019, 1, 1), reason="违纪情节"
    )
    Membership.objects.filter(person=person).update(branch=cast.second, starts_on=date(2020, 1, 1))
    page = _list(sign_in(cast.neighbour), "second")
    assert "留党察看" in page
    assert "违纪情节" not in page


def test_a_guest_is_listed_by_name_without_a_page(cast: Cast, sign_in: SignIn) -> None:
    status = register_guest(
        branch=cast.first, name="高飞", sex="male", identity_number="", on=TODAY, reason="外市某支部", by=cast.staff
    )
    page = _list(sign_in(cast.staff))
    assert "高飞" in page
    assert reverse("branches:person", args=[status.person_id]) not in page


def test_an_end_is_taken_back_from_the_page_of_the_person(cast: Cast, sign_in: SignIn) -> None:
    client, person = sign_in(cast.staff), cast.people["first3"]
    url = reverse("branches:membership_end", args=[person.pk, "deceased"])
    client.post(url, {"on": "2020-10-20", "step": "confirm"})
    reopen = reverse("branches:membership_reopen", args=[Membership.objects.get(person=person).pk])
    address = reverse("branches:person", args=[person.pk])
    assert reopen in client.get(address).content.decode()
    assert reopen not in sign_in(cast.secretary).get(address).content.decode()
    sign_in(cast.staff).post(reopen)
    assert Membership.objects.get(person=person).ends_on is None
    again = sign_in(cast.staff).post(reopen)
    assert again.status_code == 404


@pytest.mark.parametrize("more", [0, 30])
def test_the_list_takes_the_same_queries_however_many(
    more: int, cast: Cast, sign_in: SignIn, django_assert_num_queries: Any
) -> None:
    for number in range(2 + more):
        person = enlist(f"甲{number}", cast.first)
        begin(person=person, organisation=cast.first, kind=StatusKind.FLOW_OUT, on=TODAY, reason="务工", by=cast.staff)
    client = sign_in(cast.staff)
    url = reverse("branches:statuses", args=["committee"])
    client.get(url)
    with django_assert_num_queries(12):
        client.get(url)
