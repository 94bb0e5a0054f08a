"""A roster on its way in: uploaded, planned, confirmed or given up. The writing itself is in `roster_writing`."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from branches.models import Organisation, RosterBatch, RosterRow, User
from branches.rules.roster_problems import Problem
from foundation.actions import files, jobs
from foundation.actions.audit import record
from foundation.clock import now
from foundation.models.jobs import Job
from foundation.rules.files import CSV, XLSX

PLAN_JOB = "roster.plan"
APPLY_JOB = "roster.apply"
State = RosterBatch.State


@transaction.atomic
def upload(
    *, organisation: Organisation, file: UploadedFile, as_of: date, by: User, adds_without_number: bool = False
) -> RosterBatch:
    """Keep a roster file and have it planned in the background; nothing about people is written.

    Raises:
        ValidationError: the file is not acceptable, or another roster of the same top organisation is being worked on.
    """
    stored = files.store(upload=file, by=by, organisation_id=organisation.pk, allowed=(XLSX, CSV), encrypt=True)
    batch = RosterBatch.objects.create(
        organisation=organisation,
        file=stored,
        file_sha256=stored.sha256,
        as_of=as_of,
        adds_without_number=adds_without_number,
        uploaded_by=by,
    )
    _start(batch, PLAN_JOB, by)
    record(
        verb="roster.upload",
        target=batch,
        by=by,
        organisation=organisation,
        changes={"file": ["", stored.name], "as_of": ["", as_of.isoformat()]},
    )
    return batch


@transaction.atomic
def keep_plan(*, batch: RosterBatch, rows: Collection[RosterRow], counts: dict[str, int]) -> None:
    """Keep the plan that was made, in place of what an interrupted run left, and wait for the confirmation."""
    if not _turn(batch, State.PLANNING, State.PLANNED, counts=counts):
        return
    RosterRow.objects.filter(batch=batch).delete()
    RosterRow.objects.bulk_create(rows, batch_size=500)


@transaction.atomic
def refuse_file(*, batch: RosterBatch, problem: Problem) -> None:
    """Note why the file as a whole cannot be used."""
    _turn(batch, State.PLANNING, State.FAILED, problem=json.dumps(problem.as_json()))


@transaction.atomic
def confirm(*, batch: RosterBatch, by: User) -> RosterBatch:
    """Have the plan written in the background.

    Raises:
        ValidationError: the plan is not waiting for it, or another roster is being worked on.
    """
    if not _turn(batch, State.PLANNED, State.APPLYING, applied_by=by):
        raise ValidationError(_settled())
    _start(batch, APPLY_JOB, by)
    record(verb="roster.confirm", target=batch, by=by, organisation=batch.organisation_id, changes=_counted(batch))
    return batch


@transaction.atomic
def abandon(*, batch: RosterBatch, by: User) -> RosterBatch:
    """Give up a plan that is not confirmed; what was read stays on record, nothing was written.

    Raises:
        ValidationError: it has been confirmed already.
    """
    for state in (State.PLANNED, State.PLANNING):
        if _turn(batch, state, State.ABANDONED):
            if batch.job is not None:
                jobs.cancel(job=batch.job)
            record(verb="roster.abandon", target=batch, by=by, organisation=batch.organisation_id)
            return batch
    raise ValidationError(_settled())


@transaction.atomic
def resume(*, batch: RosterBatch, by: User) -> RosterBatch:
    """Start the work of a batch again whose job failed on the way; what was done is not done twice.

    Raises:
        ValidationError: there is nothing to resume, or another roster is being worked on.
    """
    batch.refresh_from_db()
    if not is_stuck(batch):
        raise ValidationError(_("There is nothing to resume. Reload the page to see where the import stands."))
    _start(batch, PLAN_JOB if batch.state == State.PLANNING else APPLY_JOB, by)
    record(verb="roster.resume", target=batch, by=by, organisation=batch.organisation_id)
    return batch


def is_stuck(batch: RosterBatch) -> bool:
    """Whether the batch is at work by its state, but its job has ended."""
    return batch.state in (State.PLANNING, State.APPLYING) and (batch.job is None or batch.job.is_finished)


@transaction.atomic
def finish(*, batch: RosterBatch, written: int, changed: int) -> None:
    """Every row of the plan has its outcome."""
    counts = {**batch.counts, "written": written, "changed": changed}
    if _turn(batch, State.APPLYING, State.APPLIED, applied_at=now(), counts=counts):
        record(
            verb="roster.apply",
            target=batch,
            by=batch.applied_by,
            organisation=batch.organisation_id,
            changes={"written": ["", written], "changed": ["", changed]},
        )


def _turn(batch: RosterBatch, before: str, after: str, **values: object) -> bool:
    """Move the batch from one state to the next, once: of two at the same moment the second is told so."""
    turned = RosterBatch.objects.filter(pk=batch.pk, state=before).update(state=after, **values)
    batch.refresh_from_db()
    return bool(turned)


def _start(batch: RosterBatch, kind: str, by: User) -> Job:
    """Queue the job; one import at a time is worked on in each tree, so that no two see the same people half-way."""
    key = f"roster:{batch.organisation.get_root().pk}"
    job = jobs.enqueue(kind=kind, by=by, target=str(batch.pk), organisation_id=batch.organisation_id, key=key)
    if job.target != str(batch.pk) or job.kind != kind:
        raise ValidationError(_("Another roster is being worked on. Please try again in a minute."))
    RosterBatch.objects.filter(pk=batch.pk).update(job=job)
    batch.refresh_from_db()
    return job


def _settled() -> str:
    return _("This import has been confirmed or given up already. Reload the page to see where it stands.")


def _counted(batch: RosterBatch) -> dict[str, list[object]]:
    return {name: ["", batch.counts.get(name, 0)] for name in ("create", "update", "move", "unchanged", "refused")}


@transaction.atomic
def note_export(*, organisation: Organisation, day: date, purpose: str, by: User) -> None:
    """Put on record who takes a roster out, and what for."""
    record(
        verb="roster.export",
        target=organisation,
        by=by,
        organisation=organisation,
        changes={"on": ["", day.isoformat()]},
        reason=purpose,
    )
