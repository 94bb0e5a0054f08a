from __future__ import annotations

from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from activities.actions.attachments import attach, remove
from activities.models import Attachment
from activities.rules.activities import State
from branches.models import User
from tests.activities.records import draft, written
from tests.cast import Cast

SignIn = Callable[[User], Client]


def pdf(name: str = "签到表.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.4\n%%EOF\n")


def test_a_removed_file_is_gone_for_everybody(cast: Cast, sign_in: SignIn) -> None:
    paper = attach(activity=draft(cast), upload=pdf(), category="paper", by=cast.recorder)
    remove(attachment=paper, by=cast.recorder)
    assert sign_in(cast.secretary).get(reverse("activities:attachment", args=[paper.pk])).status_code == 404


def test_the_content_cannot_act_as_a_page(cast: Cast, sign_in: SignIn) -> None:
    paper = attach(activity=draft(cast), upload=pdf(), category="paper", by=cast.recorder)
    answer = sign_in(cast.secretary).get(reverse("activities:attachment", args=[paper.pk]))
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]


def test_a_script_gets_the_list_with_the_file_that_was_refused(cast: Cast, sign_in: SignIn) -> None:
    record = draft(cast)
    files = {"files-photo": SimpleUploadedFile("照片.exe", b"MZ"), "files-signed_sheet": pdf()}
    url = reverse("activities:attach", args=[record.pk])
    text = sign_in(cast.recorder).post(url, files, headers={"hx-request": "true"}).content.decode()
    assert "照片.exe" in text
    assert "签到表.pdf" in text
    assert Attachment.objects.get().category == "signed_sheet"


def test_nothing_is_attached_to_what_was_handed_in(cast: Cast, sign_in: SignIn) -> None:
    record = written(cast, State.SUBMITTED)
    url = reverse("activities:attach", args=[record.pk])
    text = sign_in(cast.secretary).post(url, {"files-paper": pdf()}, follow=True).content.decode()
    assert "已经提交" in text
    assert not Attachment.objects.exists()


def test_a_photo_is_a_picture(cast: Cast, sign_in: SignIn) -> None:
    url = reverse("activities:attach", args=[draft(cast).pk])
    client = sign_in(cast.recorder)
    text = client.post(url, {"files-photo": pdf("现场.pdf")}, headers={"hx-request": "true"}).content.decode()
    assert "“现场.pdf”不是图片" in text
    fake = SimpleUploadedFile("程序.jpg", b"MZ")
    text = client.post(url, {"files-photo": fake}, headers={"hx-request": "true"}).content.decode()
    assert "内容不是 jpg 格式，可能改过扩展名" in text
    assert not Attachment.objects.exists()
