"""Committee staff log a volunteer service of two branches in the browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from activities.models import Activity
from activities.rules.activities import Presence, State
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NEW = "/organisations/committee/activities/new/?kind=volunteer_service"


def test_branches_are_chosen_and_their_people_named(
    cast: Cast, enter: Callable[..., Page], page: Page, axe: Callable[[Page], None]
) -> None:
    enter(cast.staff, NEW)
    axe(page)
    page.fill("#id_title", "联合开展河道清理")
    page.fill("#id_place", "东湖")
    page.click(f"#branches label:has-text('{cast.first.short_name}') >> nth=0")
    first = page.locator("details.open-seats", has_text="第一党支部")
    expect(first).to_be_visible()
    page.click(f"#branches label:has-text('{cast.second.short_name}') >> nth=0")
    second = page.locator("details.open-seats", has_text="第二党支部")
    expect(second).to_be_visible()

    first.locator("summary").click()
    first.locator("[data-all-of]").click()
    expect(first.locator("[data-named-of]")).to_have_text("7/7")
    # Present, on leave, absent, and not named again.
    tile = first.locator("[data-tile]", has_text="孙丽")
    for _tap in range(3):
        tile.click()
    expect(first.locator("[data-named-of]")).to_have_text("6/7")
    second.locator("summary").click()
    second.locator("[data-tile]", has_text="吴强").click()
    expect(page.locator("[data-count=present]")).to_have_text("7")

    page.fill("#id_service-served", "东湖社区")
    page.fill("#id_service-problems_solved", "4")
    page.fill("#id_service-money_saved_yuan", "26000")
    for field in ("chair", "recorder"):
        page.select_option(f"#id_{field}", str(cast.people["first0"].pk))
    axe(page)
    page.click("button[value=submit]")
    expect(page.locator(".messages")).to_contain_text("已提交审核")
    axe(page)

    record = Activity.objects.get()
    assert record.state == State.SUBMITTED
    present = record.attendances.filter(presence=Presence.PRESENT)
    assert sorted(present.values_list("branch__code", flat=True)) == ["first"] * 6 + ["second"]
    assert set(record.taking_part.values_list("code", flat=True)) == {"committee", "first", "second"}
    assert (record.service.problems_solved, record.service.money_saved_yuan) == (4, 26000)
