from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branches.models import Batch, BatchRow, Organisation, Person, RoleAssignment, User
from branches.queries.batches import file_problem
from foundation.encryption import blind_index
from foundation.models import AuditEntry
from foundation.models.jobs import Job
from tests.cast import START, Cast
from tests.rosters import line, number, plan, uploaded, workbook, write

SignIn = Callable[[User], Client]


def good(cast: Cast, size: int = 1) -> bytes:
    return workbook([line(f"郝{at}", number(sequence=at * 2 + 1), cast.first.name) for at in range(size)])


def page(client: Client, batch: Batch, query: str = "") -> str:
    response = client.get(reverse("branches:batch", args=[batch.pk]) + query)
    assert response.status_code == 200
    return response.content.decode()


def upload_page(code: str, subject: str = "members") -> str:
    return reverse("branches:batch_upload", args=[code, subject])


def act(client: Client, name: str, batch: Batch, data: dict[str, Any] | None = None) -> Any:
    return client.post(reverse(f"branches:batch_{name}", args=[batch.pk]), data or {})


# --- upload


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "文件"),
        ({"as_of": "2020-10-27"}, "还没有到"),
        ({"as_of": "2017-12-31"}, "没有成立"),
        ({"as_of": "昨天"}, "截至日期"),
    ],
)
def test_a_form_that_wants_mending_says_where(cast: Cast, sign_in: SignIn, data: dict[str, str], words: str) -> None:
    files = {"file": uploaded(good(cast))} if data else {}
    response = sign_in(cast.staff).post(upload_page("committee"), {"as_of": "2020-10-26", **data, **files})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Batch.objects.exists()


def test_a_file_of_another_kind_is_named_and_the_day_stays(cast: Cast, sign_in: SignIn) -> None:
    data = {"file": uploaded(b"MZ\x90\x00", "花名册.exe"), "as_of": "2020-09-30"}
    response = sign_in(cast.staff).post(upload_page("committee"), data)
    assert response.status_code == 422
    text = response.content.decode()
    assert "花名册.exe" in text
    assert 'value="2020-09-30"' in text
    assert "重新选择文件" in text


def test_nobody_knows_another_subject(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.staff).get(upload_page("committee", "guests")).status_code == 404


def test_the_subjects_are_those_one_may(cast: Cast, sign_in: SignIn) -> None:
    others = [upload_page("committee", subject) for subject in ("organisations", "accounts")]
    for user, shown in ((cast.staff, False), (cast.users["admin"], True)):
        text = sign_in(user).get(upload_page("committee")).content.decode()
        assert [other in text for other in others] == [shown, shown]


def test_earlier_imports_say_what_became_of_them_even_purged(cast: Cast, sign_in: SignIn) -> None:
    batch = write(plan(good(cast), cast.committee, cast.staff))
    Batch.objects.filter(pk=batch.pk).update(purged_at=batch.applied_at, file=None)
    BatchRow.objects.filter(batch=batch).update(payload="")
    client = sign_in(cast.staff)
    text = client.get(upload_page("committee")).content.decode()
    assert "写入 1 行" in text
    assert batch.file_sha256[:12] in text
    assert batch.file_sha256[:12] in page(client, batch)
    assert "不能再撤销" in page(client, batch)
    assert reverse("branches:batch_undo", args=[batch.pk]) not in page(client, batch)


# --- from the file to the result


def test_from_the_file_to_the_result(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.staff)
    response = client.post(upload_page("committee"), {"file": uploaded(good(cast)), "as_of": "2020-10-26"})
    batch = Batch.objects.get()
    assert response["Location"] == reverse("branches:batch", args=[batch.pk])
    assert "写入 1 行" in page(client, batch)
    assert not Person.objects.filter(name="郝0").exists()
    act(client, "confirm", batch, {"plan": batch.plan_version})
    assert "已写入" in page(client, batch)
    assert Person.objects.filter(name="郝0").exists()
    text = client.get(upload_page("committee")).content.decode()
    assert "郝0" not in text
    assert "花名册.xlsx" in text


@pytest.mark.parametrize("seen", ["", "-1", "x", "9999999999999"])
def test_a_plan_nobody_has_seen_is_not_confirmed(cast: Cast, sign_in: SignIn, seen: str) -> None:
    batch = plan(good(cast), cast.committee, cast.staff)
    client = sign_in(cast.staff)
    response = act(client, "confirm", batch, {"plan": seen})
    assert response["Location"] == reverse("branches:batch", args=[batch.pk])
    text = page(client, batch)
    assert "message-error" in text
    assert "郝0" in text  # the plan again
    assert "写入 1 行" in text
    assert not Person.objects.filter(name="郝0").exists()


