from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from activities.models import Activity, Attendance, DutyRule, ReviewStep
from activities.templatetags.duties import rate
from branches.models import User
from tests.activities.held import held
from tests.activities.results import honour, written
from tests.cast import TODAY, Cast

SignIn = Callable[[User], Client]
State = Activity.State


def page(client: Client, code: str = "first") -> str:
    return client.get(reverse("activities:branch", args=[code])).content.decode()


def returned(cast: Cast, reason: str) -> Activity:
    activity = held(cast.first, "committee_meeting", date(2020, 10, 12), state=State.RETURNED, title="研究发展党员")
    ReviewStep.objects.create(
        activity=activity, step="returned", on=date(2020, 10, 23), by=cast.staff, reason=reason,
        organisation_name="水利局机关党委",
    )  # fmt: skip
    return activity


def test_a_branch_without_records_says_what_to_do(cast: Cast, sign_in: SignIn) -> None:
    text = page(sign_in(cast.secretary))
    assert "还没有活动记录" in text
    assert reverse("activities:new", args=["first"]) in text


def test_a_returned_record_stands_first_in_the_reviewers_own_words(cast: Cast, sign_in: SignIn) -> None:
    activity = returned(cast, "第 2 项议题没有写表决结果 <b>")
    text = page(sign_in(cast.secretary))
    assert "第 2 项议题没有写表决结果 &lt;b&gt;" in text
    assert text.index(reverse("activities:edit", args=[activity.pk])) < text.index("逾期 26 天")
    assert "退回 3 天" in text


def test_a_draft_is_for_those_who_write_it(cast: Cast, sign_in: SignIn) -> None:
    draft = held(cast.first, "party_lecture", date(2020, 10, 20), state=State.DRAFT, title="还没写完的党课")
    link = reverse("activities:edit", args=[draft.pk])
    assert link in page(sign_in(cast.recorder))
    assert link not in page(sign_in(cast.staff))
    assert "还没写完的党课" not in page(sign_in(cast.staff))


def test_a_reader_gets_no_button_to_write(cast: Cast, sign_in: SignIn) -> None:
    assert reverse("activities:new", args=["first"]) not in page(sign_in(cast.auditor))


def test_the_rate_says_that_it_is_incomplete(cast: Cast, sign_in: SignIn) -> None:
    activity = held(cast.first, "members_meeting", date(2020, 9, 9))
    for number, presence in enumerate(("present", "present", "present", "leave", "unrecorded")):
        Attendance.objects.create(
            activity=activity, person=cast.people[f"first{number}"], branch=cast.first, presence=presence
        )
    text = page(sign_in(cast.secretary))
    assert "75.0%" in text
    assert "出席率不完整" in text


def test_a_joint_activity_out_of_reach_is_named_but_not_linked(cast: Cast, sign_in: SignIn) -> None:
    activity = held(cast.committee, "party_lecture", date(2020, 10, 9), title="机关党委专题党课")
    activity.taking_part.set([cast.first])
    proof = reverse("activities:duty", args=["first", "party_lecture", 2020, 4])
    text = sign_in(cast.secretary).get(proof).content.decode()
    link = reverse("activities:activity", args=[activity.pk])
    is_readable = sign_in(cast.secretary).get(link).status_code == 200
    assert "机关党委专题党课" in text
    assert (link in text) == is_readable


@pytest.mark.parametrize("times", [1, 4])
def test_as_many_queries_for_many_records_as_for_one(
    cast: Cast, sign_in: SignIn, times: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(times):
        returned(cast, "缺内容")
        held(cast.first, "themed_party_day", date(2020, 1 + number, 9))
        held(cast.first, "party_lecture", date(2020, 10, 9 + number), state=State.DRAFT)
    client = sign_in(cast.secretary)
    page(client)
    with django_assert_num_queries(40):
        page(client)


@pytest.mark.parametrize(
    ("value", "text"), [(None, "—"), (0, "0.0%"), (0.93, "93.0%"), (0.9345, "93.5%"), (1, "100.0%")]
)
def test_a_rate_has_one_decimal_wherever_it_stands(value: float | None, text: str) -> None:
    assert rate(value) == text


def test_what_was_returned_today_is_not_zero_days_old(cast: Cast, sign_in: SignIn) -> None:
    activity = returned(cast, "没有写表决结果")
    ReviewStep.objects.filter(activity=activity).update(on=TODAY)
    text = page(sign_in(cast.secretary))
    assert "今天退回" in text
    assert "退回 0 天" not in text


def test_the_branch_shows_its_brand_and_honours(cast: Cast, sign_in: SignIn) -> None:
    written(cast, title="旧品牌", ended_on=date(2020, 7, 1))
    written(cast, title="红色讲台")
    honour(cast, title="五星支部")
    honour(cast, title="误录", withdrawn_on=date(2020, 7, 1), withdrawn_by=cast.secretary)
    for name in ("activities:branch", "branches:organisation"):
        page = sign_in(cast.secretary).get(reverse(name, args=["first"])).content.decode()
        assert "红色讲台" in page
        assert "五星支部" in page
        assert "旧品牌" not in page
        assert "误录" not in page


def test_where_nothing_presses_the_next_duty_is_named(cast: Cast, sign_in: SignIn) -> None:
    DutyRule.objects.exclude(code="members_meeting").delete()
    for month in (2, 5, 8):
        held(cast.first, "members_meeting", date(2020, month, 5))
    todo = sign_in(cast.recorder).get(reverse("activities:branch", args=["first"])).context["todo"]
    assert todo.count == 0
    assert todo.next_due is not None
    assert todo.next_due.due_on == date(2020, 12, 31)
