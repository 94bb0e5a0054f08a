from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from branches.models import User
from tests.cast import Cast

SignIn = Callable[[User], Client]


def language_of(client: Client, url: str = "/login/", **headers: str) -> str:
    page = client.get(url, headers=headers).content.decode()
    return page.partition('<html lang="')[2].partition('"')[0]


def choose(client: Client, language: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language


@pytest.mark.parametrize("language", ["de", "en-gb", "x" * 600, "../en", "zh"])
def test_a_language_that_is_not_offered_is_chinese(cast: Cast, client: Client, language: str) -> None:
    choose(client, language)
    assert language_of(client) == "zh-hans"


def test_the_browsers_preference_is_not_asked(cast: Cast, client: Client) -> None:
    assert language_of(client, **{"accept-language": "en-GB,en;q=0.9"}) == "zh-hans"


def test_the_cookie_decides_for_its_own_request_only(cast: Cast, client: Client) -> None:
    choose(client, "en")
    assert language_of(client) == "en"
    assert translation.get_language() == "zh-hans"
    assert language_of(Client()) == "zh-hans"


def test_error_pages_follow_the_language(cast: Cast, client: Client, sign_in: SignIn) -> None:
    choose(client, "en")
    assert "Not found" in client.get("/no/such/page").content.decode()
    assert "It contains a character that cannot be kept." in client.get("/login/?next=%00").content.decode()
    strict = Client(enforce_csrf_checks=True)
    choose(strict, "en")
    assert "The page was open too long" in strict.post("/login/", {"username": "a"}).content.decode()


def test_a_mistake_on_our_side_is_told_in_the_language(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("branches.views.sessions._target", broken)
    client.raise_request_exception = False
    choose(client, "en")
    assert "Something went wrong on our side" in client.get(reverse("branches:login")).content.decode()
    choose(client, "zh-hans")
    assert "Something went wrong" not in client.get(reverse("branches:login")).content.decode()
