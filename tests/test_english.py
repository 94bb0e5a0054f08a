"""In English nothing of the system's own is Chinese: every page of the table of rights, read by somebody who may."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from branches.models import Appointment, BatchRow, Post, User
from foundation.models import AuditEntry, Job
from reports.models import Score
from tests.cast import START, Cast
from tests.rights.row import Row
from tests.rights.test_table import ROWS
from tests.test_translations import PAPERS

SignIn = Callable[[User], Client]
PAGES = [row for row in ROWS if row.status == 200 and (row.ok or row.anonymous == 200)]
CHINESE = re.compile(r"[\u3001-\u303f\u4e00-\u9fff\uff01-\uff65]+")
# The switch names each language in itself, and the mark beside the product's name is drawn with a character.
IN_ITSELF = re.compile(r'<(\w+)[^>]* (?:lang="zh-hans"|class="brand-mark").*?</\1>', re.DOTALL)
OURS = (AuditEntry, Job)  # what they keep is the system's own wording


def typed() -> list[str]:
    """What users typed: every stored text in Chinese, but for the tables that have an English column beside it."""
    texts: set[str] = set()
    for model in apps.get_models():
        if model in OURS or not model.__module__.startswith(("branches.", "activities.", "reports.", "foundation.")):
            continue
        names = {field.name for field in model._meta.fields}
        for field in model._meta.fields:
            is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
            if is_text and f"{field.name}_en" not in names:
                texts.update(model._default_manager.values_list(field.name, flat=True))
    for payload in BatchRow.objects.values_list("payload", flat=True):
        texts.update(strings_in(json.loads(payload or "{}")))
    lines = {line.strip() for text in texts if text for line in str(text).splitlines()}
    return sorted(filter(CHINESE.search, lines), key=len, reverse=True)


def strings_in(kept: Any) -> list[str]:
    """Every text in what is kept as JSON."""
    if isinstance(kept, dict | list):
        return [text for part in (kept.values() if isinstance(kept, dict) else kept) for text in strings_in(part)]
    return [kept] if isinstance(kept, str) else []


@cache
def _pattern(texts: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, texts)))


def chinese_in(page: str, *sent: str) -> list[str]:
    """The Chinese of a page, attributes included, that nobody typed nor just sent."""
    text = html.unescape(IN_ITSELF.sub("", page))
    return CHINESE.findall(_pattern((*typed(), *sent)).sub("", text))


def fetch(row: Row, cast: Cast, client: Client, sign_in: SignIn, language: str, reader: int = -1) -> HttpResponse:
    """The page of a row as one of those who may sees it, by default the last named."""
    url = reverse(row.name, args=row.args(cast)) + row.query
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    if row.ok:
        sign_in(cast.users[row.ok.split()[reader]])
    response = client.post(url, row.data(cast)) if row.data else client.get(url)
    assert response.status_code == 200
    return response


def page_of(response: HttpResponse) -> str:
    """Its text; "" for a file."""
    kind = response.get("Content-Type", "")
    return response.content.decode() if kind.startswith(("text/html", "application/json")) else ""


def is_paper(response: Any) -> bool:
    return any(PAPERS.search(str(template.name)) for template in response.templates[:1])


def words_of(response: Any) -> list[Any]:
    """What stands on a paper or in the cells of a workbook, without the minute and the tokens of the request."""
    if page := page_of(response):
        return [re.sub(r'"[A-Za-z0-9]{64}"|[A-Za-z0-9]{64}', "", page)]
    content = b"".join(response.streaming_content) if response.streaming else response.content
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    cells = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    return [book.sheet_names, re.sub(r"\d\d:\d\d", "", repr(cells)), response["Content-Disposition"]]


def test_the_search_would_find_a_leak(cast: Cast) -> None:
    assert chinese_in('<a title="党员">第一党支部</a>') == ["党员"]
    assert chinese_in("<p>2020 （a）</p>") == ["（", "）"]


@pytest.mark.parametrize("row", PAGES, ids=str)
def test_no_page_is_half_chinese(row: Row, cast: Cast, client: Client, sign_in: SignIn) -> None:
    response = fetch(row, cast, client, sign_in, "en")
    if not is_paper(response):
        sent = [str(value) for value in row.data(cast).values() if value] if row.data else []
        assert chinese_in(page_of(response), *sent) == []


@pytest.mark.parametrize(
    "name",
    [
        "activities:print",
        "reports:paper",
        "reports:sheet_workbook",
        "reports:overview_workbook",
        "reports:summary_workbook",
        "branches:template",
        "branches:export",
        "branches:batch_report",
    ],
)
def test_papers_are_the_same_in_either_language(name: str, cast: Cast, client: Client, sign_in: SignIn) -> None:
    row = [row for row in PAGES if row.name == name][-1]
    args = row.args(cast)  # the same record twice
    row = replace(row, args=lambda cast: args)
    chinese, english = (words_of(fetch(row, cast, client, sign_in, language)) for language in ("zh-hans", "en"))
    assert CHINESE.search(str(chinese))
    assert english == chinese


def test_dates_and_weekdays_are_english(cast: Cast, client: Client, sign_in: SignIn) -> None:
    [row] = [row for row in PAGES if row.name == "branches:why" and not row.note]
    assert ">1 Jan 2018<" in page_of(fetch(row, cast, client, sign_in, "en"))


def test_several_posts_are_listed_the_english_way(cast: Cast, client: Client, sign_in: SignIn) -> None:
    Appointment.objects.create(
        person=cast.people["first1"], organisation=cast.first, post=Post.PUBLICITY, starts_on=START
    )
    [row] = [row for row in PAGES if row.name == "activities:new" and "first" in row.args(cast)]
    page = page_of(fetch(row, cast, client, sign_in, "en"))
    assert "Organisation commissioner, Publicity commissioner" in page
    assert "、" not in page


def test_a_sheet_with_its_proof_and_an_adopted_reason_is_english(cast: Cast, client: Client, sign_in: SignIn) -> None:
    """The reason an adopted verdict keeps is Chinese, for papers; on the page it stands once and in English."""
    sheet = reverse("reports:sheet", args=["second", 2020])  # without a committee: one indicator does not apply
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    sign_in(cast.staff).post(reverse("reports:take_over", args=["second", 2020]), {"version": "0"})
    adopted = Score.objects.get(sheet__organisation=cast.second, is_not_applicable=True, indicator__name__contains="委")
    assert CHINESE.search(adopted.review_reason)
    Score.objects.update(review_reason="typed")
    Score.objects.filter(pk=adopted.pk).update(review_reason=adopted.review_reason)
    pages = [sheet, f"{sheet}?show=all", *(_evidence(score) for score in Score.objects.all())]
    names = {*typed()} - {adopted.review_reason}
    for page in pages:
        text = html.unescape(IN_ITSELF.sub("", client.get(page).content.decode()))
        assert CHINESE.findall(_pattern(tuple(sorted(names, key=len, reverse=True))).sub("", text)) == []


def _evidence(score: Score) -> str:
    return reverse("reports:evidence", args=["second", 2020, score.indicator_id])
