from __future__ import annotations

import errno
import io
import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from python_calamine import CalamineWorkbook

from branches.actions.accounts import change_password, issue_password
from branches.actions.exports import begin_export, purge_exports
from branches.actions.organisations import found
from branches.actions.purging import purge_batches
from branches.models import Batch, BatchEffect, RoleAssignment, User
from branches.queries import exports as queries
from branches.rights import access_of
from foundation.clock import now
from foundation.models import AuditEntry, Job, StoredFile
from foundation.models.jobs import JobState
from tests.cast import START, TODAY, Cast
from tests.rosters import write
from tests.tables import account, plan_table

SUBJECTS = ("members", "organisations", "accounts")
SignIn = Callable[[User], Client]


def cells(response: Any) -> list[list[Any]]:
    content = b"".join(response.streaming_content)
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def opened(cast: Cast) -> Batch:
    rows = [account("甲", "书记、记录员", "first", 用户名="jia"), account("乙", "督查人员", "committee", 用户名="yi")]
    return write(plan_table("accounts", rows, cast.city, cast.admin))


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("data", [{}, {"on": "2020-10-26", "purpose": ""}, {"on": "2020-10-26", "purpose": "x" * 101}])
def test_without_a_purpose_nothing_is_taken_out(
    cast: Cast, sign_in: SignIn, subject: str, data: dict[str, str]
) -> None:
    response = sign_in(cast.admin).post(reverse("branches:export", args=["city", subject]), data)
    assert response.status_code == 422
    assert not AuditEntry.objects.filter(verb__endswith=".export").exists()


@pytest.mark.parametrize("day", ["2020-10-27", "昨天", "99999-01-01"])
def test_a_day_that_is_none_or_has_not_come_is_refused(cast: Cast, sign_in: SignIn, day: str) -> None:
    data = {"on": day, "purpose": "换届选举"}
    response = sign_in(cast.admin).post(reverse("branches:export", args=["city", "members"]), data)
    assert response.status_code == 422
    assert "换届选举" in response.content.decode()


@pytest.mark.parametrize(
    ("subject", "verb"),
    [("members", "roster.export"), ("organisations", "organisation.export"), ("accounts", "account.export")],
)
def test_an_export_goes_on_record_with_its_purpose(cast: Cast, sign_in: SignIn, subject: str, verb: str) -> None:
    data = {"on": "2020-10-26", "purpose": "换届选举"}
    response = sign_in(cast.admin).post(reverse("branches:export", args=["city", subject]), data)
    assert response["Cache-Control"] == "private, no-store"
    assert "换届选举" in cells(response)[2][0]
    entry = AuditEntry.objects.get(verb=verb)
    assert (entry.actor_id, entry.organisation_id, entry.reason) == (cast.admin.pk, cast.city.pk, "换届选举")


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_page_and_the_empty_form_are_there(cast: Cast, sign_in: SignIn, subject: str) -> None:
    client = sign_in(cast.admin)
    page = client.get(reverse("branches:export", args=["city", subject])).content.decode()
    assert ('name="on"' in page) == (subject == "members")
    assert cells(client.get(reverse("branches:template", args=["city", subject])))


@pytest.mark.parametrize("subject", SUBJECTS)
def test_an_export_takes_as_many_queries_for_many_lines_as_for_few(
    cast: Cast, sign_in: SignIn, subject: str, django_assert_num_queries: Any
) -> None:
    expected = {"members": 21, "organisations": 11, "accounts": 13}[subject]
    client = sign_in(cast.admin)
    address, data = reverse("branches:export", args=["city", subject]), {"on": "2020-10-26", "purpose": "换届选举"}
    with django_assert_num_queries(expected):
        few = len(cells(client.post(address, data)))
    for number in range(8):
        name = f"支部{number}"
        branch = found(
            code=f"z{number}", kind="branch", name=name, short_name=name, parent=cast.city, on=START, by=None
        )
        user = User.objects.create_user(username=f"u{number}", name=f"人{number}")
        RoleAssignment.objects.create(user=user, role="secretary", organisation=branch, starts_on=TODAY)
    with django_assert_num_queries(expected):
        many = len(cells(client.post(address, data)))
    assert many == few + (0 if subject == "members" else 8)


def asked(sign_in: SignIn, cast: Cast) -> tuple[Client, str]:
    """A roster too large for a page, asked for by the staff of a committee."""
    client = sign_in(cast.staff)
    data = {"on": "2020-10-26", "purpose": "换届选举"}
    response = client.post(reverse("branches:export", args=["committee", "members"]), data)
    assert response.status_code == 302
    return client, response["Location"]