def test_confirming_twice_says_so_and_writes_once(cast: Cast, sign_in: SignIn) -> None:
    batch = write(plan(good(cast), cast.committee, cast.staff))
    client = sign_in(cast.staff)
    assert act(client, "confirm", batch, {"plan": batch.plan_version}).status_code == 302
    assert "已经确认" in page(client, batch)
    assert Person.objects.filter(name="郝0").count() == 1


@pytest.mark.parametrize("name", ["confirm", "abandon", "stop", "undo"])
def test_what_was_given_up_stays_given_up(cast: Cast, sign_in: SignIn, name: str) -> None:
    batch = plan(good(cast), cast.committee, cast.staff)
    client = sign_in(cast.staff)
    assert act(client, "abandon", batch)["Location"] == upload_page("committee")
    page(client, batch)
    assert act(client, name, batch, {"plan": batch.plan_version}).status_code == 302
    text = page(client, batch)
    assert "message-error" in text
    assert "郝0" not in text


@pytest.mark.parametrize("name", ["confirm", "abandon", "stop", "resume", "decide_all"])
def test_the_address_of_an_act_loaded_again_leads_to_the_import(cast: Cast, sign_in: SignIn, name: str) -> None:
    batch = plan(good(cast), cast.committee, cast.staff)
    client = sign_in(cast.staff)
    address = reverse(f"branches:batch_{name}", args=[batch.pk])
    assert client.get(address)["Location"] == reverse("branches:batch", args=[batch.pk])
    assert sign_in(cast.stranger).get(address).status_code == 404
    batch.refresh_from_db()
    assert batch.state == Batch.State.PLANNED


def test_a_stopped_import_marks_the_rows_that_are_written(cast: Cast, sign_in: SignIn) -> None:
    batch = plan(good(cast, 2), cast.committee, cast.staff)
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.STOPPED)
    batch.rows.filter(position=0).update(outcome="written")
    text = page(sign_in(cast.staff), batch)
    assert text.count('<small class="under">已写入</small>') == 1
    assert text.count('<small class="under">未写入</small>') == 1


@pytest.mark.parametrize(("subject", "words"), [("members", "转入"), ("organisations", "更名"), ("accounts", "角色")])
def test_the_day_is_explained_by_what_is_brought_in(cast: Cast, sign_in: SignIn, subject: str, words: str) -> None:
    text = sign_in(cast.admin).get(reverse("branches:batch_upload", args=["committee", subject])).content.decode()
    hint = text.partition("文件反映的是哪一天的情况")[2].partition("<")[0]
    assert words in hint
    assert ("转入" in hint) == (subject == "members")


def test_an_unusable_file_says_why_and_offers_another(cast: Cast, sign_in: SignIn) -> None:
    batch = plan(workbook([["甲"]], headings=["名单"]), cast.committee, cast.staff)
    assert batch.state == Batch.State.FAILED
    text = page(sign_in(cast.staff), batch)
    problem = file_problem(batch)
    assert problem is not None
    assert str(problem.message) in text
    assert upload_page("committee") in text


# --- preview


def test_what_is_hidden_stays_hidden_on_the_page(cast: Cast, sign_in: SignIn) -> None:
    rows = [
        line("郝新民", number(), cast.first.name, 联系电话="13800001234"),
        line("郝为民", number()[:-1], cast.far.name),
    ]
    text = page(sign_in(cast.staff), plan(workbook(rows), cast.committee, cast.staff))
    assert "138****1234" in text
    assert not any(secret in text for secret in (number(), number()[:-1], "13800001234"))


def test_a_filter_nobody_knows_shows_everything(cast: Cast, sign_in: SignIn) -> None:
    batch = plan(good(cast), cast.committee, cast.staff)
    client = sign_in(cast.staff)
    assert "郝0" in page(client, batch, "?show=<script>&page=x")
    assert "郝0" not in page(client, batch, "?show=refused")


