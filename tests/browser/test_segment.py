from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from activities.actions.guidance import judge
from branches.models import Role, RoleAssignment
from tests.activities.supervision import planned
from tests.cast import START, Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LINES = """items => items.map(item => {
  const range = document.createRange();
  range.selectNodeContents(item);
  return new Set([...range.getClientRects()].map(box => Math.round(box.top))).size;
})"""


def test_no_word_of_a_segment_is_broken_on_a_phone(cast: Cast, enter: Callable[..., Page]) -> None:
    RoleAssignment.objects.create(user=cast.staff, role=Role.CONTACT_LEADER, organisation=cast.second, starts_on=START)
    page = enter(cast.staff, reverse("activities:contact_points", args=["committee"]))
    page.set_viewport_size({"width": 360, "height": 800})
    lines = page.eval_on_selector_all(".segment a", LINES)
    assert len(lines) == 5
    assert set(lines) == {1}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_buttons_of_the_next_meetings_stand_at_one_side(cast: Cast, enter: Callable[..., Page]) -> None:
    told = planned(cast)
    judge(activity=told, verdict="approved", seen_title=told.title, version=0, by=cast.contact)
    planned(cast, told=False)
    page = enter(cast.recorder, reverse("activities:branch", args=["first"]))
    page.set_viewport_size({"width": 1280, "height": 900})
    page.wait_for_load_state("networkidle")
    lefts = page.eval_on_selector_all(
        ".meetings .meeting-do", "boxes => boxes.map(box => Math.round(box.getBoundingClientRect().left))"
    )
    titles = page.eval_on_selector_all(
        ".meetings > li > a", "boxes => boxes.map(box => Math.round(box.getBoundingClientRect().left))"
    )
    assert len(lefts) == 2
    assert lefts == titles
