from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from branches.actions.merges import merge
from branches.models import Membership, Person, PersonMerge, User
from foundation.encryption import blind_index
from tests.cast import Cast, enlist
from tests.rosters import number

SignIn = Callable[[User], Client]


def url(person: Person) -> str:
    return reverse("branches:person_merge", args=[person.pk])


@pytest.fixture
def twin(cast: Cast) -> Person:
    return enlist("刘洋", cast.first)


def test_the_other_record_must_be_in_reach(cast: Cast, sign_in: SignIn) -> None:
    far = cast.people["far0"]
    Person.objects.filter(pk=far.pk).update(name="刘洋")
    client = sign_in(cast.staff)
    page = client.get(url(cast.people["first3"]), {"name": "刘洋", "with": far.pk})
    assert "农业局" not in page.content.decode()
    answer = client.post(url(cast.people["first3"]), {"other": far.pk, "reason": "同一人", "step": "confirm"})
    assert answer.status_code == 422
    assert not PersonMerge.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        {"other": "", "reason": "同一人"},
        {"other": "9" * 40, "reason": "同一人"},
        {"other": "x", "reason": "同一人"},
        {"reason": ""},
        {"reason": "同" * 201},
    ],
)
def test_bad_input_is_answered(cast: Cast, sign_in: SignIn, twin: Person, data: dict[str, str]) -> None:
    answer = sign_in(cast.staff).post(url(cast.people["first3"]), {"other": twin.pk} | data)
    assert answer.status_code == 422


@pytest.mark.parametrize("query", [{"with": "9" * 40}, {"name": "刘" * 500}, {"with": "刘"}])
def test_a_bad_address_is_answered(cast: Cast, sign_in: SignIn, query: dict[str, str]) -> None:
    assert sign_in(cast.staff).get(url(cast.people["first3"]), query).status_code == 200


def test_two_numbers_are_refused_before_the_preview(cast: Cast, sign_in: SignIn, twin: Person) -> None:
    for at, person in enumerate((cast.people["first3"], twin)):
        Person.objects.filter(pk=person.pk).update(identity_hash=blind_index(number(sequence=at + 1)))
    answer = sign_in(cast.staff).post(url(cast.people["first3"]), {"other": twin.pk, "reason": "同一人"})
    assert answer.status_code == 422
    assert "身份证号不同" in answer.content.decode()


def test_merged_the_old_link_leads_to_the_record_kept_and_it_can_be_undone(
    cast: Cast, sign_in: SignIn, twin: Person
) -> None:
    client, kept = sign_in(cast.staff), cast.people["first3"]
    preview = client.post(url(kept), {"other": twin.pk, "reason": "同一人"})
    assert "组织关系（1 条）" in preview.content.decode()
    client.post(url(kept), {"other": twin.pk, "reason": "同一人", "step": "confirm"})
    old, page = reverse("branches:person", args=[twin.pk]), reverse("branches:person", args=[kept.pk])
    assert client.get(old).headers["Location"] == page
    assert reverse("branches:merge_undo", args=[PersonMerge.objects.get().pk]) in client.get(page).content.decode()
    roster = client.get(reverse("branches:roster", args=["first"])).content.decode()
    assert roster.count(">刘洋</a>") == 1
    client.post(reverse("branches:merge_undo", args=[PersonMerge.objects.get().pk]))
    assert client.get(old).status_code == 200
    again = client.post(reverse("branches:merge_undo", args=[PersonMerge.objects.get().pk]), follow=True)
    assert "已经撤销" in again.content.decode()


def test_a_merged_record_out_of_reach_leads_nowhere(cast: Cast, sign_in: SignIn, twin: Person) -> None:
    Person.objects.filter(pk=twin.pk).update(merged_into=cast.people["first3"])
    assert sign_in(cast.stranger).get(reverse("branches:person", args=[twin.pk])).status_code == 404


def test_only_who_keeps_the_members_of_both_branches_undoes_it(cast: Cast, sign_in: SignIn) -> None:
    kept = cast.people["first3"]
    former = Person.objects.create(name="刘洋")
    Membership.objects.create(person=former, branch=cast.far, starts_on=date(2015, 1, 1), ends_on=date(2017, 1, 1))
    done = merge(kept=kept, merged=former, reason="同一人", by=cast.staff)
    assert sign_in(cast.staff).post(reverse("branches:merge_undo", args=[done.pk])).status_code == 404
    done.refresh_from_db()
    assert done.undone_at is None


def test_of_two_branches_the_preview_says_which_counts_and_offers_the_other(cast: Cast, sign_in: SignIn) -> None:
    client, kept, other = sign_in(cast.staff), cast.people["first3"], enlist("刘洋", cast.second)
    data = {"other": other.pk, "reason": "同一人 <重复>"}
    page = client.post(url(kept), data).content.decode()
    assert "组织关系以第一党支部的为准" in page
    assert "第二党支部的组织关系作废" in page
    swap = f"{url(other)}?with={kept.pk}"
    assert f'action="{swap}"' in page
    assert "同一人 &lt;重复&gt;" in page
    page = client.post(swap, {"other": kept.pk, "reason": "同一人 <重复>"}).content.decode()
    assert "组织关系以第二党支部的为准" in page
    assert f'href="{swap}"' in client.get(f"{url(kept)}?with={other.pk}").content.decode()
