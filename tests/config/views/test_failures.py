from __future__ import annotations

import errno
from collections.abc import Callable

import pytest
from django.core.files import temp as tempfile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from branches.models import Batch, User
from foundation.models import StoredFile
from tests.cast import Cast

SignIn = Callable[[User], Client]
LARGE = b"PK" + b"x" * 3_000_000  # more than Django keeps in memory


def full(*args: object, **options: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_large_upload_without_room_for_it_is_answered_with_words(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(cast.staff)
    client.raise_request_exception = False
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", full)
    file = SimpleUploadedFile("花名册.xlsx", LARGE)
    response = client.post("/organisations/committee/imports/new/", {"file": file, "as_of": "2020-10-26"})
    assert response.status_code == 507
    page = response.content.decode()
    assert "磁盘" in page
    assert "Traceback" not in page
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert not Batch.objects.exists()
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("error", [OSError(errno.EIO, "broken"), ValueError("x")])
def test_any_other_failure_is_none_of_the_disk(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*args: object, **options: object) -> None:
        raise error

    client = sign_in(cast.staff)
    client.raise_request_exception = False
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", fail)
    response = client.post("/organisations/committee/imports/new/", {"file": SimpleUploadedFile("a.xlsx", LARGE)})
    assert response.status_code == 500
    assert "磁盘" not in response.content.decode()


def test_a_workbook_made_on_a_full_disk(cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    client = sign_in(cast.admin)
    client.raise_request_exception = False
    monkeypatch.setattr("branches.views.exports.TemporaryFile", full)
    asked = {"on": "2020-10-26", "purpose": "换届选举"}
    response = client.post(reverse("branches:export", args=["city", "members"]), asked)
    assert response.status_code == 507
    assert "磁盘" in response.content.decode()
