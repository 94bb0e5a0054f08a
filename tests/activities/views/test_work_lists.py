from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from activities.actions.tasks import answer, plan
from activities.models import Activity, Task, WorkItem, WorkList
from branches.models import Organisation, User
from tests.activities.supervision import MONDAY, sent, task_of, written
from tests.cast import Cast
from tests.rights.work_lists import form

SignIn = Callable[[User], Client]
NEW = reverse("activities:work_list_new", args=["committee"])


def test_bad_input_is_answered_in_words_and_nothing_typed_is_lost(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.staff)
    wrongs: tuple[dict[str, object], ...] = (
        {"week_of": "x"},
        {"week_of": "0001-01-01"},
        {"recipients": [cast.far.pk]},
        {"recipients": []},
        {"recipients": ["9" * 30]},
        {"items-0-kind": "99999999999999999999"},
        {"items-0-title": "", "items-0-content": "只有要求"},
        {"items-0-due_on": "2020-10-01"},
        {"items-TOTAL_FORMS": "x"},
    )
    for wrong in wrongs:
        response = client.post(NEW, form(cast, **wrong))
        assert response.status_code == 422, wrong
        assert "10月第五周党建工作清单" in response.content.decode()
    assert not WorkList.objects.exists()


def test_more_rows_keep_what_was_typed_and_judge_nothing(cast: Cast, sign_in: SignIn) -> None:
    response = sign_in(cast.staff).post(NEW, form(cast, intent="more", title=""))
    page = response.content.decode()
    assert response.status_code == 200
    assert "报送学习计划" in page
    assert 'name="items-5-title"' in page
    assert not WorkList.objects.exists()


def test_written_and_sent_in_one_go(cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.staff).post(NEW, form(cast, intent="send"))
    assert WorkList.objects.get().week_of == MONDAY
    assert Task.objects.count() == 2


def test_a_copy_is_of_the_next_week_with_its_days_and_branches(cast: Cast, sign_in: SignIn) -> None:
    made = sent(cast, recipients=(cast.second.pk,))
    page = sign_in(cast.staff).get(f"{NEW}?copy={made.pk}")
    form_, rows = page.context["form"], page.context["rows"]
    assert form_["week_of"].value() == MONDAY + timedelta(days=7)
    assert list(form_["recipients"].value()) in ([cast.second.pk], [cast.second])
    assert rows[0]["due_on"].value() == date(2020, 11, 6)
    for wrong in ("x", "0", "99999999999999999999"):
        assert sign_in(cast.staff).get(f"{NEW}?copy={wrong}").status_code == 200


def test_a_row_emptied_by_hand_is_left_out(cast: Cast, sign_in: SignIn) -> None:
    made = written(cast)
    data = form(cast, version=1) | {"items-INITIAL_FORMS": 2, "items-1-title": "", "items-2-title": "走访党员"}
    sign_in(cast.staff).post(reverse("activities:work_list_edit", args=[made.pk]), data)
    assert [item.title for item in made.items.all()] == ["报送学习计划", "走访党员"]


def test_what_was_sent_is_not_edited(cast: Cast, sign_in: SignIn) -> None:
    made = sent(cast)
    url = reverse("activities:work_list_edit", args=[made.pk])
    assert sign_in(cast.staff).post(url, form(cast, version=made.version)).status_code == 422
    assert sign_in(cast.staff).get(url).status_code == 302
    made.refresh_from_db()
    assert made.title == "10月第四周党建工作清单"


def test_a_draft_or_a_withdrawn_list_asks_the_branch_nothing(cast: Cast, sign_in: SignIn) -> None:
    written(cast)
    page = sign_in(cast.secretary).get(reverse("activities:tasks", args=["first"]))
    assert page.context["open"] == []


def test_open_items_are_to_do_of_the_branch_until_answered_or_planned(cast: Cast, sign_in: SignIn) -> None:
    sent(cast)
    client = sign_in(cast.secretary)
    branch = reverse("activities:branch", args=["first"])
    assert len(client.get(branch).context["todo"].tasks) == 2
    data = {"version": 1, "state": "done", "answer": "已报"}
    client.post(reverse("activities:task", args=[task_of(cast).pk]), data)
    response = client.post(reverse("activities:task_plan", args=[task_of(cast, 2).pk]))
    assert response.headers["Location"] == reverse("activities:edit", args=[task_of(cast, 2).activity_id])
    assert client.get(branch).context["todo"].tasks == ()


@pytest.mark.parametrize("record", ["", "x", "99999999999999999999", "1"])
def test_a_record_nobody_offered_is_refused(cast: Cast, sign_in: SignIn, record: str) -> None:
    sent(cast)
    sign_in(cast.secretary).post(reverse("activities:task_plan", args=[task_of(cast, 2).pk]), {"record": record})
    assert task_of(cast, 2).activity is None


