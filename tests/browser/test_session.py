"""A session that ends while somebody types loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from branches.models import User
from foundation.clock import now
from tests.cast import PASSWORD, Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NEW = "/organisations/first/accounts/new/"
Enter = Callable[..., Page]


def fill(page: Page) -> None:
    page.fill("#id_name", "新来的")
    page.fill("#id_username", "newcomer")
    page.select_option("#id_role", "recorder")


def send(page: Page) -> None:
    page.click("button[form=account-form]")


def sign_in_again(page: Page, password: str, username: str | None = None) -> None:
    if username:
        page.fill("#session-username", username)
    page.fill("#session-password", password)
    page.click("[data-session-dialog] button[type=submit]")


def test_what_was_typed_is_saved_after_signing_in_again(cast: Cast, enter: Enter) -> None:
    page = enter(cast.admin, NEW)
    fill(page)
    Session.objects.all().delete()
    send(page)
    dialog = page.locator("[data-session-dialog]")
    expect(dialog).to_be_visible()
    assert not User.objects.filter(username="newcomer").exists()

    sign_in_again(page, "wrong")
    expect(page.locator("[data-session-problem]")).to_contain_text("用户名或密码不对")
    sign_in_again(page, PASSWORD, username="staff")
    expect(page.locator("[data-session-problem]")).to_contain_text("另一位用户")
    sign_in_again(page, PASSWORD, username="admin")

    expect(page.locator("[data-one-time-password]")).to_be_visible()
    assert User.objects.get(username="newcomer").name == "新来的"


def test_the_form_stays_when_one_does_not_sign_in(cast: Cast, enter: Enter) -> None:
    page = enter(cast.admin, NEW)
    fill(page)
    Session.objects.all().delete()
    send(page)
    page.click("[data-session-dialog] [data-dialog-close]")
    expect(page.locator("#id_name")).to_have_value("新来的")
    send(page)
    expect(page.locator("[data-session-dialog]")).to_be_visible()


def test_with_a_session_a_form_is_sent_once_and_without_a_question(cast: Cast, enter: Enter) -> None:
    page = enter(cast.admin, NEW)
    fill(page)
    page.dblclick("button[form=account-form]")
    expect(page.locator("[data-one-time-password]")).to_be_visible()


def test_a_page_of_another_user_is_not_sent(cast: Cast, enter: Enter) -> None:
    page = enter(cast.admin, NEW)
    fill(page)
    other = page.context.new_page()
    other.goto(page.url)
    other.evaluate("document.querySelector('form[action*=logout]').submit()")
    other.wait_for_url("**/login/")
    other.fill("#id_username", "staff")
    other.fill("#id_password", PASSWORD)
    other.click("main button[type=submit]")
    other.wait_for_load_state()
    send(page)
    expect(page.locator("[data-session-problem]")).to_contain_text("另一位用户")
    assert not User.objects.filter(username="newcomer").exists()


def test_the_bar_warns_and_keeps_the_session(cast: Cast, enter: Enter) -> None:
    page = enter(cast.admin, NEW)
    page.clock.install()
    page.reload()
    session = Session.objects.get()
    data = session.get_decoded()
    data["active_at"] -= 29 * 60
    session.session_data = Session.objects.encode(data)
    session.expire_date = now() + timedelta(minutes=1)
    session.save()
    page.clock.run_for(28 * 60 * 1000 + 1000)
    stay = page.locator("[data-session-stay]")
    expect(stay).to_be_visible()
    stay.click()
    expect(stay).to_be_hidden()
    assert Session.objects.get().expire_date > now() + timedelta(minutes=25)


def test_who_is_typing_is_not_idle(cast: Cast, enter: Enter) -> None:
    page = enter(cast.admin, NEW)
    page.clock.install()
    page.reload()
    page.clock.run_for(26 * 60 * 1000)
    page.press("#id_username", "a")
    Session.objects.update(expire_date=now() + timedelta(minutes=2))
    page.clock.run_for(2 * 60 * 1000 + 1000)
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-session-stay]")).to_be_hidden()
    assert Session.objects.get().expire_date > now() + timedelta(minutes=25)


def test_a_lost_session_is_said_while_nothing_is_sent(cast: Cast, enter: Enter) -> None:
    page = enter(cast.admin, NEW)
    page.clock.install()
    page.reload()
    fill(page)
    Session.objects.all().delete()
    page.clock.run_for(28 * 60 * 1000 + 1000)
    page.click("[data-session-sign-in]")
    sign_in_again(page, PASSWORD)
    expect(page.locator("[data-session-dialog]")).to_be_hidden()
    send(page)
    expect(page.locator("[data-one-time-password]")).to_be_visible()


def test_a_fragment_without_session_asks_to_sign_in(cast: Cast, enter: Enter) -> None:
    page = enter(cast.admin, NEW)
    Session.objects.all().delete()
    page.click(".switcher-button")
    sign_in_again(page, PASSWORD)
    expect(page.locator("[data-switcher]")).to_contain_text("水利局机关党委")


def test_no_accessibility_findings_in_the_dialog(cast: Cast, enter: Enter, axe: Callable[[Page], None]) -> None:
    page = enter(cast.admin, NEW)
    fill(page)
    Session.objects.all().delete()
    send(page)
    expect(page.locator("[data-session-dialog]")).to_be_visible()
    axe(page)


@pytest.mark.parametrize("width", [1280, 360])
def test_no_accessibility_findings_and_no_sideways_scrolling(
    cast: Cast, enter: Enter, axe: Callable[[Page], None], live_server: Any, width: int
) -> None:
    page = enter(cast.admin, NEW)
    page.set_viewport_size({"width": width, "height": 740})
    for path in (
        NEW,
        NEW + "?name=王建国",
        "/organisations/committee/accounts/",
        "/organisations/committee/accounts/?q=nobody-of-that-name",
        f"/accounts/{cast.secretary.pk}/",
        "/organisations/city/trail/",
        "/organisations/city/trail/?person=nobody",
        "/search/",
        "/password/",
    ):
        page.goto(live_server.url + path)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