def test_the_preview_takes_the_same_queries_for_few_and_many_rows(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.staff)

    def queries(size: int) -> int:
        batch = plan(good(cast, size), cast.committee, cast.staff)
        page(client, batch)
        with CaptureQueriesContext(connection) as captured:
            page(client, batch)
        return len(captured)

    assert queries(2) == queries(40)


# --- at work


def test_progress_asks_again_until_the_work_is_over(cast: Cast, sign_in: SignIn) -> None:
    batch = plan(good(cast), cast.committee, cast.staff)
    url = reverse("branches:batch_progress", args=[batch.pk])
    client = sign_in(cast.staff)
    assert client.get(url)["HX-Refresh"] == "true"
    Batch.objects.filter(pk=batch.pk).update(state="planning")
    Job.objects.filter(pk=batch.job_id).update(state="running", done=5, total=10)
    text = client.get(url).content.decode()
    assert 'value="50"' in text
    assert "hx-swap-oob" not in text
    assert "hx-get" in page(client, batch)


def test_progress_is_spoken_by_tenths(cast: Cast, sign_in: SignIn) -> None:
    batch = plan(good(cast), cast.committee, cast.staff)
    Batch.objects.filter(pk=batch.pk).update(state="applying")
    Job.objects.filter(pk=batch.job_id).update(state="running", done=5, total=10)
    url = reverse("branches:batch_progress", args=[batch.pk])
    client = sign_in(cast.staff)
    assert "已完成 50%" in client.get(url + "?said=4").content.decode()
    for said in ("5", "x", "99999999999999"):
        assert "已完成 50%" not in client.get(f"{url}?said={said}").content.decode()


def test_who_waits_is_told_how_many_run_first(cast: Cast, sign_in: SignIn) -> None:
    first, second = (plan(good(cast), cast.committee, cast.staff) for _ in range(2))
    Job.objects.filter(pk=first.job_id).update(state="running")
    Job.objects.filter(pk=second.job_id).update(state="queued")
    Batch.objects.filter(pk=second.pk).update(state="planning")
    assert "前面还有 1 次导入" in page(sign_in(cast.staff), second)


def test_work_that_broke_off_can_go_on(cast: Cast, sign_in: SignIn) -> None:
    batch = plan(good(cast), cast.committee, cast.staff)
    Batch.objects.filter(pk=batch.pk).update(state="applying", applied_by=cast.staff)
    client = sign_in(cast.staff)
    assert "继续处理" in page(client, batch)
    act(client, "resume", batch)
    assert "已写入" in page(client, batch)


def test_what_was_stopped_goes_on_or_is_undone(cast: Cast, sign_in: SignIn) -> None:
    batch = plan(good(cast, 3), cast.committee, cast.staff)
    Batch.objects.filter(pk=batch.pk).update(state="applying", applied_by=cast.staff)
    client = sign_in(cast.staff)
    act(client, "stop", batch)
    text = page(client, batch)
    assert "尚未写入" in text
    assert "继续写入" in text
    act(client, "resume", batch)
    assert Person.objects.filter(name__startswith="郝").count() == 3


def test_undoing_that_was_stopped_tells_how_far_it_came(cast: Cast, sign_in: SignIn) -> None:
    batch = write(plan(good(cast, 2), cast.committee, cast.staff))
    Batch.objects.filter(pk=batch.pk).update(state="stopped", undone_by=cast.staff)
    text = page(sign_in(cast.staff), batch)
    assert "继续撤销" in text
    assert '<span class="figure-label">已撤销</span>' in text
    assert "尚未写入" not in text


def test_to_stop_too_late_is_no_error(cast: Cast, sign_in: SignIn) -> None:
    batch = write(plan(good(cast), cast.committee, cast.staff))
    client = sign_in(cast.staff)
    response = act(client, "stop", batch)
    assert response.status_code == 302
    assert "停止之前已处理完毕" in page(client, batch)
    batch.refresh_from_db()
    assert batch.state == Batch.State.APPLIED


# --- whose it is


def test_a_plan_that_is_not_confirmed_is_its_uploader_s(cast: Cast, sign_in: SignIn) -> None:
    batch = plan(good(cast), cast.committee, cast.staff)
    client = sign_in(cast.city_staff)
    assert reverse("branches:batch", args=[batch.pk]) not in client.get(upload_page("committee")).content.decode()
    assert client.get(reverse("branches:batch", args=[batch.pk])).status_code == 404
    assert act(client, "resume", batch).status_code == 404
    assert act(client, "confirm", batch).status_code == 404