def test_those_above_see_a_planned_item_and_not_its_draft(cast: Cast, sign_in: SignIn) -> None:
    made = sent(cast)
    draft = plan(task=task_of(cast, 2), by=cast.recorder)
    client = sign_in(cast.staff)
    for url in (
        reverse("activities:work_list", args=[made.pk]),
        reverse("activities:task", args=[task_of(cast, 2).pk]),
        reverse("activities:tasks", args=["first"]),
    ):
        page = client.get(url).content.decode()
        assert "已计划" in page
        assert reverse("activities:edit", args=[draft.pk]) not in page
        assert reverse("activities:activity", args=[draft.pk]) + '"' not in page


@pytest.mark.parametrize("times", [1, 4])
def test_as_many_queries_for_many_lists_as_for_one(
    cast: Cast, sign_in: SignIn, times: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(times):
        sent(cast)
    client = sign_in(cast.staff)
    for url, number in (
        (reverse("activities:work_lists", args=["committee"]), 13),
        (reverse("activities:work_list", args=[WorkList.objects.first().pk]), 11),  # type: ignore[union-attr]
        (reverse("activities:tasks", args=["first"]), 10),
    ):
        client.get(url)
        with django_assert_num_queries(number, info=url):
            client.get(url)


def test_who_only_reads_sees_what_was_sent_and_no_draft(cast: Cast, sign_in: SignIn) -> None:
    made, draft = sent(cast), written(cast, title="还没下发的清单")
    client = sign_in(cast.auditor)
    page = client.get(reverse("activities:work_lists", args=["committee"])).content.decode()
    assert made.title in page
    assert draft.title not in page
    assert NEW not in page
    one = client.get(reverse("activities:work_list", args=[made.pk])).content.decode()
    assert reverse("activities:work_list_withdraw", args=[made.pk]) not in one
    assert "报送学习计划" in one


def test_a_list_sent_meanwhile_keeps_what_was_typed(cast: Cast, sign_in: SignIn) -> None:
    made = sent(cast)
    url = reverse("activities:work_list_edit", args=[made.pk])
    response = sign_in(cast.staff).post(url, form(cast, version=1))
    assert response.status_code == 422
    assert "10月第五周党建工作清单" in response.content.decode()


def test_other_words_from_the_back_button_are_kept(cast: Cast, sign_in: SignIn) -> None:
    key, client = uuid4(), sign_in(cast.staff)
    for title in ("第一稿", "第二稿", "第二稿"):
        assert client.post(NEW, form(cast, entry_key=str(key), title=title)).status_code == 302
    assert [row.title for row in WorkList.objects.all()] == ["第二稿"]
    assert client.post(NEW, form(cast, entry_key=str(key), title="第三稿")).status_code == 422


def test_the_copy_of_a_list_for_all_goes_to_a_branch_founded_since(cast: Cast, sign_in: SignIn) -> None:
    made = sent(cast, recipients=(cast.first.pk, cast.second.pk, cast.retired.pk))
    WorkList.objects.update(sent_on=MONDAY - timedelta(days=7))
    Organisation.objects.filter(pk=cast.second.pk).update(founded_on=MONDAY)
    made.recipients.remove(cast.second)
    page = sign_in(cast.staff).get(f"{NEW}?copy={made.pk}")
    assert cast.second.pk in [getattr(one, "pk", one) for one in page.context["form"]["recipients"].value()]


def test_nothing_is_asked_of_a_branch_that_was_revoked(cast: Cast, sign_in: SignIn) -> None:
    made = sent(cast)
    WorkItem.objects.update(due_on=MONDAY)
    Organisation.objects.filter(pk=cast.second.pk).update(ended_on=MONDAY - timedelta(days=1))
    client = sign_in(cast.staff)
    page = client.get(reverse("activities:work_list", args=[made.pk]))
    answers = page.context["answers"]
    assert (answers.count.answered, answers.count.total) == (0, 2)
    assert [branch.code for branch in answers.items[0].missing] == ["first"]
    assert "支部已撤销" in page.content.decode()
    listed = client.get(reverse("activities:work_lists", args=["committee"]))
    assert [count.total for _row, count in listed.context["rows"]] == [2]
    assert not client.get(reverse("activities:tasks", args=["second"])).context["open"]


def test_a_reason_given_after_a_plan_was_put_away_is_read_above(cast: Cast, sign_in: SignIn) -> None:
    made = sent(cast)
    task = task_of(cast, 2)
    draft = plan(task=task, by=cast.secretary)
    Activity.objects.filter(pk=draft.pk).update(state="discarded")
    task.refresh_from_db()
    answer(task=task, state="declined", words="讲课人出差", version=task.version, by=cast.secretary)
    page = sign_in(cast.staff).get(reverse("activities:work_list", args=[made.pk])).content.decode()
    assert "讲课人出差" in page
