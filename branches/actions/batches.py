"""An import on its way: uploaded, its columns chosen, planned, confirmed, stopped, taken up again or given up.

The writing itself is in `roster_writing`, `organisation_writing` and `account_writing`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from branches.models import Batch, BatchRow, Organisation, User
from branches.rules.layouts import Layout
from branches.rules.roster_problems import Problem
from foundation.actions import files, jobs
from foundation.actions.audit import record
from foundation.clock import now
from foundation.models.jobs import Job
from foundation.rules.files import CSV, XLSX

PLAN_JOB = "batch.plan"
APPLY_JOB = "batch.apply"
UNDO_JOB = "batch.undo"
State = Batch.State
# Whoever looks at one of these waits for a worker.
AT_WORK = {State.PLANNING: PLAN_JOB, State.APPLYING: APPLY_JOB, State.UNDOING: UNDO_JOB}
CLOSED = (State.APPLIED, State.STOPPED, State.UNDONE, State.FAILED, State.ABANDONED)


@transaction.atomic
def upload(
    *,
    organisation: Organisation,
    file: UploadedFile,
    as_of: date,
    by: User | None,
    subject: str = Batch.Subject.MEMBERS,
) -> Batch:
    """Keep a workbook and have it planned in the background; nothing else is written.

    Args:
        by: None for the command line.

    Raises:
        ValidationError: the file is not acceptable.
    """
    stored = files.store(upload=file, by=by, organisation_id=organisation.pk, allowed=(XLSX, CSV), encrypt=True)
    batch = Batch.objects.create(
        organisation=organisation,
        subject=subject,
        file=stored,
        file_name=stored.name,
        file_sha256=stored.sha256,
        as_of=as_of,
        uploaded_by=by,
    )
    _start(batch, by)
    record(
        verb="batch.upload",
        target=batch,
        by=by,
        organisation=organisation,
        changes={"file": ["", stored.name], "as_of": ["", as_of.isoformat()]},
    )
    return batch


@transaction.atomic
def ask_for_columns(*, batch: Batch, layouts: Sequence[Layout]) -> None:
    """Wait until somebody has said which column holds what."""
    _turn(batch, State.PLANNING, State.MAPPING, layouts=[layout.as_json() for layout in layouts])


@transaction.atomic
def begin_plan(*, batch: Batch, layouts: Sequence[Layout]) -> bool:
    """Keep where the tables stand and do away with what an interrupted run left; False if the batch was given up."""
    stored = [layout.as_json() for layout in layouts]
    if not Batch.objects.filter(pk=batch.pk, state=State.PLANNING).update(layouts=stored, counts={}):
        return False
    BatchRow.objects.filter(batch=batch).delete()
    batch.refresh_from_db()
    return True


@transaction.atomic
def keep_rows(*, batch: Batch, rows: Collection[BatchRow]) -> None:
    """Keep the next rows of the plan."""
    BatchRow.objects.bulk_create(rows, batch_size=500)


@transaction.atomic
def keep_plan(*, batch: Batch, counts: dict[str, int]) -> None:
    """The plan is complete and waits for the confirmation."""
    _turn(batch, State.PLANNING, State.PLANNED, counts=counts)


@transaction.atomic
def refuse_file(*, batch: Batch, problem: Problem) -> None:
    """Note why the file as a whole cannot be used."""
    _turn(batch, State.PLANNING, State.FAILED, problem=json.dumps(problem.as_json()))


@transaction.atomic
def confirm(*, batch: Batch, plan_version: int, by: User | None) -> Batch:
    """Have the plan written in the background.

    Args:
        plan_version: that of the plan the user saw.

    Raises:
        ValidationError: the plan is not waiting for it, or a decision was changed meanwhile.
    """
    batch = Batch.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=batch.pk)
    if batch.state == State.PLANNED and batch.plan_version != plan_version:
        raise ValidationError(_("A decision was changed meanwhile. Look at the plan again before you confirm."))
    if not _turn(batch, State.PLANNED, State.APPLYING, applied_by=by):
        raise ValidationError(_settled())
    _start(batch, by)
    record(verb="batch.confirm", target=batch, by=by, organisation=batch.organisation_id, changes=_counted(batch))
    return batch


@transaction.atomic
def abandon(*, batch: Batch, by: User) -> Batch:
    """Give up a plan that is not confirmed; nothing was written.

    Raises:
        ValidationError: it has been confirmed already.
    """
    for state in (State.PLANNED, State.MAPPING, State.PLANNING):
        if _turn(batch, state, State.ABANDONED):
            if batch.job is not None:
                jobs.cancel(job=batch.job)
            record(verb="batch.abandon", target=batch, by=by, organisation=batch.organisation_id)
            return batch
    raise ValidationError(_settled())


@transaction.atomic
def resume(*, batch: Batch, by: User) -> Batch:
    """Start the work of a batch again whose job failed on the way; what was done is not done twice.

    Raises:
        ValidationError: there is nothing to resume.
    """
    batch.refresh_from_db()
    if not is_stuck(batch):
        raise ValidationError(_("There is nothing to resume. Reload the page to see where the import stands."))
    _start(batch, by)
    record(verb="batch.resume", target=batch, by=by, organisation=batch.organisation_id)
    return batch


def is_stuck(batch: Batch) -> bool:
    """Whether the batch is at work by its state, but its job has ended."""
    return batch.state in AT_WORK and (batch.job is None or batch.job.is_finished)


@transaction.atomic
def finish(*, batch: Batch, written: int, changed: int) -> None:
    """Every row of the plan has its outcome."""
    counts = {**batch.counts, "written": written, "changed": changed}
    if _turn(batch, State.APPLYING, State.APPLIED, applied_at=now(), counts=counts):
        record(
            verb="batch.apply",
            target=batch,
            by=batch.applied_by,
            organisation=batch.organisation_id,
            changes={"written": ["", written], "changed": ["", changed]},
        )


def _turn(batch: Batch, before: str, after: str, **values: object) -> bool:
    """Move the batch from one state to the next, once: of two at the same moment the second is told so."""
    if after in CLOSED:
        values["closed_at"] = now()
    turned = Batch.objects.filter(pk=batch.pk, state=before).update(state=after, **values)
    batch.refresh_from_db()
    return bool(turned)


def _start(batch: Batch, by: User | None) -> Job:
    """Queue the work its state asks for. One import at a time is worked on in each tree, so that no two see the same
    people half-way; the others wait their turn."""
    job = jobs.enqueue(
        kind=AT_WORK[State(batch.state)],
        by=by,
        target=str(batch.pk),
        organisation_id=batch.organisation_id,
        key=f"batch:{batch.pk}",
        lane=f"import:{batch.organisation.get_root().pk}",
    )
    Batch.objects.filter(pk=batch.pk).update(job=job)
    batch.refresh_from_db()
    return job


def _settled() -> str:
    return _("This import has been confirmed or given up already. Reload the page to see where it stands.")


def _counted(batch: Batch) -> dict[str, list[object]]:
    return {name: ["", batch.counts.get(name, 0)] for name in BatchRow.Action.values}
