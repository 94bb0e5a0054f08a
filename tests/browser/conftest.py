"""A real browser against a real server. Without a browser on the machine these tests are skipped."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from branches.models import User
from tests.cast import PASSWORD

# Playwright keeps an event loop in this thread, which Django takes for asynchronous code; the database is used as ever.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.skip("no browser on this machine")
    arguments = ["--no-sandbox", "--disable-background-networking"]
    return browser_type_launch_args | {"executable_path": path, "args": arguments}


@pytest.fixture
def enter(page: Page, live_server: Any) -> Callable[..., Page]:
    """`enter(cast.secretary, "/…")` opens a page signed in through the form."""

    def open_page(user: User, path: str = "/") -> Page:
        page.goto(f"{live_server.url}{reverse('branches:login')}?next={path}")
        page.fill("#id_username", user.username)
        page.fill("#id_password", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(f"{live_server.url}{path}")
        return page

    return open_page
