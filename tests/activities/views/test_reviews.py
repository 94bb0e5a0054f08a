from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from activities.actions.activities import save_draft
from activities.actions.reviews import accept, send_back, withdraw
from activities.models import Activity
from activities.rules.activities import State
from branches.models import Role, RoleAssignment, User
from tests.activities.records import draft, full_content, written
from tests.cast import START, Cast

SignIn = Callable[[User], Client]
MANY = "/activities/review/accept/"


def chosen(*records: Activity) -> dict[str, list[str]]:
    return {"record": [f"{record.pk}:{record.version}" for record in records]}


def states() -> list[str]:
    return list(Activity.objects.order_by("pk").values_list("state", flat=True))


def test_the_queue_holds_what_waits_for_me_and_nothing_else(cast: Cast, sign_in: SignIn) -> None:
    waiting = written(cast, State.SUBMITTED, title="待审核的大会")
    written(cast, State.RETURNED, title="退回的大会")
    draft(cast, title="草稿")
    page = sign_in(cast.staff).get("/activities/review/")
    assert list(page.context["page_obj"]) == [waiting]
    assert list(sign_in(cast.city_staff).get("/activities/review/").context["page_obj"]) == []


@pytest.mark.parametrize("number", [1, 3])
def test_the_queue_asks_as_many_questions_for_many_rows(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: Any, number: int
) -> None:
    for index in range(number):
        written(cast, State.SUBMITTED, title=f"大会{index}")
    client = sign_in(cast.staff)
    client.get("/activities/review/")
    with django_assert_num_queries(QUEUE_QUERIES):
        client.get("/activities/review/")


QUEUE_QUERIES = 14


def test_choosing_nothing_is_told(cast: Cast, sign_in: SignIn) -> None:
    written(cast, State.SUBMITTED)
    assert "请先勾选" in sign_in(cast.staff).post(MANY, follow=True).content.decode()
    assert states() == [State.SUBMITTED]


@pytest.mark.parametrize("value", ["", "x", "1", "1:x", "99999:1", "-1:1", "²:1", "9" * 20 + ":1", "1:" + "9" * 5000])
def test_nonsense_accepts_nothing(cast: Cast, sign_in: SignIn, value: str) -> None:
    written(cast, State.SUBMITTED)
    assert sign_in(cast.staff).post(MANY, {"record": value}).status_code == 302
    assert states() == [State.SUBMITTED]


def test_what_is_not_mine_stays_and_is_not_named(cast: Cast, sign_in: SignIn) -> None:
    record = written(cast, State.SUBMITTED, title="别人审核的")
    answer = sign_in(cast.city_staff).post(MANY, chosen(record), follow=True)
    assert states() == [State.SUBMITTED]
    assert "别人审核的" not in answer.content.decode()


def test_many_are_accepted_and_those_that_moved_are_named_with_the_reason(cast: Cast, sign_in: SignIn) -> None:
    one, two, three = (written(cast, State.SUBMITTED, title=title) for title in ("大会一", "大会二", "大会三"))
    data = chosen(one, two, three)
    withdraw(activity=two, version=two.version, by=cast.secretary)
    text = sign_in(cast.staff).post(MANY, data, follow=True).content.decode()
    assert states() == [State.ACCEPTED, State.DRAFT, State.ACCEPTED]
    assert "已通过 2 条记录" in text
    assert "王建国已先一步办理" in text


def test_the_new_title_of_a_draft_taken_back_is_not_told(cast: Cast, sign_in: SignIn) -> None:
    record = written(cast, State.SUBMITTED)
    data = chosen(record)
    back = withdraw(activity=record, version=record.version, by=cast.secretary)
    theirs = full_content(cast, title="还没想好的新主题")
    save_draft(organisation=cast.first, content=theirs, by=cast.secretary, activity=back, version=back.version)
    text = sign_in(cast.staff).post(MANY, data, follow=True).content.decode()
    assert "还没想好的新主题" not in text
    assert "王建国" in text


