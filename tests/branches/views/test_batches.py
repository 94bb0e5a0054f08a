from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branches.models import Batch, Person, RoleAssignment, User
from foundation.models import AuditEntry
from foundation.models.jobs import Job
from tests.branches.imports.test_roster_plans import numbered
from tests.cast import START, Cast
from tests.rosters import line, number, plan, uploaded, workbook, write

SignIn = Callable[[User], Client]


def good(cast: Cast, size: int = 1) -> bytes:
    return workbook([line(f"郝{at}", number(sequence=at * 2 + 1), cast.first.name) for at in range(size)])


def page(client: Client, batch: Batch, query: str = "") -> str:
    response = client.get(reverse("branches:batch", args=[batch.pk]) + query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "花名册文件"),
        ({"as_of": "2020-10-27"}, "还没有到"),
        ({"as_of": "2017-12-31"}, "没有成立"),
        ({"as_of": "昨天"}, "截至日期"),
    ],
)
def test_a_form_that_wants_mending_says_where(cast: Cast, sign_in: SignIn, data: dict[str, str], words: str) -> None:
    url = reverse("branches:batch_upload", args=["committee"])
    files = {"file": uploaded(good(cast))} if data else {}
    response = sign_in(cast.staff).post(url, {"as_of": "2020-10-26", **data, **files})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Batch.objects.exists()


def test_a_file_of_another_kind_is_named(cast: Cast, sign_in: SignIn) -> None:
    url = reverse("branches:batch_upload", args=["committee"])
    data = {"file": uploaded(b"MZ\x90\x00", "花名册.exe"), "as_of": "2020-10-26"}
    response = sign_in(cast.staff).post(url, data)
    assert response.status_code == 422
    assert "花名册.exe" in response.content.decode()


def test_from_the_file_to_the_result(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.staff)
    url = reverse("branches:batch_upload", args=["committee"])
    response = client.post(url, {"file": uploaded(good(cast)), "as_of": "2020-10-26"})
    batch = Batch.objects.get()
    assert response["Location"] == reverse("branches:batch", args=[batch.pk])
    assert "写入 1 行" in page(client, batch)
    assert not Person.objects.filter(name="郝0").exists()
    client.post(reverse("branches:batch_confirm", args=[batch.pk]))
    assert "已写入" in page(client, batch)
    assert Person.objects.filter(name="郝0").exists()
    assert "郝0" not in client.get(url).content.decode()
    assert "花名册.xlsx" in client.get(url).content.decode()


def test_confirming_twice_says_so_and_writes_once(cast: Cast, sign_in: SignIn) -> None:
    batch = write(plan(good(cast), cast.committee, cast.staff))
    response = sign_in(cast.staff).post(reverse("branches:batch_confirm", args=[batch.pk]))
    assert response.status_code == 409
    assert "已经确认" in response.content.decode()


def test_what_is_hidden_stays_hidden_on_the_page(cast: Cast, sign_in: SignIn) -> None:
    rows = [
        line("郝新民", number(), cast.first.name, 联系电话="13800001234"),
        line("郝为民", number()[:-1], cast.far.name),
    ]
    text = page(sign_in(cast.staff), plan(workbook(rows), cast.committee, cast.staff))
    assert "138****1234" in text
    assert not any(secret in text for secret in (number(), number()[:-1], "13800001234"))


def test_an_unusable_file_says_why_and_offers_another(cast: Cast, sign_in: SignIn) -> None:
    batch = plan(workbook([["甲"]], headings=["名单"]), cast.committee, cast.staff)
    text = page(sign_in(cast.staff), batch)
    assert "没有找到表头" in text
    assert reverse("branches:batch_upload", args=["committee"]) in text


def test_a_filter_nobody_knows_shows_everything(cast: Cast, sign_in: SignIn) -> None:
    batch = plan(good(cast), cast.committee, cast.staff)
    client = sign_in(cast.staff)
    assert "郝0" in page(client, batch, "?show=<script>&page=x")
    assert "郝0" not in page(client, batch, "?show=refused")


def test_who_is_on_record_but_not_in_the_file_is_listed(cast: Cast, sign_in: SignIn) -> None:
    text = page(sign_in(cast.staff), plan(good(cast), cast.committee, cast.staff))
    assert "系统在册、文件里没有" in text
    assert "刘洋" in text
    assert "周敏" not in text  # of a branch the file does not speak of


