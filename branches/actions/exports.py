"""What is taken out of the system goes on record; what takes long is made in the background."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import IO

from django.db import transaction

from branches.models import Batch, Organisation, User
from branches.queries.exports import EXPORT_JOB
from foundation.actions import files
from foundation.actions.audit import record
from foundation.actions.jobs import enqueue
from foundation.clock import now
from foundation.models import AuditEntry, Job, StoredFile

# How long a workbook made in the background waits to be fetched.
KEPT = timedelta(days=1)
_VERBS = {
    Batch.Subject.MEMBERS: "roster.export",
    Batch.Subject.ORGANISATIONS: "organisation.export",
    Batch.Subject.ACCOUNTS: "account.export",
}


@transaction.atomic
def note_export(*, organisation: Organisation, subject: str, day: date, purpose: str, by: User) -> AuditEntry:
    """Put on record who takes a table out, and what for."""
    return record(
        verb=_VERBS[Batch.Subject(subject)],
        target=organisation,
        by=by,
        organisation=organisation,
        changes={"on": ["", day.isoformat()]},
        reason=purpose,
    )


@transaction.atomic
def begin_export(*, organisation: Organisation, subject: str, day: date, purpose: str, by: User) -> Job:
    """Have a table made in the background, one of a user after the other; the same asked for twice is made once."""
    asked = hashlib.sha256(f"{subject} {organisation.pk} {day} {purpose}".encode()).hexdigest()
    entry = note_export(organisation=organisation, subject=subject, day=day, purpose=purpose, by=by)
    return enqueue(
        kind=EXPORT_JOB,
        by=by,
        target=subject,
        organisation_id=organisation.pk,
        parameters={"day": day.isoformat(), "entry": entry.pk},
        key=f"export {by.pk} {asked}",
        lane=f"export {by.pk}",
    )


@transaction.atomic
def keep_export(*, job: Job, content: IO[bytes], name: str, content_type: str) -> StoredFile:
    """Keep what was made, encrypted, to be fetched by whoever asked for it."""
    stored = files.store_made(
        content=content,
        name=name,
        content_type=content_type,
        by=job.created_by,
        organisation_id=job.organisation_id,
    )
    job.result = {"file": str(stored.pk)}
    job.save(update_fields=["result"])
    return stored


def purge_exports() -> int:
    """Delete the workbooks made in the background a day ago; returns how many. That they were made stays on record."""
    due = Job.objects.filter(kind=EXPORT_JOB, finished_at__lt=now() - KEPT, result__has_key="file")
    return sum(_purge(job) for job in due)


@transaction.atomic
def _purge(job: Job) -> bool:
    stored = StoredFile.objects.filter(pk=job.result["file"]).first()
    if stored is not None:
        files.discard(stored_file=stored)
    return bool(Job.objects.filter(pk=job.pk, result=job.result).update(result={}))


@transaction.atomic
def note_passwords(*, batch: Batch, number: int, by: User) -> None:
    """Put on record who takes out the one-time passwords of the accounts an import opened."""
    record(
        verb="account.fetch_passwords",
        target=batch,
        by=by,
        organisation=batch.organisation_id,
        changes={"accounts": ["", number]},
    )