def test_what_was_returned_meanwhile_is_named_with_the_reason(cast: Cast, sign_in: SignIn) -> None:
    record = written(cast, State.SUBMITTED, title="大会二")
    data = chosen(record)
    send_back(activity=record, version=record.version, reason="缺少签到表", by=cast.staff)
    assert "大会二" in sign_in(cast.staff).post(MANY, data, follow=True).content.decode()


def test_accepting_twice_says_that_it_was_done(cast: Cast, sign_in: SignIn) -> None:
    record = written(cast, State.SUBMITTED)
    accept(activity=record, version=record.version, by=cast.staff)
    url = reverse("activities:accept", args=[record.pk])
    text = sign_in(cast.staff).post(url, {"version": record.version}, follow=True).content.decode()
    assert "已先一步办理" in text
    assert record.review_steps.count() == 2


def test_the_writer_cannot_accept(cast: Cast, sign_in: SignIn) -> None:
    record = written(cast, State.SUBMITTED)
    url = reverse("activities:accept", args=[record.pk])
    assert sign_in(cast.secretary).post(url, {"version": record.version}).status_code == 404
    assert states() == [State.SUBMITTED]


def test_a_return_without_reason_asks_for_one(cast: Cast, sign_in: SignIn) -> None:
    record = written(cast, State.SUBMITTED)
    answer = sign_in(cast.staff).post(reverse("activities:return", args=[record.pk]), {"version": record.version})
    assert "请选择或填写退回原因" in answer.content.decode()
    assert states() == [State.SUBMITTED]


def test_usual_reasons_and_own_words_reach_the_branch(cast: Cast, sign_in: SignIn) -> None:
    record = written(cast, State.SUBMITTED)
    data = {"version": record.version, "usual": ["papers"], "words": "请补上 10 月 26 日的签到表。"}
    sign_in(cast.staff).post(reverse("activities:return", args=[record.pk]), data)
    reason = record.review_steps.last().reason  # type: ignore[union-attr]
    assert reason == "缺少签到表或现场照片；请补上 10 月 26 日的签到表。"
    assert states() == [State.RETURNED]


def test_handing_in_what_is_incomplete_leads_to_the_gaps(cast: Cast, sign_in: SignIn) -> None:
    record = draft(cast, place="")
    url = reverse("activities:submit", args=[record.pk])
    answer = sign_in(cast.secretary).post(url, {"version": record.version}, follow=True)
    assert 'href="#id_place"' in answer.content.decode()
    assert states() == [State.DRAFT]


def test_an_old_page_cannot_hand_in(cast: Cast, sign_in: SignIn) -> None:
    record = draft(cast)
    sign_in(cast.secretary).post(reverse("activities:submit", args=[record.pk]), {"version": 99})
    assert states() == [State.DRAFT]


def test_the_undo_of_the_black_bar_takes_the_record_back(cast: Cast, sign_in: SignIn) -> None:
    record = written(cast, State.SUBMITTED)
    url = reverse("activities:withdraw", args=[record.pk]) + f"?version={record.version}"
    assert sign_in(cast.secretary).post(url).status_code == 302
    assert states() == [State.DRAFT]


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 20, "9" * 5000])
def test_a_version_that_is_none_hands_nothing_in(cast: Cast, sign_in: SignIn, version: str) -> None:
    record = draft(cast)
    url = reverse("activities:submit", args=[record.pk])
    assert sign_in(cast.secretary).post(url, {"version": version}).status_code == 302
    assert states() == [State.DRAFT]


def test_the_secretary_of_a_committee_keeps_the_empty_queue(cast: Cast, sign_in: SignIn) -> None:
    RoleAssignment.objects.create(user=cast.nobody, role=Role.SECRETARY, organisation=cast.city, starts_on=START)
    client = sign_in(cast.nobody)
    assert client.get(reverse("activities:review")).status_code == 200
    assert client.post(reverse("activities:accept_many"), {"record": []}).status_code == 302
    assert sign_in(cast.secretary).get(reverse("activities:review")).status_code == 404
