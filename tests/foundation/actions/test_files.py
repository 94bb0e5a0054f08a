import hashlib
import io
import os
import time
from pathlib import Path

import pytest
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pytest_django import Settings

from foundation.actions import files
from foundation.actions.files import prune, store
from foundation.encryption import DecryptionError
from foundation.models import StoredFile
from foundation.queries.files import open_content
from foundation.rules.files import CSV, IMAGES, XLS, XLSX
from tests.workbooks import begin, container, label, plain_id, xls, xlsx


def picture(size: tuple[int, int] = (3, 2), kind: str = "PNG") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size).save(stream, kind)
    return stream.getvalue()


def refused(name: str, content: bytes, **options: object) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        store(upload=SimpleUploadedFile(name, content), by=None, **options)  # type: ignore[arg-type]
    assert not StoredFile.objects.exists()
    return caught.value


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("空.pdf", b"", "empty"),
        ("页面.pdf", b"<html><script>alert(1)</script>", "content"),
        ("程序.exe", b"MZ\x90\x00", "kind"),
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "kind"),
        ("照片.pdf", picture(), "extension"),
        ("照片.png", picture()[:40], "damaged"),
        ("表.xlsx", b"PK\x03\x04 not a zip", "damaged"),
    ],
)
def test_what_is_refused(name: str, content: bytes, code: str) -> None:
    error = refused(name, content)
    assert error.code == code
    assert name in error.messages[0]


@pytest.mark.django_db
def test_too_large_a_file_is_refused(settings: Settings) -> None:
    settings.UPLOAD_MAX_BYTES = 10
    assert refused("记录.pdf", b"%PDF-1.7 and more").code == "size"
    assert refused("记录.pdf", b"%PDF-1.7 and more", max_bytes=12).code == "size"
    assert store(upload=SimpleUploadedFile("记录.pdf", b"%PDF-1.7 and more"), by=None, max_bytes=100).size == 17


SHEETS = (XLSX, XLS, CSV)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("名册.xls", b"<html><table><tr><td>", "text"),
        ("名册.et", "姓名\t性别\n".encode("gb18030"), "text"),
        ("名册.xlsx", "姓名,性别\n".encode("utf-16"), "text"),
        ("名册.xlsx", xls(label(0, 0, "姓名")), "extension"),
        ("名册.xls", xlsx([["姓名"]]), "extension"),
        ("名册.csv", xlsx([["姓名"]]), "extension"),
        ("名册.xlsm", xlsx([["姓名"]]), "extension"),
        ("名册.txt", "姓名,性别\n".encode(), "kind"),
        ("名册.doc", container({"WordDocument": b""}), "kind"),
        ("名册.xls", container({"WordDocument": b""}), "content"),
        ("名册.xls", xls(label(0, 0, "姓名"))[:700], "damaged"),
        ("名册.xlsx", container({"EncryptionInfo": b"", "EncryptedPackage": b""}), "encrypted"),
        ("名册.xls", container({"Book": begin(5, 0x0500)}), "too_old"),
        ("名册.csv", b"\0\1\2", "content"),
        ("名册.xlsx", picture(), "content"),
    ],
    ids=plain_id,
)
def test_workbooks_that_are_refused(name: str, content: bytes, code: str) -> None:
    error = refused(name, content, allowed=SHEETS)
    assert error.code == code
    assert name in error.messages[0]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["名册.xls", "名册.et", "名册.XLS"])
def test_older_workbooks_are_kept_under_both_names(name: str) -> None:
    stored = store(upload=SimpleUploadedFile(name, xls(label(0, 0, "姓名"))), by=None, allowed=SHEETS)
    assert (stored.name, stored.content_type) == (name, XLS.content_type)


@pytest.mark.django_db
def test_a_picture_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_PIXELS", 5)
    assert refused("照片.png", picture()).code == "pixels"


@pytest.mark.django_db
def test_a_caller_may_accept_pictures_only() -> None:
    assert refused("记录.pdf", b"%PDF-1.7", allowed=IMAGES).code == "kind"


@pytest.mark.django_db
def test_a_full_disk_is_said_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch, media: Path) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    error = refused("记录.pdf", b"%PDF-1.7")
    assert error.code == "disk"
    assert "记录.pdf" in error.messages[0]
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_a_kept_file_is_found_again(writer: AbstractBaseUser, media: Path) -> None:
    stored = store(upload=SimpleUploadedFile("C:\\会议.png", picture()), by=writer, organisation_id=7)
    assert (stored.name, stored.content_type, stored.is_image) == ("会议.png", "image/png", True)
    assert stored.location.read_bytes() == picture()
    assert stored.size == len(picture())
    assert "会议" not in stored.path
    assert stored.location.is_relative_to(media)
    assert stored.location.stat().st_mode & 0o077 == 0


@pytest.mark.django_db
def test_prune_takes_old_contents_without_a_row_only(media: Path) -> None:
    kept = store(upload=SimpleUploadedFile("记录.pdf", b"%PDF-1.7"), by=None)
    orphans = [media / "files" / "aa" / name for name in ("old", "new")]
    for orphan in orphans:
        orphan.parent.mkdir(parents=True, exist_ok=True)
        orphan.write_bytes(b"x")
    for old in (orphans[0], kept.location):
        os.utime(old, (time.time() - 2 * 86_400,) * 2)
    assert prune() == 1
    assert (kept.location.exists(), orphans[0].exists(), orphans[1].exists()) == (True, False, True)


@pytest.mark.django_db
def test_an_encrypted_content_that_was_changed_is_not_opened() -> None:
    stored = store(
        upload=SimpleUploadedFile("花名册.csv", "姓名\n李秀英\n".encode()), by=None, allowed=(CSV,), encrypt=True
    )
    content = stored.location.read_bytes()
    for broken in (b"", b"k", content[:-1] + b"x", b"k9:" + content[3:]):
        stored.location.write_bytes(broken)
        with pytest.raises(DecryptionError):
            open_content(stored)


@pytest.mark.django_db
def test_an_encrypted_content_is_nowhere_on_the_disk_in_clear(media: Path) -> None:
    plain = "姓名,身份证号\n李秀英,619901196206197086\n".encode()
    stored = store(upload=SimpleUploadedFile("花名册.csv", plain), by=None, allowed=(CSV,), encrypt=True)
    on_disk = [path.read_bytes() for path in media.rglob("*") if path.is_file()]
    assert on_disk
    assert not any("李秀英".encode() in content or b"619901196206197086" in content for content in on_disk)
    assert (stored.size, stored.sha256) == (len(plain), hashlib.sha256(plain).hexdigest())
    with open_content(StoredFile.objects.get()) as file:
        assert file.read() == plain
