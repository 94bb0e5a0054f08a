"""A secretary logs a members' meeting of thirty in the browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Page, expect

from activities.models import Activity
from activities.rules.activities import Presence, State
from branches.models import Appointment, Organisation, Post, Role, RoleAssignment, User
from tests.activities.records import draft
from tests.cast import PASSWORD, START, Cast, enlist

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Enter = Callable[..., Page]
Check = Callable[[Page], None]
HOME = "/organisations/thirty/branch/"
NEW = "/organisations/first/activities/new/?kind=members_meeting"


@pytest.fixture
def secretary(cast: Cast) -> User:
    """The secretary of a branch of thirty under the cast's committee, who has held a meeting before."""
    from branches.actions.organisations import found

    branch = found(
        code="thirty", kind=Organisation.Kind.BRANCH, name="第三党支部", short_name="第三党支部",
        parent=cast.committee, on=START, by=None,
    )  # fmt: skip
    people = [enlist(f"党员{number:02}", branch, joined_on=date(1980 + number, 7, 1)) for number in range(30)]
    for person, post in zip(people, (Post.SECRETARY, Post.ORGANISATION), strict=False):
        Appointment.objects.create(person=person, organisation=branch, post=post, starts_on=START)
    user = User.objects.create_user("thirty", PASSWORD, name="党员00", person=people[0], must_change_password=False)
    RoleAssignment.objects.create(user=user, role=Role.SECRETARY, organisation=branch, starts_on=START)
    return user


def test_thirty_people_three_exceptions_eight_presses(
    secretary: User, enter: Enter, page: Page, presses: list[str], axe: Check
) -> None:
    enter(secretary, HOME)
    axe(page)
    presses.clear()

    page.click("a[href*='kind=members_meeting']")
    expect(page.locator("#id_title")).to_be_focused()
    page.keyboard.type("学习重要讲话精神，研究第四季度工作")
    while not page.evaluate("document.activeElement.id === 'id_place'"):
        page.keyboard.press("Tab")
    page.keyboard.type("三楼会议室")
    page.click("[data-rest]")
    for name, reason in (("党员07", "因公出差"), ("党员11", "病假"), ("党员23", "年休假")):
        page.click(f"[data-tile]:has-text('{name}')")
        page.keyboard.type(reason)
    expect(page.locator("[data-count=present]")).to_have_text("27")
    expect(page.locator("#quorum")).to_contain_text("达到半数，可以表决")
    axe(page)
    page.click("button[value=submit]")

    expect(page.locator(".messages")).to_contain_text("已提交审核")
    axe(page)
    record = Activity.objects.get()
    assert record.state == State.SUBMITTED
    assert record.attendances.filter(presence=Presence.PRESENT).count() == 27
    assert sorted(record.attendances.filter(presence=Presence.LEAVE).values_list("reason", flat=True)) == [
        "因公出差", "年休假", "病假",
    ]  # fmt: skip
    assert len(presses) <= 8, presses


def test_the_same_with_the_keyboard_alone(cast: Cast, enter: Enter, page: Page, presses: list[str]) -> None:
    enter(cast.secretary, NEW)
    presses.clear()
    page.locator("[data-rest]").focus()
    page.keyboard.press("Enter")
    tile = page.locator("[data-tile]").nth(3)
    tile.focus()
    page.keyboard.press("Enter")
    page.keyboard.type("病假")
    page.keyboard.press("Enter")
    expect(tile).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-count=absent]")).to_have_text("1")
    assert not [press for press in presses if press.startswith("pointer")]


def test_a_gap_leads_to_its_field_and_nothing_typed_is_lost(cast: Cast, enter: Enter, page: Page, axe: Check) -> None:
    enter(cast.secretary, NEW)
    page.fill("#id_title", "第四季度党员大会")
    page.click("[data-rest]")
    page.click("[data-tile]:has-text('张伟')")
    page.click("button[value=submit]")
    summary = page.locator(".error-summary")
    expect(summary).to_contain_text("张伟请假，还没写原因")
    expect(page.locator("#id_title")).to_have_value("第四季度党员大会")
    axe(page)
    summary.get_by_text("张伟请假").click()
    page.keyboard.type("因公出差")
    page.fill("#id_place", "会议室")
    expect(page.locator("[data-gap-for], #record [aria-invalid]")).to_have_count(0)
    page.click("button[value=submit]")
    expect(page.locator(".messages")).to_contain_text("已提交审核")


def test_kinds_change_who_is_expected_and_keep_the_taps(cast: Cast, enter: Enter, page: Page, axe: Check) -> None:
    enter(cast.secretary, NEW)
    page.fill("#id_title", "支委会")
    page.click("[data-tile]:has-text('李秀英')")
    page.click("#kinds label:has-text('支部委员会会议')")
    page.click("#kinds label:has-text('支部党员大会')")
    expect(page.locator("[data-tile]")).to_have_count(3)
    expect(page.locator("[data-tile]:has-text('李秀英')")).to_contain_text("出席")
    expect(page.locator("#counting")).to_contain_text("10月 支部委员会会议")
    page.click("#kinds label:has-text('党课')")
    expect(page.locator("#id_lectures-0-topic")).to_be_visible()
    expect(page.locator("#id_title")).to_have_value("支委会")
    axe(page)


