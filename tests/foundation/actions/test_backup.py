"""Backup and restore go through two real databases: the suite's own, emptied in between, stands for the new system."""

import io
import json
import os
import tarfile
from datetime import date
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction
from pytest_django import Settings

from branches.models import Organisation, Person, User
from config.environment import new_key
from foundation import archive
from foundation.actions.audit import record
from foundation.actions.backup import back_up, one_moment
from foundation.actions.files import store
from foundation.actions.restore import RestoreRefused, restore
from foundation.models import AuditEntry, Job, StoredFile
from foundation.models.jobs import JobState

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def records(db: None) -> None:
    writer = User.objects.create_user("writer", "correct-horse-88", name="王记录")
    Person.objects.create(
        name="李秀英", identity_number="430101196501011234", identity_hash="ab" * 32, phone="13800001234"
    )
    city = Organisation.objects.create(
        code="city", kind="work_committee", name="市直机关工委", founded_on=date(2018, 1, 1)
    )
    for code in ("b", "a"):
        Organisation.objects.create(code=code, kind="organ", name=code, founded_on=date(2018, 1, 1), parent=city)
    Organisation.objects.get(code="a").move_to(Organisation.objects.get(code="b"), "left")
    writer.groups.add(Group.objects.create(name="旧组"))
    changes = {"name": (None, "王记录")}
    record(verb="user.create", target=writer, by=writer, changes=changes, reason="“引号”\n换行", needs="draft")
    store(upload=SimpleUploadedFile("记录.pdf", b"%PDF-1.7 content"), by=writer, organisation_id=3)
    Job.objects.create(kind="roster.plan", created_by=writer, parameters={"rows": [1, None, "二"]})


@pytest.fixture
def backup(records: None, tmp_path: Path) -> Path:
    target = tmp_path / "backup.tar"
    back_up(target=target)
    return target


def everything() -> dict[str, list[bytes]]:
    return {model._meta.label_lower: list(archive.rows_of(model)) for model in archive.kept_models()}


def empty_system(settings: Settings, tmp_path: Path) -> None:
    call_command("flush", interactive=False, verbosity=0)
    settings.MEDIA_ROOT = tmp_path / "new-media"


def rewritten(backup: Path, change: dict[str, bytes]) -> Path:
    """The same backup with some members replaced, the manifest left as it was."""
    result = backup.with_name("changed.tar")
    with tarfile.open(backup) as old, tarfile.open(result, "w") as new:
        for member in old:
            content = old.extractfile(member)
            assert content
            data = change.get(member.name, content.read())
            member.size = len(data)
            new.addfile(member, io.BytesIO(data))
    return result


def test_a_backup_overwrites_nothing(records: None, tmp_path: Path) -> None:
    target = tmp_path / "backup.tar"
    target.write_text("older")
    with pytest.raises(CommandError):
        call_command("backup", target)
    assert target.read_text() == "older"


def test_a_full_disk_leaves_no_half_backup(records: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CommandError, match="No space left"):
        call_command("backup", tmp_path / "backup.tar")
    assert not list(tmp_path.glob("backup*"))


def test_a_full_disk_leaves_nothing_half_restored(
    backup: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    empty_system(settings, tmp_path)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CommandError, match="No space left"):
        call_command("restore", backup)
    assert not User.objects.exists()
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_a_file_lost_on_the_disk_is_reported_and_does_not_stop_the_rest(records: None, tmp_path: Path) -> None:
    StoredFile.objects.get().location.unlink()
    report = back_up(target=tmp_path / "backup.tar")
    assert report.missing_files == [StoredFile.objects.get().path]
    assert report.rows["branches.user"] == 1


def test_a_used_database_is_not_overwritten(backup: Path) -> None:
    before = everything()
    with pytest.raises(RestoreRefused):
        restore(source=backup)
    assert everything() == before


