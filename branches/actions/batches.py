"""An import on its way: uploaded, its columns chosen, planned, confirmed, stopped, taken up again or given up.

The writing itself is in `roster_writing`, `organisation_writing` and `account_writing`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from branches.models import Batch, BatchRow, Organisation, User
from branches.queries.batches import PERMISSIONS, count_work
from branches.rights import access_of
from branches.rules.layouts import Layout
from branches.rules.problems import Problem
from foundation.actions import files, jobs
from foundation.actions.audit import record
from foundation.actions.bulk import insert_many
from foundation.clock import now
from foundation.models.jobs import Job
from foundation.rules.files import CSV, XLS, XLSX

FILE_TYPES = (XLSX, XLS, CSV)
PLAN_JOB = "batch.plan"
APPLY_JOB = "batch.apply"
UNDO_JOB = "batch.undo"
# Planned and written without anybody's look at the plan: the command line.
IMPORT_JOB = "batch.import"
State = Batch.State
# Whoever looks at one of these waits for a worker.
AT_WORK = {State.PLANNING: PLAN_JOB, State.APPLYING: APPLY_JOB, State.UNDOING: UNDO_JOB}
DROPPED_AT_ONCE = 500
CLOSED = (State.APPLIED, State.STOPPED, State.UNDONE, State.FAILED, State.ABANDONED)


@transaction.atomic
def upload(
    *,
    organisation: Organisation,
    file: UploadedFile,
    as_of: date,
    by: User | None,
    subject: str = Batch.Subject.MEMBERS,
    is_confirmed: bool = False,
) -> Batch:
    """Keep a workbook and have it planned in the background; nothing else is written.

    Args:
        by: None for the command line.
        is_confirmed: whatever the plan says, it is written at once.

    Raises:
        ValidationError: the file is not acceptable.
    """
    stored = files.store(
        upload=file,
        by=by,
        organisation_id=organisation.pk,
        allowed=FILE_TYPES,
        max_bytes=settings.IMPORT_MAX_BYTES,
        encrypt=True,
    )
    batch = Batch.objects.create(
        organisation=organisation,
        subject=subject,
        file=stored,
        file_name=stored.name,
        file_sha256=stored.sha256,
        as_of=as_of,
        uploaded_by=by,
    )
    start(batch, by, kind=IMPORT_JOB if is_confirmed else "")
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
    turn(batch, State.PLANNING, State.MAPPING, layouts=[layout.as_json() for layout in layouts])


@transaction.atomic
def begin_plan(*, batch: Batch, layouts: Sequence[Layout]) -> bool:
    """Keep where the tables stand; False if the batch was given up. Rows of an earlier plan are gone by then."""
    stored = [layout.as_json() for layout in layouts]
    begun = Batch.objects.filter(pk=batch.pk, state=State.PLANNING).update(layouts=stored, counts={})
    batch.refresh_from_db()
    return bool(begun)


@transaction.atomic
def drop_rows(*, batch: Batch) -> int:
    """Do away with the next rows of a plan that does not count any more; returns how many."""
    pks = list(BatchRow.objects.filter(batch=batch).order_by("position").values_list("pk", flat=True)[:DROPPED_AT_ONCE])
    BatchRow.objects.filter(pk__in=pks).delete()
    return len(pks)


@transaction.atomic
def keep_rows(*, batch: Batch, rows: Collection[BatchRow]) -> None:
    """Keep the next rows of the plan."""
    insert_many(list(rows))


@transaction.atomic
def keep_plan(*, batch: Batch, counts: dict[str, int]) -> None:
    """The plan is complete and waits for the confirmation."""
    turn(batch, State.PLANNING, State.PLANNED, counts=counts)


@transaction.atomic
def refuse_file(*, batch: Batch, problem: Problem) -> None:
    """Note why the file as a whole cannot be used."""
    turn(batch, State.PLANNING, State.FAILED, problem=json.dumps(problem.as_json()))


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
    if not turn(batch, State.PLANNED, State.APPLYING, applied_by=by):
        raise ValidationError(_settled())
    start(batch, by)
    record(verb="batch.confirm", target=batch, by=by, organisation=batch.organisation_id, changes=_counted(batch))
    return batch


@transaction.atomic
def confirm_at_once(*, batch: Batch, by: User | None, job: Job) -> None:
    """A plan that was confirmed when the file was given is written now, by the job that made it."""
    if turn(batch, State.PLANNED, State.APPLYING, applied_by=by):
        jobs.count_anew(job)
        record(verb="batch.confirm", target=batch, by=by, organisation=batch.organisation_id, changes=_counted(batch))


@transaction.atomic
def abandon(*, batch: Batch, by: User) -> Batch:
    """Give up a plan that is not confirmed; nothing was written.

    Raises:
        ValidationError: it has been confirmed already.
    """
    _cancel_work(batch)
    if not any(turn(batch, state, State.ABANDONED) for state in (State.PLANNED, State.MAPPING, State.PLANNING)):
        raise ValidationError(_settled())
    record(verb="batch.abandon", target=batch, by=by, organisation=batch.organisation_id)
    return batch


@transaction.atomic
def stop(*, batch: Batch, by: User) -> Batch:
    """Stop whatever is under way after the chunk at hand. A plan is given up; what is written or undone by then stands,
    and the rest can be resumed or undone.

    Raises:
        ValidationError: nothing is under way any more.
    """
    batch.refresh_from_db()
    if batch.state not in (State.APPLYING, State.UNDOING):
        return abandon(batch=batch, by=by)
    _cancel_work(batch)
    if not turn(batch, batch.state, State.STOPPED):
        raise ValidationError(_("It was finished before it could be stopped. Reload the page to see where it stands."))
    changes = {name: ["", number] for name, number in keep_counts(batch).items()}
    record(verb="batch.stop", target=batch, by=by, organisation=batch.organisation_id, changes=changes)
    return batch


@transaction.atomic
def resume(*, batch: Batch, by: User) -> Batch:
    """Go on with a batch that was stopped or whose job failed on the way; what was done is not done twice.

    Raises:
        ValidationError: there is nothing to resume, or its rows are purged.
    """
    batch = Batch.objects.select_for_update(of=("self",)).select_related("organisation", "job").get(pk=batch.pk)
    if batch.purged_at is not None:
        raise ValidationError(
            _("The rows of this import have been purged; it cannot be resumed. Import the file again.")
        )
    if batch.state == State.STOPPED:
        turn(batch, State.STOPPED, State.UNDOING if batch.undone_by_id else State.APPLYING)
    elif not is_stuck(batch):
        raise ValidationError(_("There is nothing to resume. Reload the page to see where the import stands."))
    may = PERMISSIONS[Batch.Subject(batch.subject)]
    if batch.state == State.APPLYING and not access_of(batch.applied_by).may(may, batch.organisation):
        # What is left is judged by what its writer may do: whoever goes on answers for it.
        Batch.objects.filter(pk=batch.pk).update(applied_by=by)
    if batch.state == State.UNDOING and not access_of(batch.undone_by).may(may, batch.organisation):
        Batch.objects.filter(pk=batch.pk).update(undone_by=by)
    start(batch, by)
    record(verb="batch.resume", target=batch, by=by, organisation=batch.organisation_id)
    return batch


def is_stuck(batch: Batch) -> bool:
    """Whether the batch is at work by its state, but its job has ended."""
    return batch.state in AT_WORK and (batch.job is None or batch.job.is_finished)


@transaction.atomic
def finish(*, batch: Batch, written: int, changed: int) -> None:
    """Every row of the plan has its outcome."""
    counts = {**batch.counts, "written": written, "changed": changed}
    if turn(batch, State.APPLYING, State.APPLIED, applied_at=now(), counts=counts):
        record(
            verb="batch.apply",
            target=batch,
            by=batch.applied_by,
            organisation=batch.organisation_id,
            changes={"written": ["", written], "changed": ["", changed]},
        )


def keep_counts(batch: Batch) -> dict[str, int]:
    """Note, and return, how far the work has come."""
    counted = {name: number for name, number in count_work(batch).items() if number}
    Batch.objects.filter(pk=batch.pk).update(counts={**batch.counts, **counted})
    batch.refresh_from_db()
    return counted


def turn(batch: Batch, before: str, after: str, **values: object) -> bool:
    """Move the batch from one state to the next, once: of two at the same moment the second is told so."""
    values["closed_at"] = now() if after in CLOSED else None
    turned = Batch.objects.filter(pk=batch.pk, state=before).update(state=after, **values)
    batch.refresh_from_db()
    return bool(turned)


def start(batch: Batch, by: User | None, kind: str = "") -> Job:
    """Queue the work its state asks for. One import at a time is worked on in each tree, so that no two see the same
    people half-way; the others wait their turn.

    Without a key: the job of the state before may not have noted its end yet, and is not the one that is wanted.
    """
    job = jobs.enqueue(
        kind=kind or AT_WORK[State(batch.state)],
        by=by,
        target=str(batch.pk),
        organisation_id=batch.organisation_id,
        lane=lane_of(batch.organisation),
    )
    Batch.objects.filter(pk=batch.pk).update(job=job)
    batch.refresh_from_db()
    return job


def lane_of(organisation: Organisation) -> str:
    """The lane of the imports of a tree."""
    return f"import:{organisation.get_root().pk}"


def _cancel_work(batch: Batch) -> None:
    """Before the batch itself is touched: a chunk at work holds its job first, then the batch."""
    batch.refresh_from_db()
    if batch.job is not None:
        jobs.cancel(job=batch.job)


def _settled() -> str:
    return _("This import has been confirmed or given up already. Reload the page to see where it stands.")


def _counted(batch: Batch) -> dict[str, list[object]]:
    return {name: ["", batch.counts.get(name, 0)] for name in BatchRow.Action.values}
