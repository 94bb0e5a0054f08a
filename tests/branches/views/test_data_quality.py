from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from branches.models import Person, User
from foundation.encryption import blind_index
from tests.cast import Cast, enlist
from tests.rosters import number

SignIn = Callable[[User], Client]
QUERIES = 17


def url(cast: Cast) -> str:
    return reverse("branches:data_quality", args=[cast.committee.code])


def test_nothing_to_mend_is_said(cast: Cast, sign_in: SignIn) -> None:
    for at, person in enumerate(Person.objects.order_by("pk")):
        Person.objects.filter(pk=person.pk).update(
            identity_hash=blind_index(number(sequence=at + 1)), phone_hash=f"phone {at}"
        )
    assert "没有需要补正的信息" in sign_in(cast.staff).get(url(cast)).content.decode()


@pytest.mark.parametrize("show", ["no-number", "double", "nonsense", "revoked"])
def test_each_count_opens_its_list(cast: Cast, sign_in: SignIn, show: str) -> None:
    answer = sign_in(cast.staff).get(url(cast), {"show": show, "page": "99999999999999999999"})
    assert answer.status_code == 200
    assert "卫红" not in answer.content.decode()


def test_possible_doubles_offer_the_merger_of_both(cast: Cast, sign_in: SignIn) -> None:
    twins = [cast.people["first0"], cast.people["second1"]]
    Person.objects.filter(pk__in=[person.pk for person in twins]).update(birth_date="1980-05-01")
    page = sign_in(cast.staff).get(url(cast), {"show": "double"}).content.decode()
    assert f"{reverse('branches:person_merge', args=[twins[0].pk])}?with={twins[1].pk}" in page


@pytest.mark.parametrize("more", [0, 30])
def test_few_and_many_members_take_the_same_queries(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries, more: int
) -> None:
    for at in range(more):
        enlist(f"新{at % 10}", cast.first)
    Person.objects.update(birth_date="1980-05-01")
    client = sign_in(cast.staff)
    with django_assert_num_queries(QUERIES):
        client.get(url(cast), {"show": "double"})