def test_progress_asks_again_until_the_work_is_over(cast: Cast, sign_in: SignIn) -> None:
    batch = plan(good(cast), cast.committee, cast.staff)
    url = reverse("branches:batch_progress", args=[batch.pk])
    client = sign_in(cast.staff)
    assert client.get(url)["HX-Refresh"] == "true"
    Batch.objects.filter(pk=batch.pk).update(state="planning")
    Job.objects.filter(pk=batch.job_id).update(state="running", done=5, total=10)
    response = client.get(url)
    assert 'value="50"' in response.content.decode()
    assert "hx-get" in page(client, batch)


def test_work_that_broke_off_can_go_on(cast: Cast, sign_in: SignIn) -> None:
    batch = plan(good(cast), cast.committee, cast.staff)
    Batch.objects.filter(pk=batch.pk).update(state="applying", applied_by=cast.staff)
    client = sign_in(cast.staff)
    assert "继续处理" in page(client, batch)
    client.post(reverse("branches:batch_resume", args=[batch.pk]))
    assert "已写入" in page(client, batch)


@pytest.mark.parametrize("purpose", ["", " ", "换"])
def test_an_export_needs_a_purpose(cast: Cast, sign_in: SignIn, purpose: str) -> None:
    url = reverse("branches:roster_export", args=["first"])
    response = sign_in(cast.secretary).post(url, {"on": "2020-10-26", "purpose": purpose})
    assert response.status_code == 422
    assert not AuditEntry.objects.filter(verb="roster.export").exists()


def test_an_export_is_on_record(cast: Cast, sign_in: SignIn) -> None:
    url = reverse("branches:roster_export", args=["first"])
    response = sign_in(cast.secretary).post(url, {"on": "2020-10-26", "purpose": "换届选举"})
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    entry = AuditEntry.objects.get(verb="roster.export")
    assert (entry.actor, entry.organisation_id, entry.reason) == (cast.secretary, cast.first.pk, "换届选举")


def test_the_preview_takes_the_same_queries_for_few_and_many_rows(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.staff)

    def queries(size: int) -> int:
        batch = plan(good(cast, size), cast.committee, cast.staff)
        page(client, batch)
        with CaptureQueriesContext(connection) as captured:
            page(client, batch)
        return len(captured)

    assert queries(2) == queries(40)


def test_the_export_takes_the_same_queries_for_few_and_many_members(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: Any
) -> None:
    client = sign_in(cast.staff)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.post(reverse("branches:roster_export", args=["committee"]), {"on": "2020-10-26", "purpose": "核对"})
        return len(captured)

    few = queries()
    write(plan(good(cast, 40), cast.committee, cast.staff))
    assert queries() == few


def test_a_plan_that_is_not_confirmed_is_its_uploader_s(cast: Cast, sign_in: SignIn) -> None:
    batch = plan(good(cast), cast.committee, cast.staff)
    client = sign_in(cast.city_staff)
    assert reverse("branches:batch", args=[batch.pk]) not in client.get(_import_page("committee")).content.decode()
    assert client.get(reverse("branches:batch", args=[batch.pk])).status_code == 404
    assert client.post(reverse("branches:batch_resume", args=[batch.pk])).status_code == 404
    assert client.post(reverse("branches:batch_confirm", args=[batch.pk])).status_code == 404


def test_a_colleague_goes_on_with_what_broke_off(cast: Cast, sign_in: SignIn) -> None:
    batch = plan(good(cast), cast.committee, cast.staff)
    Batch.objects.filter(pk=batch.pk).update(state="applying", applied_by=cast.staff, job=None)
    client = sign_in(cast.city_staff)
    assert reverse("branches:batch", args=[batch.pk]) in client.get(_import_page("committee")).content.decode()
    assert "继续处理" in page(client, batch)
    client.post(reverse("branches:batch_resume", args=[batch.pk]))
    assert "已写入" in page(client, batch)
    assert AuditEntry.objects.get(verb="batch.resume").actor == cast.city_staff


def test_a_colleague_is_not_told_what_somebody_who_moved_in_was_before(cast: Cast, sign_in: SignIn) -> None:
    numbered(cast.people["far1"], number())
    RoleAssignment.objects.create(user=cast.staff, role="staff", organisation=cast.far_organ, starts_on=START)
    batch = plan(workbook([line("卫红", number(), cast.first.name)]), cast.committee, cast.staff)
    assert "农业局第一党支部" in page(sign_in(cast.staff), batch)
    write(batch)
    for query in ("", "?show=move"):
        text = page(sign_in(cast.city_staff), batch, query)
        assert "卫红" in text
        assert "农业局" not in text


def _import_page(code: str) -> str:
    return reverse("branches:batch_upload", args=[code])
