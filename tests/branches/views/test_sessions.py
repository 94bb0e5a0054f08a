from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from branches.actions.accounts import issue_password
from branches.models import User
from foundation.clock import now
from foundation.models import AuditEntry
from tests.cast import PASSWORD, Cast

SignIn = Callable[[User], Client]
LOGIN = "/login/"


def login(client: Client, username: str, password: str = PASSWORD, **data: str):  # type: ignore[no-untyped-def]
    return client.post(reverse("branches:login"), {"username": username, "password": password} | data)


def test_a_wrong_password_and_an_unknown_or_closed_name_answer_the_same(cast: Cast, client: Client) -> None:
    cast.recorder.is_active = False
    cast.recorder.save()
    answers = {
        login(client, *attempt).context["form"].non_field_errors()[0]
        for attempt in (("secretary", "wrong"), ("no-such-name", "wrong"), ("recorder", PASSWORD))
    }
    assert len(answers) == 1


def test_an_expired_one_time_password_says_so(cast: Cast, client: Client) -> None:
    password = issue_password(account=cast.secretary, by=cast.admin)
    User.objects.filter(pk=cast.secretary.pk).update(one_time_password_expires_at=now() - timedelta(minutes=1))
    assert "一次性密码已过期" in login(client, "secretary", password).content.decode()


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere(cast: Cast, client: Client, target: str) -> None:
    assert login(client, "secretary", next=target).headers["Location"] == "/"


def test_signing_in_goes_on_where_one_was_stopped(cast: Cast, client: Client) -> None:
    stopped = client.get("/organisations/first/trail/?page=2").headers["Location"]
    assert 'value="/organisations/first/trail/?page=2"' in client.get(stopped).content.decode()
    assert login(client, "secretary", next="/organisations/first/trail/?page=2").headers["Location"].endswith("page=2")
    entry = AuditEntry.objects.get(verb="session.sign_in")
    assert (entry.actor, entry.organisation_id) == (cast.secretary, cast.first.pk)


def test_a_form_sent_without_session_leads_back_to_its_page(cast: Cast, client: Client) -> None:
    page = "/organisations/first/accounts/new/"
    response = client.post(page, {"name": "新来的"}, headers={"Referer": f"http://testserver{page}"})
    assert response.status_code == 302
    shown = client.get(response.headers["Location"]).content.decode()
    assert "没有保存" in shown
    assert f'value="{page}"' in shown


@pytest.mark.parametrize("header", ["HX-Request", "X-Background"])
def test_a_script_is_told_that_there_is_no_session(cast: Cast, client: Client, header: str) -> None:
    assert client.get("/organisations/", headers={header: "true"}).status_code == 401


def test_the_locked_page_says_until_when(cast: Cast, client: Client) -> None:
    for _attempt in range(5):
        response = login(client, "secretary", "wrong")
    assert response.status_code == 429
    until = response.context["until"]
    assert timedelta(minutes=29) < until - now() <= timedelta(minutes=30)
    assert "后重试" in response.content.decode()
    again = client.post(reverse("branches:session"), {"username": "secretary", "password": PASSWORD})
    assert again.status_code == 429
    assert "稍后" in again.json()["error"]


def test_sign_out(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.secretary)
    assert client.get(reverse("branches:logout")).status_code == 405
    client.post(reverse("branches:logout"))
    assert client.get("/organisations/").status_code == 302
    assert AuditEntry.objects.filter(verb="session.sign_out", actor=cast.secretary).exists()


def test_the_first_password_is_ones_own(cast: Cast, client: Client) -> None:
    password = issue_password(account=cast.secretary, by=cast.admin)
    login(client, "secretary", password)
    url = reverse("branches:password_change")
    assert client.get("/organisations/").headers["Location"] == url
    same = client.post(url, {"new_password1": password, "new_password2": password})
    assert "与现用密码相同" in same.content.decode()
    assert client.post(url, {"new_password1": "12345678", "new_password2": "12345678"}).status_code == 200
    client.post(url, {"new_password1": "steady-river-77", "new_password2": "steady-river-77"})
    assert client.get("/organisations/").status_code == 200


def test_a_change_of_password_asks_for_the_old_one_and_ends_other_sessions(cast: Cast) -> None:
    here, there = Client(), Client()
    login(here, "secretary")
    login(there, "secretary")
    url = reverse("branches:password_change")
    new = {"new_password1": "steady-river-77", "new_password2": "steady-river-77"}
    assert here.post(url, {"old_password": "wrong", **new}).status_code == 200
    assert here.post(url, {"old_password": PASSWORD, **new}).status_code == 302
    assert here.get("/organisations/").status_code == 200
    assert there.get("/organisations/").status_code == 302


def expiry(client: Client):  # type: ignore[no-untyped-def]
    return Session.objects.get(pk=client.cookies[settings.SESSION_COOKIE_NAME].value).expire_date


def test_only_what_a_person_does_keeps_the_session_alive(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.secretary)
    soon = now() + timedelta(minutes=2)
    Session.objects.update(expire_date=soon)
    client.get(reverse("branches:session"), headers={"X-Background": "1"})
    assert expiry(client) == soon
    client.get("/organisations/")
    assert expiry(client) > now() + timedelta(minutes=settings.SESSION_IDLE_MINUTES - 1)


def test_an_idle_session_ends(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.secretary)
    Session.objects.update(expire_date=now() - timedelta(seconds=1))
    assert client.get(reverse("branches:session")).json()["user"] is None
    assert client.get("/organisations/").status_code == 302


def test_the_session_tells_who_and_how_long(cast: Cast, sign_in: SignIn) -> None:
    state = sign_in(cast.secretary).get(reverse("branches:session")).json()
    assert state["user"] == "secretary"
    assert state["seconds"] == settings.SESSION_IDLE_MINUTES * 60
    assert state["csrf"]


def again(client: Client, username: str, password: str, expected: str):  # type: ignore[no-untyped-def]
    data = {"username": username, "password": password, "expected": expected}
    return client.post(reverse("branches:session"), data)


def test_another_user_does_not_go_on_with_the_page(cast: Cast, client: Client) -> None:
    response = again(client, "recorder", PASSWORD, "secretary")
    assert response.status_code == 409
    assert "另一位用户" in response.json()["error"]
    assert client.get(reverse("branches:session")).json()["user"] is None


def test_a_one_time_password_does_not_go_on_with_the_page(cast: Cast, client: Client) -> None:
    password = issue_password(account=cast.secretary, by=cast.admin)
    assert again(client, "secretary", password, "secretary").status_code == 409
    assert client.get(reverse("branches:session")).json()["user"] is None


def test_the_same_user_goes_on(cast: Cast, client: Client) -> None:
    assert again(client, "secretary", "wrong", "secretary").status_code == 403
    assert again(client, "secretary", PASSWORD, "secretary").json()["user"] == "secretary"
    assert client.get("/organisations/").status_code == 200


@pytest.mark.parametrize("target", ["x", "no-such-page", "", "?next=x", "[", "http://["])
def test_an_address_that_is_none_leads_to_the_first_page(cast: Cast, client: Client, target: str) -> None:
    assert login(client, "secretary", next=target).headers["Location"] == "/"
    assert client.get(reverse("branches:login"), {"next": target}).headers["Location"] == "/"


def test_a_senseless_referer_does_not_break_the_way_to_sign_in(cast: Cast, client: Client) -> None:
    response = client.post("/organisations/first/accounts/new/", {}, headers={"Referer": "http://["})
    assert response.headers["Location"] == f"{LOGIN}?next=%2F&unsaved=1"
