"""A real browser against a real server.

The browser is the one named by CHROMIUM, else Chromium or Chrome as installed. Without one these tests are skipped, or
fail where REQUIRE_BROWSER=1 asks for them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page

from branches.models import User
from tests.cast import PASSWORD

# Playwright keeps an event loop in this thread, which Django takes for asynchronous code; the database is used as ever.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    names = filter(None, (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"))
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        words = "No browser on this machine: install Chromium, or name one with CHROMIUM=/path/to/it."
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(words)
        pytest.skip(words)
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


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """`axe(page)` fails with the report if the page has an accessibility finding."""

    def check(page: Page) -> None:
        found = Axe().run(page)
        assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"

    return check


@pytest.fixture
def presses(page: Page) -> list[str]:
    """What was pressed so far, on every page: a pointer on anything, Enter or Space on a control. Typing is free."""
    pressed: list[str] = []
    page.expose_binding("notePress", lambda _source, what: pressed.append(what))
    page.add_init_script(
        """
        const note = (event) => event.isTrusted && window.notePress(event.type + " " + event.target.tagName + " "
          + (event.target.textContent || event.target.name || "").trim().slice(0, 30));
        document.addEventListener("pointerdown", note, true);
        document.addEventListener("keydown", (event) => {
          const control = event.target.closest("button, a, summary, select, input[type=checkbox], input[type=radio]");
          if (control && (event.key === "Enter" || event.key === " ")) note(event);
        }, true);
        """
    )
    return pressed


@pytest.fixture
def fits(page: Page) -> Callable[[], None]:
    """`fits()` fails if the page scrolls sideways."""

    def check() -> None:
        widest = page.evaluate("document.documentElement.scrollWidth")
        assert widest <= page.viewport_size["width"], page.url  # type: ignore[index]

    return check
