"""What a merged branch left open is seen and finished at its successor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from activities.queries.figures import figures
from branches.actions.organisations import found, move, revoke
from branches.actions.reorganisations import merge, split
from branches.models import Membership, Organisation, Role, RoleAssignment, User
from branches.queries.why import reasons_for
from branches.rights import INHERITED, Permission, access_of
from tests.activities.held import held
from tests.cast import START, TODAY, Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
ON = date(2020, 9, 1)


def _merge(cast: Cast, into: Organisation | None = None, on: date = ON, branch: str = "second") -> Organisation:
    merge(
        branches=[Organisation.objects.get(code=branch)], into=into or cast.first, on=on, by=cast.admin,
        document_number="批",
    )  # fmt: skip
    return Organisation.objects.get(code=branch)


def test_only_the_successor_has_the_open_records_and_nothing_more_of_it(cast: Cast, sign_in: SignIn) -> None:
    draft = held(cast.second, "members_meeting", date(2020, 8, 20), state="draft")
    before = sign_in(cast.secretary).get(reverse("activities:edit", args=[draft.pk]))
    second = _merge(cast)
    assert before.status_code == 404
    for user, status in ((cast.secretary, 200), (cast.recorder, 200), (cast.neighbour, 404), (cast.staff, 404)):
        assert sign_in(user).get(reverse("activities:edit", args=[draft.pk])).status_code == status
    access = access_of(cast.secretary)
    may = {permission for permission in Permission if access.may(permission, second)}
    assert may == INHERITED
    assert not access_of(cast.recorder).may(Permission.SUBMIT, second)
    assert not access_of(cast.contact).may(Permission.DRAFT, second)


def test_a_returned_record_is_named_on_the_successors_page(cast: Cast, sign_in: SignIn) -> None:
    returned = held(cast.second, "members_meeting", date(2020, 8, 20), state="returned")
    draft = held(cast.second, "party_lecture", date(2020, 8, 21), state="draft")
    _merge(cast)
    page = sign_in(cast.secretary).get(reverse("activities:branch", args=["first"]))
    todo = page.context["todo"]
    assert [item.activity for item in todo.returned] == [returned]
    assert list(todo.drafts) == [draft]
    assert "第二党支部" in page.content.decode()


def test_a_chain_of_two_mergers_leads_to_the_last(cast: Cast) -> None:
    _merge(cast, into=cast.retired, on=date(2020, 6, 1))
    _merge(cast, branch="retired")
    second = Organisation.objects.get(code="second")
    assert access_of(cast.secretary).may(Permission.SUBMIT, second)
    assert [reason.is_successor for reason in reasons_for(second, access_of(cast.secretary))] == [True]


def test_a_branch_split_off_has_nothing_of_the_old_one(cast: Cast) -> None:
    new = found(code="new", kind="branch", name="新", short_name="新", parent=cast.committee, on=ON, by=cast.admin)
    split(branch=cast.first, into=new, people=[cast.people["first5"]], on=ON, by=cast.admin)
    RoleAssignment.objects.create(user=cast.nobody, role=Role.SECRETARY, organisation=new, starts_on=START)
    access = access_of(cast.nobody)
    assert not access.may(Permission.VIEW, cast.first)
    assert not Organisation.objects.within(access, Permission.VIEW).filter(pk=cast.first.pk).exists()


def test_list_and_object_say_the_same(cast: Cast) -> None:
    _merge(cast)
    access = access_of(cast.secretary)
    for permission in Permission:
        within = set(Organisation.objects.within(access, permission))
        assert within == {one for one in Organisation.objects.all() if access.may(permission, one)}


def test_what_was_revoked_is_left_to_nobody(cast: Cast) -> None:
    Membership.objects.filter(branch=cast.second).update(ends_on=ON)
    revoke(organisation=cast.second, on=ON, by=None, document_number="批")
    assert not access_of(cast.secretary).may(Permission.VIEW, cast.second)


def test_the_list_says_how_many_counted_records_are_out_of_reach(cast: Cast, sign_in: SignIn) -> None:
    """The committee keeps the count of what was held before a branch left; its staff no longer open those records."""
    held(cast.first, "members_meeting", date(2020, 5, 12))
    held(cast.first, "members_meeting", date(2020, 5, 13), state="draft")
    held(cast.second, "members_meeting", date(2020, 5, 12), title="季度大会")
    move(organisation=cast.first, parent=Organisation.objects.get(code="city"), on=ON, by=cast.admin)
    url = reverse("activities:list", args=["committee"])
    client = sign_in(cast.staff)
    page = client.get(url, {"state": "counting", "year": 2020})
    figure = figures(Organisation.objects.get(code="committee"), date(2020, 1, 1), TODAY).activities
    assert page.context["page_obj"].paginator.count + page.context["out_of_reach"] == figure == 2
    assert "另有 1 条记录计入本组织统计" in page.content.decode()
    assert client.get(url, {"month": "2020-06"}).context["out_of_reach"] == 0
    assert client.get(url, {"q": "members"}).context["out_of_reach"] == 0, "the number must not tell what it says"
    assert sign_in(cast.city_staff).get(url).context["out_of_reach"] == 0
