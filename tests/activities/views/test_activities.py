from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from activities.actions.activities import save_draft
from activities.rules.activities import State, VoteRule
from activities.rules.content import Content, GuestEntry, Item, LectureEntry
from branches.models import User
from tests.activities.records import draft, written
from tests.cast import Cast

SignIn = Callable[[User], Client]
LIST = "/organisations/first/activities/"


def rows(client: Client, query: str = "", url: str = LIST) -> list[str]:
    return [row.title for row in client.get(url + query).context["page_obj"]]


def test_drafts_are_seen_only_where_they_are_written(cast: Cast, sign_in: SignIn) -> None:
    draft(cast, title="草稿")
    assert rows(sign_in(cast.recorder)) == ["草稿"]
    assert rows(sign_in(cast.staff)) == []
    assert rows(sign_in(cast.staff), url="/organisations/committee/activities/") == []


def test_the_list_of_a_committee_holds_its_branches_and_nobody_else_s(cast: Cast, sign_in: SignIn) -> None:
    written(cast, State.SUBMITTED, title="一支部")
    elsewhere = Content(kinds=("members_meeting",), title="别处", held_on=date(2020, 10, 1))
    save_draft(organisation=cast.far, content=elsewhere, by=cast.stranger)
    assert rows(sign_in(cast.staff), url="/organisations/committee/activities/") == ["一支部"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?kind=party_lecture", ["九月党课"]),
        ("?state=returned", []),
        ("?state=draft", ["十月大会", "九月党课"]),
        ("?month=2020-09", ["九月党课"]),
        ("?q=大会", ["十月大会"]),
        ("?q=十月+三楼", ["十月大会"]),
        ("?kind=unheard_of&state=x&month=soon", ["十月大会", "九月党课"]),
        ("?page=99", ["十月大会", "九月党课"]),
    ],
)
def test_filters(cast: Cast, sign_in: SignIn, query: str, found: list[str]) -> None:
    draft(cast, title="十月大会")
    draft(cast, title="九月党课", kinds=("party_lecture",), held_on=date(2020, 9, 10), place="礼堂")
    assert rows(sign_in(cast.secretary), query) == found


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_as_many_questions_for_many_rows(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: Any, number: int
) -> None:
    for index in range(number):
        draft(cast, title=f"大会{index}")
    client = sign_in(cast.secretary)
    client.get(LIST)
    with django_assert_num_queries(LIST_QUERIES):
        client.get(LIST)


LIST_QUERIES = 18


def test_a_record_shows_reasons_votes_and_its_way(cast: Cast, sign_in: SignIn) -> None:
    item = Item(
        "换届方案", minutes="张伟说明。", resolution="同意。", vote_rule=VoteRule.DECISION, votes_for=4, votes_against=1
    )
    lecture = LectureEntry("从支部建在连上说起", "case", 25, (cast.people["first2"].pk,), "罗教授")
    record = written(
        cast, State.RETURNED, agenda=(item,), lectures=(lecture,), guests=(GuestEntry("罗永清", "部务委员"),)
    )
    text = sign_in(cast.secretary).get(reverse("activities:activity", args=[record.pk])).content.decode()
    for words in ("因公出差", "临时接访", "4 票，超过应到 7 人的半数，通过", "罗教授", "罗永清", "缺少签到表", "71.4%"):
        assert words in text
    assert text.index("缺少签到表") < text.index("因公出差")


def test_an_unfinished_record_says_that_its_rate_is_incomplete(cast: Cast, sign_in: SignIn) -> None:
    record = draft(cast, marks=())
    text = sign_in(cast.secretary).get(reverse("activities:activity", args=[record.pk])).content.decode()
    assert "还有 7 人未登记，出席率不完整" in text


def test_late_entry_is_marked_once_handed_in(cast: Cast, sign_in: SignIn) -> None:
    record = written(cast, State.SUBMITTED, held_on=date(2020, 10, 12))
    client = sign_in(cast.staff)
    assert client.get(reverse("activities:activity", args=[record.pk])).context["is_late"]
    in_time = written(cast, State.SUBMITTED, held_on=date(2020, 10, 21))
    assert not client.get(reverse("activities:activity", args=[in_time.pk])).context["is_late"]


def test_the_paper_is_chinese_whoever_prints_it(cast: Cast, client: Client, sign_in: SignIn) -> None:
    record = written(cast, State.ACCEPTED)
    sign_in(cast.secretary)
    answer = client.get(reverse("activities:print", args=[record.pk]), headers={"accept-language": "en"})
    text = answer.content.decode()
    for words in (
        "第一党支部",
        "应到",
        "请假、缺席及原因",
        "赵磊",
        "因公出差",
        "主持人签字",
        "记录人签字",
        "2020年10月26日",
    ):
        assert words in text


def test_typed_text_is_never_markup(cast: Cast, sign_in: SignIn) -> None:
    record = draft(cast, title="<script>alert(1)</script>", minutes="<img src=x>")
    for name in ("activities:activity", "activities:print", "activities:edit"):
        text = sign_in(cast.secretary).get(reverse(name, args=[record.pk])).content.decode()
        assert "<script>alert" not in text
        assert "<img src=x>" not in text