@pytest.mark.parametrize("member", ["rows/branches.user.jsonl", "media"])
def test_a_damaged_backup_changes_nothing(backup: Path, settings: Settings, tmp_path: Path, member: str) -> None:
    if member == "media":
        member = f"media/{StoredFile.objects.get().path}"
    damaged = rewritten(backup, {member: b"something else\n"})
    empty_system(settings, tmp_path)
    with pytest.raises(RestoreRefused, match=member):
        restore(source=damaged)
    assert not User.objects.exists()
    assert not Path(settings.MEDIA_ROOT).exists()


def test_half_a_backup_changes_nothing(backup: Path, settings: Settings, tmp_path: Path) -> None:
    empty_system(settings, tmp_path)
    backup.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
    with pytest.raises(RestoreRefused):
        restore(source=backup)
    assert not User.objects.exists()


def test_a_backup_of_another_version_is_refused(backup: Path, settings: Settings, tmp_path: Path) -> None:
    with tarfile.open(backup) as tar:
        content = tar.extractfile(archive.MANIFEST)
        assert content
        manifest = json.load(content)
    manifest["migrations"].append("branches.9999_future")
    empty_system(settings, tmp_path)
    with pytest.raises(RestoreRefused):
        restore(source=rewritten(backup, {archive.MANIFEST: json.dumps(manifest).encode()}))


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "media/../../outside", "strange/file"])
def test_a_part_that_would_land_elsewhere_is_refused(settings: Settings, tmp_path: Path, name: str) -> None:
    evil = tmp_path / "evil.tar"
    with tarfile.open(evil, "w") as tar:
        tar.addfile(tarfile.TarInfo(name), io.BytesIO())
    empty_system(settings, tmp_path)
    with pytest.raises(RestoreRefused):
        restore(source=evil)


def test_everything_comes_back(backup: Path, settings: Settings, tmp_path: Path) -> None:
    before = everything()
    password = User.objects.get().password
    empty_system(settings, tmp_path)
    report = restore(source=backup)

    after = everything()
    before["foundation.job"] = after["foundation.job"]  # the one that was waiting has ended
    assert after == before
    assert Job.objects.get().state == JobState.FAILED
    assert report.missing_keys == []
    assert StoredFile.objects.get().location.read_bytes() == b"%PDF-1.7 content"
    assert Person.objects.get().identity_number == "430101196501011234"
    assert [child.code for child in Organisation.objects.get(code="city").get_children()] == ["a", "b"]
    user = User.objects.get()
    assert user.password == password
    assert user.groups.get().name == "旧组"
    assert AuditEntry.objects.get().reason == "“引号”\n换行"


def test_encrypted_values_stay_encrypted(backup: Path) -> None:
    content = backup.read_bytes()
    assert b"430101196501011234" not in content
    assert b"13800001234" not in content
    assert "李秀英".encode() in content


def test_a_restored_system_goes_on_counting(backup: Path, settings: Settings, tmp_path: Path) -> None:
    permissions = Permission.objects.count()
    empty_system(settings, tmp_path)
    restore(source=backup)
    assert Permission.objects.count() == permissions
    assert User.objects.create(username="next", name="乙").pk > User.objects.get(username="writer").pk
    call_command("migrate", verbosity=0)


def test_other_keys_are_told(backup: Path, settings: Settings, tmp_path: Path) -> None:
    settings.FIELD_KEYS = {"1": new_key()}
    empty_system(settings, tmp_path)
    assert restore(source=backup).missing_keys == ["field key 1"]


def test_the_keys_are_not_in_the_backup(backup: Path, settings: Settings) -> None:
    content = backup.read_bytes()
    for secret in (settings.SECRET_KEY, settings.INDEX_KEY, *settings.FIELD_KEYS.values()):
        assert secret.encode() not in content


def test_one_moment_leaves_the_connection_as_it_was(records: None) -> None:
    with one_moment():
        User.objects.count()
    with transaction.atomic():
        User.objects.update(name="改")
    assert User.objects.get().name == "改"
