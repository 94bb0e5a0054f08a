from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from branches.actions.accounts import issue_password
from branches.models import User
from tests.cast import Cast

SignIn = Callable[[User], Client]
SWITCH = "/language/"


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""])
def test_it_never_leads_to_another_site(cast: Cast, client: Client, target: str) -> None:
    response = client.post(
        SWITCH, {"language": "en", "next": target}, headers={"referer": "https://elsewhere.example/"}
    )
    assert response.status_code == 302
    assert response.url == "/"  # type: ignore[attr-defined]


def test_it_is_not_switched_by_a_link_or_without_the_token(cast: Cast, client: Client) -> None:
    assert client.get(SWITCH, {"language": "en", "next": "/login/"}).status_code == 405
    assert Client(enforce_csrf_checks=True).post(SWITCH, {"language": "en"}).status_code == 403
    assert settings.LANGUAGE_COOKIE_NAME not in client.cookies


def test_an_unknown_language_changes_nothing(cast: Cast, client: Client) -> None:
    client.post(SWITCH, {"language": "xx", "next": "/login/"})
    assert settings.LANGUAGE_COOKIE_NAME not in client.cookies


def test_a_page_that_answers_what_was_sent_offers_no_switch(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.admin)
    page = client.post(reverse("branches:account_password", args=[cast.secretary.pk]))
    assert page.status_code == 200
    assert SWITCH not in page.content.decode()


def test_signed_out_it_keeps_the_page_and_comes_back(cast: Cast, client: Client) -> None:
    page = client.get("/login/?next=/organisations/").content.decode()
    assert 'value="/login/?next=/organisations/"' in page
    assert "English" in page
    answer = client.post(SWITCH, {"language": "en", "next": "/login/?next=/organisations/"}, follow=True)
    assert answer.redirect_chain == [("/login/?next=/organisations/", 302)]
    english = answer.content.decode()
    assert "Sign in" in english
    assert "简体中文" in english
    cookie = client.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert int(cookie["max-age"]) > 30 * 24 * 3600
    client.post(SWITCH, {"language": "zh-hans", "next": "/login/"})
    assert "Sign in" not in client.get("/login/").content.decode()


def test_signed_in_it_keeps_the_page_with_its_query(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.staff)
    page = client.get("/organisations/first/activities/?state=draft").content.decode()
    assert 'name="next" value="/organisations/first/activities/?state=draft"' in page
    client.post(SWITCH, {"language": "en", "next": "/organisations/first/"})
    assert "At a glance" in client.get("/organisations/first/").content.decode()


def test_it_works_before_the_first_own_password(cast: Cast, client: Client, sign_in: SignIn) -> None:
    issue_password(account=cast.secretary, by=cast.admin)
    cast.secretary.refresh_from_db()
    sign_in(cast.secretary)
    answer = client.post(SWITCH, {"language": "en", "next": "/password/"})
    assert answer.url == "/password/"  # type: ignore[attr-defined]
    assert '<html lang="en">' in client.get("/password/").content.decode()
