from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branches.forms import accounts as forms
from branches.models import Role, RoleAssignment, User
from tests.cast import PASSWORD, START, Cast

SignIn = Callable[[User], Client]


def new_account(client: Client, **changes: str) -> str:
    data = {"name": "新来的", "username": "", "role": "recorder", "organisation": "first"} | changes
    return client.post(reverse("branches:account_new", args=["first"]), data).content.decode()


def test_a_role_out_of_reach_is_refused_like_one_that_does_not_exist(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.admin)
    known, unknown = new_account(client, organisation="far"), new_account(client, organisation="none")
    assert "这个党组织" in known
    assert ("这个党组织" in unknown) and not User.objects.filter(name="新来的").exists()


def test_a_wrong_user_name_says_what_may_stand_in_it(cast: Cast, sign_in: SignIn) -> None:
    page = new_account(sign_in(cast.admin), username="张 三")
    assert "用户名只能用字母" in page
    assert "“secretary”已被使用" in new_account(sign_in(cast.admin), username="secretary")


def test_a_namesake_has_to_be_told_apart(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.admin)
    page = new_account(client, name="王建国")
    assert "第一党支部" in page
    assert "都不是" in page
    assert not User.objects.filter(username="wjg").exists()
    new_account(client, name="王建国", member=str(cast.people["second1"].pk), organisation="second")
    assert User.objects.get(username="wjg").person == cast.people["second1"]


def test_a_member_of_another_name_or_out_of_reach_cannot_be_slipped_in(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.admin)
    new_account(client, name="王建国", member=str(cast.people["far0"].pk))
    new_account(client, name="新来的", member=str(cast.people["first3"].pk), username="new")
    assert not User.objects.filter(username="wjg").exists()
    assert User.objects.get(username="new").person is None


def test_the_one_time_password_is_shown_once_and_works(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.admin)
    response = client.post(
        reverse("branches:account_new", args=["first"]), {"name": "新来的", "role": "recorder", "organisation": "first"}
    )
    account = User.objects.get(name="新来的")
    password = response.context["password"]
    assert password in response.content.decode()
    assert response["Cache-Control"] == "no-store"
    assert password not in client.get(reverse("branches:account", args=[account.pk])).content.decode()
    other = Client()
    other.post(reverse("branches:login"), {"username": account.username, "password": password})
    assert other.get(reverse("branches:organisations")).headers["Location"] == reverse("branches:password_change")


def test_grant_and_end(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.admin)
    url = reverse("branches:role_grant", args=[cast.recorder.pk])
    assert "这类党组织不能设该角色" in client.post(url, {"role": "staff", "organisation": "first"}).content.decode()
    assert client.post(url, {"role": "auditor", "organisation": "committee"}).status_code == 302
    granted = cast.recorder.roles.get(role=Role.AUDITOR)
    client.post(reverse("branches:role_end", args=[cast.recorder.pk, granted.pk]))
    granted.refresh_from_db()
    assert granted.is_void


def test_a_hand_over_does_not_touch_whom_others_keep_nor_oneself(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.admin)
    url = reverse("branches:role_grant", args=[cast.nobody.pk])
    RoleAssignment.objects.create(user=cast.secretary, role=Role.AUDITOR, organisation=cast.far, starts_on=START)
    RoleAssignment.objects.create(user=cast.nobody, role=Role.AUDITOR, organisation=cast.first, starts_on=START)
    for role, code in (("secretary", "first"), ("administrator", "city")):
        page = client.post(url, {"role": role, "organisation": code, "replacing": "on"})
        assert "上级管理员管理" in page.content.decode()
    assert cast.secretary.roles.get(role=Role.SECRETARY).ends_on is None
    assert cast.admin.roles.get().ends_on is None
    assert client.post(url, {"role": "recorder", "organisation": "first", "replacing": "on"}).status_code == 302
    assert cast.recorder.roles.get().ends_on is not None


def test_a_role_is_ended_only_through_its_own_account(cast: Cast, sign_in: SignIn) -> None:
    url = reverse("branches:role_end", args=[cast.recorder.pk, cast.stranger.roles.get().pk])
    assert sign_in(cast.admin).post(url).status_code == 404


def test_nobody_changes_their_own_roles(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.admin)
    assert "本人的账号" in client.get(reverse("branches:account", args=[cast.admin.pk])).content.decode()
    for name, args, data in (
        ("role_grant", [cast.admin.pk], {"role": "staff", "organisation": "city"}),
        ("role_end", [cast.admin.pk, cast.admin.roles.get().pk], {}),
        ("account_deactivate", [cast.admin.pk], {}),
    ):
        assert client.post(reverse(f"branches:{name}", args=args), data).status_code == 404


def test_an_administrator_below_does_not_touch_one_above(cast: Cast, sign_in: SignIn) -> None:
    RoleAssignment.objects.create(
        user=cast.nobody, role=Role.ADMINISTRATOR, organisation=cast.committee, starts_on=START
    )
    client = sign_in(cast.nobody)
    assert client.get(reverse("branches:account", args=[cast.secretary.pk])).status_code == 200
    assert client.get(reverse("branches:account", args=[cast.admin.pk])).status_code == 404
    assert client.get(reverse("branches:accounts", args=["city"])).status_code == 404


def test_a_closed_account_is_signed_out_at_once(cast: Cast, sign_in: SignIn) -> None:
    theirs = Client()
    theirs.post(reverse("branches:login"), {"username": "secretary", "password": PASSWORD})
    assert theirs.get(reverse("branches:organisations")).status_code == 200
    sign_in(cast.admin).post(reverse("branches:account_deactivate", args=[cast.secretary.pk]))
    assert theirs.get(reverse("branches:organisations")).status_code == 302
    assert theirs.post(reverse("branches:login"), {"username": "secretary", "password": PASSWORD}).status_code == 200


def test_what_others_keep_is_listed_without_what_is_elsewhere(cast: Cast, sign_in: SignIn) -> None:
    RoleAssignment.objects.create(user=cast.secretary, role=Role.AUDITOR, organisation=cast.far, starts_on=START)
    page = sign_in(cast.admin).get(reverse("branches:accounts", args=["first"])).content.decode()
    assert "由上级管理员管理" in page
    assert "农业局" not in page


def test_in_a_large_reach_the_code_is_typed(cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "LISTED", 2)
    client = sign_in(cast.admin)
    page = client.get(reverse("branches:account_new", args=["first"])).content.decode()
    assert '<input type="text" name="organisation" value="first"' in page
    assert "这个党组织" in new_account(client, organisation="far")
    new_account(client, username="new", organisation="second")
    assert User.objects.get(username="new").roles.get().organisation == cast.second


def test_few_and_many_accounts_cost_the_same(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.admin)
    url = reverse("branches:accounts", args=["committee"])

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    few = queries()
    for number in range(30):
        account = User.objects.create_user(username=f"u{number}", name="众")
        RoleAssignment.objects.create(user=account, role=Role.AUDITOR, organisation=cast.second, starts_on=START)
    assert queries() == few == 11
