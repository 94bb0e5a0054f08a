from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from branches.actions import batches, purging, roster_writing
from branches.actions.purging import purge_batches
from branches.actions.undoing import begin_undo
from branches.models import Batch, BatchEffect, Person
from branches.queries.undoing import undo_preview
from branches.rights import access_of
from foundation.actions.jobs import do_daily_work
from foundation.clock import now
from foundation.models import AuditEntry, Job, StoredFile
from foundation.models.jobs import JobState
from tests.cast import Cast
from tests.rosters import line, number, plan, workbook, write

State = Batch.State


def planned(cast: Cast) -> Batch:
    return plan(workbook([line("郝新民", number(), cast.first.name)]), cast.committee, cast.staff)


def long_ago(batch: Batch, days: int = 31) -> Batch:
    """Uploaded, touched and closed so many days ago."""
    then = now() - timedelta(days=days)
    Batch.objects.filter(pk=batch.pk).update(uploaded_at=then)
    Batch.objects.filter(pk=batch.pk, closed_at__isnull=False).update(closed_at=then)
    table = AuditEntry._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET at = %s WHERE target_id = %s", [then, str(batch.pk)])
    batch.refresh_from_db()
    return batch


@pytest.fixture(autouse=True)
def row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purging, "AT_ONCE", 1)


def test_what_was_closed_lately_is_kept(cast: Cast) -> None:
    batch = long_ago(write(planned(cast)), days=29)
    assert purge_batches() == 0
    batch.refresh_from_db()
    assert (batch.purged_at, batch.rows.count()) == (None, 1)


def test_what_is_at_work_is_kept(cast: Cast) -> None:
    batch = long_ago(planned(cast))
    Batch.objects.filter(pk=batch.pk).update(state=State.APPLYING)
    Job.objects.update(state=JobState.RUNNING)
    assert purge_batches() == 0


@pytest.mark.parametrize(
    ("state", "after"),
    [(State.PLANNING, State.ABANDONED), (State.APPLYING, State.STOPPED), (State.UNDOING, State.STOPPED)],
)
def test_work_that_failed_and_nobody_came_back_to_is_purged(cast: Cast, state: str, after: str) -> None:
    batch = planned(cast)
    roster_writing.write_chunk(batch)
    Batch.objects.filter(pk=batch.pk).update(state=state)
    long_ago(batch)
    assert purge_batches() == 1
    batch.refresh_from_db()
    assert (batch.state, batch.file, batch.rows.count(), batch.effects.count()) == (after, None, 0, 0)
    assert not StoredFile.objects.exists()
    if after == State.STOPPED:
        assert batch.counts["written"] == 1, "what stands is known"


def test_only_hash_and_result_are_left(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    batch = long_ago(write(planned(cast)))
    content = batch.file.location
    assert content.exists()
    with django_capture_on_commit_callbacks(execute=True):
        do_daily_work()
    batch.refresh_from_db()
    assert batch.purged_at
    assert not batch.rows.exists()
    assert not BatchEffect.objects.exists()
    assert not StoredFile.objects.exists()
    assert not content.exists()
    assert (batch.file_name, batch.counts["written"], batch.applied_by) == ("花名册.xlsx", 1, cast.staff)
    assert len(batch.file_sha256) == 64
    assert batch.layouts == []
    assert Person.objects.valid().filter(name="郝新民").exists()
    assert AuditEntry.objects.filter(verb="batch.purge").count() == 1
    call_command("purge_imports", verbosity=0)
    assert AuditEntry.objects.filter(verb="batch.purge").count() == 1


def test_the_days_are_a_setting(cast: Cast, settings: Settings) -> None:
    long_ago(write(planned(cast)), days=29)
    settings.IMPORT_KEPT_DAYS = 28
    assert purge_batches() == 1


def test_what_was_purged_can_be_neither_undone_nor_resumed(cast: Cast) -> None:
    batch = long_ago(write(planned(cast)))
    purge_batches()
    assert not undo_preview(batch, access_of(cast.staff)).is_possible
    with pytest.raises(ValidationError):
        begin_undo(batch=batch, also=[], by=cast.staff)
    Batch.objects.filter(pk=batch.pk).update(state=State.STOPPED)
    with pytest.raises(ValidationError):
        batches.resume(batch=batch, by=cast.staff)


@pytest.mark.parametrize("state", [State.PLANNED, State.MAPPING])
def test_a_plan_nobody_came_back_to_is_given_up_and_purged(cast: Cast, state: str) -> None:
    batch = planned(cast)
    Batch.objects.filter(pk=batch.pk).update(state=state)
    long_ago(batch)
    assert purge_batches() == 1
    batch.refresh_from_db()
    assert (batch.state, batch.rows.count()) == (State.ABANDONED, 0)
    assert batch.purged_at


def test_a_plan_somebody_touched_lately_is_kept(cast: Cast) -> None:
    batch = planned(cast)
    Batch.objects.filter(pk=batch.pk).update(uploaded_at=now() - timedelta(days=31))
    assert purge_batches() == 0


def test_purging_that_was_broken_off_is_completed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = long_ago(write(planned(cast)))
    with monkeypatch.context() as patched:
        patched.setattr(purging, "_drop", lambda batch: 0)
        purge_batches()
    assert batch.rows.exists()
    assert purge_batches() == 0
    assert not batch.rows.exists()
