"""Upload → preview → decision → confirm → result → undo, by keyboard where it is quicker."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import FilePayload, Page, expect

from branches.models import Batch, Person
from tests.cast import Cast
from tests.rosters import XLSX, line, number, workbook

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_roster_goes_in_and_comes_out_again(
    cast: Cast, enter: Callable[..., Page], axe: Callable[[Page], None], fits: Callable[[], None]
) -> None:
    rows = [line(f"郝{name}", number(sequence=at * 2 + 1), cast.first.name) for at, name in enumerate("甲乙丙")]
    rows.append(line("郝丁", number()[:-1] + "0", cast.first.name))
    page = enter(cast.staff, reverse("branches:batch_upload", args=["committee", "members"]))
    axe(page)
    content = FilePayload(name="花名册.xlsx", mimeType=XLSX, buffer=workbook(rows))
    page.set_input_files("#id_file", files=content)
    page.click("text=上传并核对")

    page.wait_for_url("**/imports/*-*/")
    expect(page.locator("#plan-state")).to_contain_text("将写入 3 行")
    axe(page)
    choice = page.get_by_label("第 3 行 郝乙 的处理方式")
    choice.focus()
    choice.select_option("skip")
    expect(page.locator("#plan-state")).to_contain_text("将写入 2 行")
    expect(choice).to_be_focused()
    expect(page.locator("#plan-tiles")).to_contain_text("跳过")
    assert not Person.objects.filter(name__startswith="郝").exists()
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        fits()

    page.get_by_role("button", name="写入 2 行").press("Enter")
    expect(page.locator("main")).to_contain_text("已写入")
    axe(page)
    assert set(Person.objects.filter(name__startswith="郝").values_list("name", flat=True)) == {"郝甲", "郝丙"}

    page.click("text=撤销本次导入")
    expect(page.locator("main")).to_contain_text("将撤销 2 行")
    axe(page)
    page.get_by_role("button", name="撤销导入").press("Enter")
    expect(page.locator("main")).to_contain_text("已撤销")
    axe(page)
    assert not Person.objects.filter(name__startswith="郝", is_void=False).exists()
    assert Batch.objects.get().state == Batch.State.UNDONE


def test_columns_nobody_recognises_are_named_once(
    cast: Cast, enter: Callable[..., Page], axe: Callable[[Page], None], fits: Callable[[], None]
) -> None:
    rows = [["郝甲", number(), "2010.7", "正式党员", cast.first.name]]
    headings = ["谁", "号", "时", "类", "处"]
    content = FilePayload(name="名单.xlsx", mimeType=XLSX, buffer=workbook(rows, headings=headings))
    page = enter(cast.staff, reverse("branches:batch_upload", args=["committee", "members"]))
    upload = page.url
    for is_first in (True, False):
        page.goto(upload)
        page.set_input_files("#id_file", files=content)
        page.click("text=上传并核对")
        page.wait_for_url("**/imports/*-*/")
        if is_first:
            page.click('a:has-text("确认列对应")')
            page.get_by_label("表头从第几行").fill("1")
            page.get_by_role("button", name="按此重新列出各列").click()
            for letter, key in zip(
                "ABCDE", ("name", "identity_number", "joined_on", "category", "branch"), strict=True
            ):
                page.locator(f"select[aria-label^='{letter} ']").select_option(key)
            axe(page)
            page.set_viewport_size({"width": 360, "height": 800})
            fits()
            page.get_by_role("button", name="保存并重新核对").click()
        expect(page.locator("#plan-state")).to_contain_text("将写入 1 行")