def test_a_large_roster_is_made_in_the_background_and_fetched(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("branches.views.exports.AT_ONCE", 2)
    client, page = asked(sign_in, cast)
    answer = client.get(page).content.decode()
    assert f"{page}file/" in answer
    response = client.get(f"{page}file/")
    assert response["Cache-Control"] == "private, no-store"
    lines = cells(response)
    assert lines[0][0] == "水利局机关党委党员花名册"
    assert "用途：换届选举" in lines[2][0]
    job = Job.objects.get(kind="branches.export")
    assert len(lines) == 4 + job.total > 6
    assert job.total == queries.count_members(cast.committee, access_of(cast.staff), TODAY)
    assert "换届" not in json.dumps([job.parameters, job.result])
    stored = StoredFile.objects.get()
    assert stored.is_encrypted
    assert b"xl/worksheets" not in stored.location.read_bytes()
    assert AuditEntry.objects.filter(verb="roster.export", reason="换届选举").count() == 1
    assert page in client.get(reverse("branches:export", args=["committee", "members"])).content.decode()


def test_what_was_made_is_for_nobody_else_nor_once_the_role_has_ended(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("branches.views.exports.AT_ONCE", 2)
    client, page = asked(sign_in, cast)
    for path in (page, f"{page}file/", f"{page}progress/"):
        assert sign_in(cast.city_staff).get(path).status_code == 404
    RoleAssignment.objects.filter(user=cast.staff).update(is_void=True)
    assert [client.get(path).status_code for path in (page, f"{page}file/", f"{page}progress/")] == [404] * 3


def test_whoever_lost_the_right_meanwhile_gets_nothing(cast: Cast) -> None:
    asked = {"organisation": cast.far, "subject": "members", "day": TODAY, "purpose": "换届选举"}
    job = begin_export(**asked, by=cast.staff)
    job.refresh_from_db()
    assert (job.state, job.result, StoredFile.objects.count()) == ("failed", {}, 0)


def test_after_a_day_it_is_gone(cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("branches.views.exports.AT_ONCE", 2)
    client, page = asked(sign_in, cast)
    assert purge_exports() == 0
    Job.objects.update(finished_at=now() - timedelta(days=1, minutes=1))
    assert purge_exports() == 1
    assert not StoredFile.objects.exists()
    assert client.get(f"{page}file/").status_code == 404
    assert "file/" not in client.get(page).content.decode()


def test_the_passwords_are_told_to_whoever_brought_the_accounts_in(cast: Cast, sign_in: SignIn) -> None:
    batch = opened(cast)
    address = reverse("branches:batch_passwords", args=[batch.pk])
    assert sign_in(cast.admin).get(address).status_code == 405
    other = User.objects.create_user(username="other", name="另一管理员", must_change_password=False)
    RoleAssignment.objects.create(user=other, role="administrator", organisation=cast.city, starts_on=TODAY)
    assert sign_in(other).post(address).status_code == 404
    lines = cells(sign_in(cast.admin).post(address))[4:]
    assert [line[:4] for line in lines] == [
        ["jia", "甲", "书记、记录员", "第一党支部"],
        ["yi", "乙", "督查人员（只读）", "水利局机关党委"],
    ]
    for line in lines:
        assert User.objects.get(username=line[0]).check_password(line[4])
    entry = AuditEntry.objects.get(verb="account.fetch_passwords")
    assert (entry.actor_id, entry.changes) == (cast.admin.pk, {"accounts": ["", 2]})
    stored = [effect.details for effect in BatchEffect.objects.filter(batch=batch)]
    passwords = [json.loads(details)["password"] for details in stored]
    assert not any(password in str(entry.changes) for password in passwords for entry in AuditEntry.objects.all())


def test_a_password_that_was_replaced_is_told_to_nobody(cast: Cast, sign_in: SignIn) -> None:
    batch = opened(cast)
    address = reverse("branches:batch_passwords", args=[batch.pk])
    change_password(account=User.objects.get(username="jia"), password="correct-horse-77")
    assert [line[0] for line in cells(sign_in(cast.admin).post(address))[4:]] == ["yi"]
    issue_password(account=User.objects.get(username="yi"), by=cast.admin)
    assert cells(sign_in(cast.admin).post(address))[4:] == []


def test_after_the_purge_there_are_no_passwords(cast: Cast, sign_in: SignIn, settings: Any) -> None:
    batch = opened(cast)
    settings.IMPORT_KEPT_DAYS = 0
    assert purge_batches() == 1
    assert sign_in(cast.admin).post(reverse("branches:batch_passwords", args=[batch.pk])).status_code == 404


@pytest.mark.parametrize(
    ("user", "exports", "imports"),
    [("recorder", False, False), ("secretary", True, False), ("staff", True, False), ("admin", True, True)],
)
def test_the_list_of_organisations_leads_there_who_may(
    cast: Cast, sign_in: SignIn, user: str, exports: bool, imports: bool
) -> None:
    page = sign_in(cast.users[user]).get(reverse("branches:organisations")).content.decode()
    assert ("/exports/organisations/" in page, "/imports/organisations/" in page) == (exports, imports)


def test_the_list_of_accounts_leads_there(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.admin).get(reverse("branches:accounts", args=["city"])).content.decode()
    assert "/organisations/city/exports/accounts/" in page
    assert "/organisations/city/imports/accounts/" in page


def test_a_table_made_on_a_full_disk_says_so_and_leaves_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    job = begin_export(organisation=cast.city, subject="members", day=TODAY, purpose="换届选举", by=cast.admin)
    job.refresh_from_db()
    assert (job.state, job.result) == (JobState.FAILED, {})
    assert "磁盘" in job.error
    assert not StoredFile.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
