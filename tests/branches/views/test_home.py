from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from branches.models import User
from tests.cast import Cast

SignIn = Callable[[User], Client]


def test_without_a_role_the_page_says_whom_to_ask(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.nobody).get("/").content.decode()
    assert "联系本单位管理员" in page
    assert "nobody" in page


@pytest.mark.parametrize(
    ("name", "target", "code"),
    [
        ("secretary", "activities:branch", "first"),
        ("recorder", "activities:branch", "first"),
        ("contact", "activities:contact_points_mine", ""),
        ("staff", "activities:desk", "committee"),
        ("auditor", "activities:desk", "committee"),
        ("admin", "activities:desk", "city"),
    ],
)
def test_everybody_comes_to_their_work(cast: Cast, sign_in: SignIn, name: str, target: str, code: str) -> None:
    assert sign_in(cast.users[name]).get("/").headers["Location"] == reverse(target, args=[code] if code else [])
