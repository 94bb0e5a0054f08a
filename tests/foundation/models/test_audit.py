import pytest
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import ProtectedError

from foundation.actions.audit import record
from foundation.models.audit import AuditEntry, AuditEntryIsFinal


@pytest.fixture
def entry(writer: AbstractBaseUser) -> AuditEntry:
    return record(verb="user.rename", target=writer, by=writer)


def test_an_entry_cannot_be_changed(entry: AuditEntry) -> None:
    entry.reason = "rewritten"
    with pytest.raises(AuditEntryIsFinal):
        entry.save()
    with pytest.raises(AuditEntryIsFinal):
        AuditEntry.objects.filter(pk=entry.pk).update(reason="rewritten")
    with pytest.raises(AuditEntryIsFinal):
        AuditEntry.objects.bulk_update([entry], ["reason"])
    assert AuditEntry.objects.get().reason == ""


def test_an_entry_cannot_be_deleted(entry: AuditEntry, writer: AbstractBaseUser) -> None:
    with pytest.raises(AuditEntryIsFinal):
        entry.delete()
    with pytest.raises(AuditEntryIsFinal):
        AuditEntry.objects.all().delete()
    with pytest.raises(ProtectedError):
        writer.delete()
    assert AuditEntry.objects.count() == 1