def test_taps_on_people_listed_after_the_kind_was_chosen_are_stored(cast: Cast, enter: Enter, page: Page) -> None:
    enter(cast.secretary, NEW.partition("?")[0])
    page.click("#kinds label:has-text('支部党员大会')")
    expect(page.locator("[data-tile]")).to_have_count(7)
    page.click("[data-rest]")
    page.fill("#id_title", "第四季度党员大会")
    page.fill("#id_place", "会议室")
    page.click("button[value=submit]")
    expect(page.locator(".messages")).to_contain_text("已提交审核")
    assert Activity.objects.get().attendances.filter(presence=Presence.PRESENT).count() == 7


def test_a_vote_begins_with_those_present_and_says_its_result(cast: Cast, enter: Enter, page: Page, axe: Check) -> None:
    enter(cast.secretary, NEW)
    page.click("[data-rest]")
    page.fill("#id_agenda-0-title", "换届方案")
    page.click("[data-rows=agenda] summary")
    page.select_option("#id_agenda-0-vote_rule", "decision")
    expect(page.locator("#id_agenda-0-votes_for")).to_have_value("7")
    expect(page.locator("#verdict-0")).to_contain_text("7 票，超过应到 7 人的半数，通过")
    page.click("[data-rows=agenda] [data-add-row]")
    expect(page.locator("#id_agenda-1-title")).to_be_focused()
    axe(page)


def test_it_saves_by_itself_and_a_second_editor_is_told(cast: Cast, enter: Enter, page: Page, axe: Check) -> None:
    enter(cast.secretary, NEW)
    page.evaluate("document.getElementById('record').dataset.every = 1")
    page.fill("#id_title", "第四季度党员大会")
    page.evaluate("document.getElementById('record').dispatchEvent(new CustomEvent('record:save', {detail: {}}))")
    expect(page.locator("#autosave-state")).to_contain_text("已自动保存")
    record = Activity.objects.get()
    assert page.url.endswith(f"/activities/{record.pk}/edit/")

    other = Client()
    other.force_login(cast.recorder, backend="django.contrib.auth.backends.ModelBackend")
    sent = {"held_on": "2020-10-26", "title": "组织委员改的", "version": record.version, "intent": "draft"}
    for rows in ("agenda", "lectures", "guests"):
        sent |= {f"{rows}-TOTAL_FORMS": 0, f"{rows}-INITIAL_FORMS": 0}
    other.post(f"/activities/{record.pk}/edit/", sent)

    page.fill("#id_title", "书记改的")
    page.click("button[value=draft]")
    expect(page.locator(".conflict")).to_contain_text("李秀英")
    expect(page.locator(".conflict")).to_contain_text("组织委员改的")
    expect(page.locator("#id_title")).to_have_value("书记改的")
    axe(page)
    page.click("button[value=draft]")
    expect(page.locator(".messages")).to_contain_text("草稿已保存")
    record.refresh_from_db()
    assert record.title == "书记改的"


def test_files_are_sent_at_once_and_the_draft_is_made_for_them(cast: Cast, enter: Enter, page: Page) -> None:
    enter(cast.secretary, NEW)
    paper = {"name": "签到表.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
    page.set_input_files("#files-signed_sheet", paper)  # type: ignore[arg-type]
    expect(page.locator("#attachment-list")).to_contain_text("签到表.pdf")
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("#attachment-list button")
    expect(page.locator("#attachment-list")).not_to_contain_text("签到表.pdf")
    assert Activity.objects.get().attachments.get().removed_by == cast.secretary


def test_many_are_accepted_with_one_tick(cast: Cast, enter: Enter, page: Page, axe: Check) -> None:
    from activities.actions.reviews import submit

    for title in ("大会一", "大会二"):
        record = draft(cast, title=title)
        submit(activity=record, version=record.version, by=cast.secretary)
    enter(cast.staff, "/activities/review/")
    axe(page)
    page.click("[data-all-of=queue]")
    page.click(".footer-actions button")
    expect(page.locator(".messages")).to_contain_text("已通过 2 条记录")
    assert set(Activity.objects.values_list("state", flat=True)) == {State.ACCEPTED}


@pytest.mark.parametrize("path", [NEW, "/organisations/first/activities/", "{}", "{}edit/", "{}print/"])
def test_the_pages_fit_a_phone(
    cast: Cast, enter: Enter, page: Page, axe: Check, fits: Callable[[], None], path: str
) -> None:
    record = draft(cast, title="学习考察重要讲话精神" * 10, minutes="无空格" * 200)
    page.set_viewport_size({"width": 360, "height": 740})
    enter(cast.secretary, path.format(f"/activities/{record.pk}/"))
    fits()
    axe(page)


def test_a_session_that_ends_while_somebody_writes_loses_nothing(cast: Cast, enter: Enter, page: Page) -> None:
    enter(cast.secretary, NEW)
    page.fill("#id_title", "第四季度党员大会")
    Session.objects.all().delete()
    page.evaluate("document.getElementById('record').dispatchEvent(new CustomEvent('record:save', {detail: {}}))")
    expect(page.locator("[data-session-dialog]")).to_be_visible()
    expect(page.locator("#autosave-state")).to_contain_text("登录已失效")
    page.fill("#session-password", PASSWORD)
    page.click("[data-session-dialog] button[type=submit]")
    expect(page.locator("#autosave-state")).to_contain_text("已自动保存")
    assert Activity.objects.get().title == "第四季度党员大会"
