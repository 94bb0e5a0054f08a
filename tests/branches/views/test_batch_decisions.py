from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from branches.models import Batch, BatchRow, User
from tests.branches.views.test_batches import good, page
from tests.cast import Cast
from tests.rosters import plan, write

SignIn = Callable[[User], Client]


def decide(client: Client, batch: Batch, position: int, decision: str, **headers: Any) -> Any:
    url = reverse("branches:batch_decide", args=[batch.pk, position])
    return client.post(url, {"decision": decision, "show": "create", "page": "1"}, headers=headers)


@pytest.mark.parametrize(("position", "decision"), [(0, "7"), (0, "delete"), (0, "9" * 30)])
def test_what_is_no_choice_is_refused_in_words(cast: Cast, sign_in: SignIn, position: int, decision: str) -> None:
    batch = plan(good(cast), cast.committee, cast.staff)
    client = sign_in(cast.staff)
    assert decide(client, batch, position, decision)["Location"].endswith("/?show=create")
    assert "message-error" in page(client, batch)
    assert BatchRow.objects.get(batch=batch).decision == ""


@pytest.mark.parametrize("position", [1, 10**12])
def test_no_such_row(cast: Cast, sign_in: SignIn, position: int) -> None:
    batch = plan(good(cast), cast.committee, cast.staff)
    assert decide(sign_in(cast.staff), batch, position, "skip").status_code == 404


def test_a_decision_too_late_says_so_with_and_without_a_script(cast: Cast, sign_in: SignIn) -> None:
    batch = write(plan(good(cast), cast.committee, cast.staff))
    client = sign_in(cast.staff)
    assert decide(client, batch, 0, "skip").status_code == 302
    assert "message-error" in page(client, batch)
    response = decide(client, batch, 0, "skip", **{"hx-request": "true"})
    assert response["HX-Refresh"] == "true"
    assert "message-error" in page(client, batch)


def test_without_a_script_the_page_comes_back_at_the_row(cast: Cast, sign_in: SignIn) -> None:
    batch = plan(good(cast, 2), cast.committee, cast.staff)
    response = decide(sign_in(cast.staff), batch, 1, "skip")
    assert response["Location"] == reverse("branches:batch", args=[batch.pk]) + "?show=create&page=1#row-1"
    assert BatchRow.objects.get(batch=batch, position=1).action == "skip"


def test_with_a_script_only_the_row_and_the_numbers_come_back(cast: Cast, sign_in: SignIn) -> None:
    batch = plan(good(cast, 2), cast.committee, cast.staff)
    client = sign_in(cast.staff)
    text = decide(client, batch, 1, "skip", **{"hx-request": "true"}).content.decode()
    assert 'id="row-1" hx-swap-oob' in text
    assert "row-0" not in text
    assert "写入 1 行" in text
    assert "<noscript" not in text
    batch.refresh_from_db()
    assert f'name="plan" value="{batch.plan_version}"' in text


def test_a_whole_filter_is_skipped_and_taken_back(cast: Cast, sign_in: SignIn) -> None:
    batch = plan(good(cast, 3), cast.committee, cast.staff)
    client = sign_in(cast.staff)
    url = reverse("branches:batch_decide_all", args=[batch.pk])
    assert "这 3 行全部跳过" in page(client, batch, "?show=create")
    response = client.post(url, {"show": "create", "decision": "skip"})
    assert response["Location"].endswith("?show=skip")
    assert "没有要写入的内容" in page(client, batch)
    assert "这 3 行恢复系统建议" in page(client, batch, "?show=skip")
    client.post(url, {"show": "skip", "decision": ""})
    assert "写入 3 行" in page(client, batch)


def test_a_plan_decided_about_in_another_tab_is_shown_again(cast: Cast, sign_in: SignIn) -> None:
    batch = plan(good(cast, 2), cast.committee, cast.staff)
    client = sign_in(cast.staff)
    decide(client, batch, 0, "skip")
    client.post(reverse("branches:batch_confirm", args=[batch.pk]), {"plan": batch.plan_version})
    text = page(client, batch)
    assert "message-error" in text
    assert "写入 1 行" in text
    batch.refresh_from_db()
    assert batch.state == Batch.State.PLANNED


def test_the_rows_to_look_at_are_skipped_as_far_as_they_would_be_written(cast: Cast, sign_in: SignIn) -> None:
    batch = plan(good(cast, 3), cast.committee, cast.staff)
    BatchRow.objects.filter(batch=batch).update(is_warned=True)
    BatchRow.objects.filter(batch=batch, position=0).update(action="unchanged", proposed="unchanged")
    Batch.objects.filter(pk=batch.pk).update(counts={**batch.counts, "create": 2, "unchanged": 1, "warned": 3})
    client = sign_in(cast.staff)
    assert "这 2 行全部跳过" in page(client, batch, "?show=warned")
    client.post(reverse("branches:batch_decide_all", args=[batch.pk]), {"show": "warned", "decision": "skip"})
    actions = BatchRow.objects.filter(batch=batch).order_by("position").values_list("action", flat=True)
    assert list(actions) == ["unchanged", "skip", "skip"]
    assert "全部跳过" not in page(client, batch, "?show=warned")
