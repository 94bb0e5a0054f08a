"""Guessing passwords: five failures lock one account from one address, and nothing else."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import PASSWORD, Cast

HERE, ELSEWHERE = "10.0.0.5", "10.0.0.6"


def sign_in(username: str, password: str, address: str = HERE) -> int:
    client = Client(REMOTE_ADDR=address)
    return client.post(reverse("branches:login"), {"username": username, "password": password}).status_code


@pytest.fixture
def guesser(cast: Cast) -> Cast:
    for attempt in range(5):
        sign_in(cast.secretary.username, f"guess-{attempt}")
    return cast


def test_the_right_password_comes_too_late(guesser: Cast) -> None:
    assert sign_in(guesser.secretary.username, PASSWORD) == 429


def test_a_forged_forwarding_header_does_not_help(guesser: Cast) -> None:
    client = Client(REMOTE_ADDR=HERE, headers={"X-Forwarded-For": "10.9.9.9"})
    response = client.post(reverse("branches:login"), {"username": guesser.secretary.username, "password": PASSWORD})
    assert response.status_code == 429


def test_the_owner_elsewhere_and_the_neighbours_here_sign_in(guesser: Cast) -> None:
    assert sign_in(guesser.secretary.username, PASSWORD, ELSEWHERE) == 302
    assert sign_in(guesser.staff.username, PASSWORD) == 302


def test_a_success_forgets_the_failures_before_it(cast: Cast) -> None:
    for _round in range(2):
        for attempt in range(4):
            assert sign_in(cast.secretary.username, f"guess-{attempt}") == 200
        assert sign_in(cast.secretary.username, PASSWORD) == 302
