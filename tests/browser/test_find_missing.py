"""Story: committee staff go from the top of the tree to one missing meeting, its secretary logs it from there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, expect

from branches.actions.organisations import found
from tests.activities.held import held
from tests.cast import START, Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Enter = Callable[..., Page]


def settled(cast: Cast) -> None:
    """Everybody did everything, but second held no September party day. Another committee has one branch."""
    other = found(
        code="other", kind="committee", name="新党委", short_name="新党委", parent=cast.city, on=START, by=None
    )
    below = found(code="below", kind="branch", name="新支部", short_name="新支部", parent=other, on=START, by=None)
    for branch in (cast.first, cast.second, cast.retired, below):
        for month in range(1, 11):
            if not (branch == cast.second and month == 9):
                held(branch, "themed_party_day", date(2020, month, 9))
        for month in (3, 6, 9, 10):
            held(branch, "members_meeting", date(2020, month, 16), also=("party_lecture",))
    for month in range(1, 11):
        held(cast.first, "committee_meeting", date(2020, month, 7))
        for group in (cast.group_one, cast.group_two):
            held(cast.first, "group_meeting", date(2020, month, 8), group=group)


def assert_accessible(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def assert_fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("width", [1280, 360])
def test_three_clicks_from_the_top_to_a_missing_meeting(cast: Cast, enter: Enter, page: Page, width: int) -> None:
    settled(cast)
    page.set_viewport_size({"width": width, "height": 900})
    enter(cast.city_staff, reverse("activities:desk", args=["city"]))
    assert_accessible(page)
    assert_fits(page)
    matrix = page.locator("table.matrix")
    column = matrix.locator("thead th").all_inner_texts()
    place = next(number for number, text in enumerate(column) if text.startswith("主题党日"))

    row = matrix.locator("tbody tr", has_text="水利局").first
    row.locator("td").nth(place - 1).locator("a").click()  # 1: the worst place of the organ
    expect(page.locator("h1")).to_have_text("主题党日")
    assert_accessible(page)
    assert_fits(page)

    page.locator("main table").get_by_role("link", name="第二党支部").click()  # 2: the branch behind it
    expect(page.locator("main")).to_contain_text("9月没有主题党日记录")
    assert page.url.endswith(reverse("activities:duty", args=["second", "themed_party_day", 2020, 9]))
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("width", [1280, 360])
def test_the_desk_opens_what_is_overdue_in_one_click(cast: Cast, enter: Enter, page: Page, width: int) -> None:
    settled(cast)
    page.set_viewport_size({"width": width, "height": 900})
    enter(cast.staff, reverse("activities:desk", args=["committee"]))
    page.get_by_role("region", name="今日待办").get_by_role("link", name="第二党支部 主题党日").click()
    expect(page.locator("main")).to_contain_text("9月没有主题党日记录")


@pytest.mark.parametrize("width", [1280, 360])
def test_the_secretary_starts_the_record_from_the_gap(cast: Cast, enter: Enter, page: Page, width: int) -> None:
    settled(cast)
    page.set_viewport_size({"width": width, "height": 900})
    enter(cast.neighbour, reverse("activities:branch", args=["second"]))
    assert_accessible(page)
    assert_fits(page)
    page.locator("details.duty summary", has_text="主题党日").click()
    expect(page.locator("details.duty[open]")).to_contain_text("第十六条")
    assert_accessible(page)
    page.get_by_role("listitem").filter(has_text="9月 主题党日").get_by_role("link", name="补录").click()
    assert "kind=themed_party_day" in page.url
    assert "on=2020-09-30" in page.url


@pytest.mark.parametrize("width", [1280, 360])
def test_the_other_pages_have_no_findings(
    cast: Cast, enter: Enter, page: Page, width: int, live_server: object
) -> None:
    settled(cast)
    page.set_viewport_size({"width": width, "height": 900})
    enter(cast.staff, reverse("activities:duties", args=["committee", 2020]))
    for name, args in (
        ("duties", ["committee", 2020]),
        ("duties", ["second", 2020]),
        ("duty_rules", ["committee", 2020]),
        ("duty_rule", ["committee", 2020, "party_lecture"]),
        ("exemptions", ["committee"]),
        ("exemption_new", ["committee"]),
    ):
        page.goto(f"{live_server.url}{reverse(f'activities:{name}', args=args)}")
        assert_accessible(page)
        assert_fits(page)
