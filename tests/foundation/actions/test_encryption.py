import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from pytest_django import Settings

from branches.models import Person
from config.environment import new_key
from foundation.actions import encryption
from foundation.actions.encryption import encrypt_anew
from foundation.actions.files import store
from foundation.encryption import DecryptionError
from foundation.models import StoredFile
from foundation.queries.files import open_content
from foundation.rules.files import CSV

pytestmark = pytest.mark.django_db


def test_a_value_that_cannot_be_opened_stops_it(settings: Settings) -> None:
    Person.objects.create(name="李秀英", phone="13800001234")
    settings.FIELD_KEYS = {"2": new_key()}
    with pytest.raises(DecryptionError):
        encrypt_anew()


def test_afterwards_the_old_key_can_go(settings: Settings) -> None:
    Person.objects.create(name="李秀英", phone="13800001234")
    Person.objects.create(name="王建国")
    settings.FIELD_KEYS = {"2": new_key(), **settings.FIELD_KEYS}
    Person.objects.create(name="张伟", phone="13900001234")
    assert encrypt_anew() == 1
    assert encrypt_anew() == 0
    del settings.FIELD_KEYS["1"]
    assert sorted(Person.objects.values_list("phone", flat=True)) == ["", "13800001234", "13900001234"]


def test_files_that_cannot_be_opened_stop_it_and_those_that_are_gone_do_not(settings: Settings) -> None:
    stored = _roster()
    gone = _roster()
    gone.location.unlink()
    settings.FIELD_KEYS = {"2": new_key()}
    with pytest.raises(DecryptionError):
        encrypt_anew()
    stored.location.unlink()
    assert encrypt_anew() == 0


def test_files_are_encrypted_anew_too(settings: Settings) -> None:
    stored = _roster()
    plain = store(upload=SimpleUploadedFile("记录.pdf", b"%PDF-1.7"), by=None)
    settings.FIELD_KEYS = {"2": new_key(), **settings.FIELD_KEYS}
    assert encrypt_anew() == 1
    assert encrypt_anew() == 0
    del settings.FIELD_KEYS["1"]
    with open_content(stored) as file:
        assert file.read() == b"a,b\n"
    assert plain.location.read_bytes() == b"%PDF-1.7"
    assert not [path for path in stored.location.parent.iterdir() if path.suffix == ".part"]


def test_a_file_discarded_this_moment_does_not_come_back(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = _roster()
    settings.FIELD_KEYS = {"2": new_key(), **settings.FIELD_KEYS}

    def discarded_meanwhile(content: bytes) -> bytes:
        StoredFile.objects.all().delete()
        stored.location.unlink()
        return content

    monkeypatch.setattr(encryption, "decrypt_content", discarded_meanwhile)
    encrypt_anew()
    assert not stored.location.exists()


def _roster() -> StoredFile:
    return store(upload=SimpleUploadedFile("花名册.csv", b"a,b\n"), by=None, allowed=(CSV,), encrypt=True)


def test_a_full_disk_stops_it_with_words(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    stored = _roster()
    before = stored.location.read_bytes()
    settings.FIELD_KEYS = {"2": new_key(), **settings.FIELD_KEYS}

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CommandError, match="No space left"):
        call_command("encrypt_anew")
    assert stored.location.read_bytes() == before
    assert [path.name for path in stored.location.parent.iterdir()] == [stored.location.name]