def test_a_colleague_goes_on_with_what_broke_off(cast: Cast, sign_in: SignIn) -> None:
    batch = plan(good(cast), cast.committee, cast.staff)
    Batch.objects.filter(pk=batch.pk).update(state="applying", applied_by=cast.staff, job=None)
    client = sign_in(cast.city_staff)
    assert reverse("branches:batch", args=[batch.pk]) in client.get(upload_page("committee")).content.decode()
    assert "继续处理" in page(client, batch)
    act(client, "resume", batch)
    assert "已写入" in page(client, batch)
    assert AuditEntry.objects.get(verb="batch.resume").actor == cast.city_staff


def test_a_colleague_is_not_told_what_somebody_who_moved_in_was_before(cast: Cast, sign_in: SignIn) -> None:
    mover = cast.people["far1"]
    Person.objects.filter(pk=mover.pk).update(
        identity_number=number(), identity_hash=blind_index(number()), birth_date=date(1980, 1, 1)
    )
    RoleAssignment.objects.create(user=cast.staff, role="staff", organisation=cast.far_organ, starts_on=START)
    batch = plan(workbook([line("卫红", number(), cast.first.name)]), cast.committee, cast.staff)
    assert "农业局第一党支部" in page(sign_in(cast.staff), batch)
    write(batch)
    for query in ("", "?show=move"):
        text = page(sign_in(cast.city_staff), batch, query)
        assert "卫红" in text
        assert "农业局" not in text


def test_a_branch_of_another_tree_has_no_imports_here(cast: Cast, sign_in: SignIn) -> None:
    far = Organisation.objects.get(pk=cast.far.pk)
    assert sign_in(cast.staff).get(upload_page(far.code)).status_code == 404


# --- undo


def test_what_was_written_is_undone(cast: Cast, sign_in: SignIn) -> None:
    batch = write(plan(good(cast, 2), cast.committee, cast.staff))
    client = sign_in(cast.staff)
    url = reverse("branches:batch_undo", args=[batch.pk])
    assert url in page(client, batch)
    assert "撤销 2 行" in client.get(url).content.decode()
    assert client.post(url)["Location"] == reverse("branches:batch", args=[batch.pk])
    text = page(client, batch)
    assert "已撤销" in text
    assert url not in text
    assert not Person.objects.filter(name__startswith="郝", is_void=False).exists()


def test_what_was_edited_is_kept_unless_it_is_ticked(cast: Cast, sign_in: SignIn) -> None:
    batch = write(plan(good(cast, 2), cast.committee, cast.staff))
    Person.objects.filter(name="郝0").update(version=9)
    client = sign_in(cast.staff)
    url = reverse("branches:batch_undo", args=[batch.pk])
    text = client.get(url).content.decode()
    assert "郝0" in text
    assert "郝1" not in text
    client.post(url, {"also": ["x", "99999999999"]})
    assert list(Person.objects.filter(name__startswith="郝", is_void=False).values_list("name", flat=True)) == ["郝0"]
    assert url in page(client, batch)
    client.post(url, {"all": "1"})
    assert not Person.objects.filter(name__startswith="郝", is_void=False).exists()


def test_a_plan_cannot_be_undone(cast: Cast, sign_in: SignIn) -> None:
    batch = plan(good(cast), cast.committee, cast.staff)
    client = sign_in(cast.staff)
    url = reverse("branches:batch_undo", args=[batch.pk])
    assert client.get(url)["Location"] == reverse("branches:batch", args=[batch.pk])
    assert client.post(url)["Location"] == reverse("branches:batch", args=[batch.pk])
    assert "message-error" in page(client, batch)


def test_the_undo_page_takes_the_same_queries_for_few_and_many(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.staff)

    def queries(size: int) -> int:
        batch = write(plan(good(cast, size), cast.committee, cast.staff))
        Person.objects.filter(is_void=False, name__startswith="郝").update(version=9)
        url = reverse("branches:batch_undo", args=[batch.pk])
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        Person.objects.filter(name__startswith="郝").update(is_void=True, identity_hash=None)
        return len(captured)

    assert queries(2) == queries(20)


def test_rows_to_check_are_those_below_the_headings(cast: Cast) -> None:
    batch = plan(good(cast, 3), cast.committee, cast.staff)
    assert batch.job is not None
    assert (batch.job.done, batch.job.total) == (3, 3)
