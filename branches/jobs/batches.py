"""Background work of an import. Every handler may be run again from its start."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from uuid import UUID

from django.db import IntegrityError, transaction

from branches.actions import (
    account_undoing,
    account_writing,
    batches,
    look_ups,
    organisation_undoing,
    organisation_writing,
    roster_undoing,
    roster_writing,
    undoing,
)
from branches.actions.purging import purge_batches
from branches.imports import accounts, organisations, roster_plans, rosters, tables
from branches.imports.batches import open_stored
from branches.imports.planning import Planned, Recognised, rows_below
from branches.imports.workbooks import Book
from branches.models import Batch
from branches.queries.batches import count_outcomes, number_to_write
from branches.rights import Access, access_of
from branches.rules.layouts import Layout
from branches.rules.problems import UnusableFile
from foundation.actions.files import prune
from foundation.actions.jobs import daily, handles, holding, progress
from foundation.models.jobs import Job

logger = logging.getLogger(__name__)
COLLISIONS = 5  # with people who enter the same, in one chunk
State, Subject = Batch.State, Batch.Subject
RECOGNISERS: dict[str, Callable[[Book, Batch], Recognised]] = {
    Subject.MEMBERS: rosters.recognise,
    Subject.ORGANISATIONS: tables.recognise,
    Subject.ACCOUNTS: tables.recognise,
}
PLANNERS: dict[str, Callable[[Book, Sequence[Layout], Batch, Access], Iterator[Planned]]] = {
    Subject.MEMBERS: roster_plans.plan,
    Subject.ORGANISATIONS: organisations.plan,
    Subject.ACCOUNTS: accounts.plan,
}
# What takes long is made ready before the transaction that writes a chunk.
PREPARERS: dict[str, Callable[[Batch], Callable[[Batch], int]]] = {Subject.ACCOUNTS: account_writing.ready}
WRITERS: dict[str, Callable[[Batch], int]] = {
    Subject.MEMBERS: roster_writing.write_chunk,
    Subject.ORGANISATIONS: organisation_writing.write_chunk,
}
UNDOERS: dict[str, Callable[[Batch], int]] = {
    Subject.MEMBERS: roster_undoing.undo_chunk,
    Subject.ORGANISATIONS: organisation_undoing.undo_chunk,
    Subject.ACCOUNTS: account_undoing.undo_chunk,
}


@handles(batches.PLAN_JOB)
def plan(job: Job) -> None:
    """Read the file and keep what it would change."""
    batch = Batch.objects.select_related("organisation", "file", "uploaded_by").get(pk=UUID(job.target))
    if batch.state != State.PLANNING:
        return
    try:
        _plan(batch, job)
    except UnusableFile as error:
        with holding(job):
            batches.refuse_file(batch=batch, problem=error.problem)


def _plan(batch: Batch, job: Job) -> None:
    book = open_stored(batch)
    recognised = RECOGNISERS[batch.subject](book, batch)
    _drop_rows(batch, job)
    with holding(job):
        if not recognised.is_sure:
            batches.ask_for_columns(batch=batch, layouts=recognised.layouts)
        elif not batches.begin_plan(batch=batch, layouts=recognised.layouts):
            return
    if not recognised.is_sure:
        return
    counts: Counter[str] = Counter()
    total = rows_below(book, recognised.layouts)
    progress(job, done=0, total=total)
    for planned in PLANNERS[batch.subject](book, recognised.layouts, batch, access_of(batch.uploaded_by)):
        with holding(job):
            batches.keep_rows(batch=batch, rows=planned.rows)
            look_ups.record_look_ups(batch=batch, looked_up=planned.looked_up)
        counts.update(row.action for row in planned.rows)
        counts["rows"] += len(planned.rows)
        counts["warned"] += sum(row.is_warned for row in planned.rows)
        counts["ignored"] += planned.ignored
        progress(job, done=min(total, counts["rows"] + counts["ignored"]))
    if not counts["rows"]:
        raise UnusableFile("no_rows")
    counts["sheets"] = sum(layout.is_used for layout in recognised.layouts)
    if not book.tells_hidden:
        counts["hidden_unknown"] = 1
    with holding(job):
        batches.keep_plan(batch=batch, counts=dict(counts))


def _drop_rows(batch: Batch, job: Job) -> None:
    """Those of a plan that was interrupted, or made with other columns."""
    number = 1
    while number:
        with holding(job):
            number = batches.drop_rows(batch=batch)


@handles(batches.APPLY_JOB)
def apply(job: Job) -> None:
    """Write the confirmed plan, chunk by chunk."""
    batch = Batch.objects.select_related("organisation", "applied_by").get(pk=UUID(job.target))
    if batch.state != State.APPLYING:
        return
    done = sum(count_outcomes(batch))
    progress(job, done=done, total=number_to_write(batch))
    _work_off(batch, job, PREPARERS.get(batch.subject, lambda _batch: WRITERS[batch.subject]), done)
    with holding(job):
        written, changed = count_outcomes(batch)
        batches.finish(batch=batch, written=written, changed=changed)


@handles(batches.UNDO_JOB)
def undo(job: Job) -> None:
    """Undo what the batch did, chunk by chunk."""
    batch = Batch.objects.select_related("organisation", "undone_by").get(pk=UUID(job.target))
    if batch.state != State.UNDOING:
        return
    total = batch.effects.count()
    done = total - batch.effects.filter(outcome="").count()
    progress(job, done=done, total=total)
    _work_off(batch, job, lambda _batch: UNDOERS[batch.subject], done)
    with holding(job):
        undoing.finish_undo(batch=batch)


@daily
def purge() -> None:
    purge_batches()
    prune()  # what is left of a file when its row went and the machine died


def _work_off(batch: Batch, job: Job, prepare: Callable[[Batch], Callable[[Batch], int]], done: int) -> None:
    """Chunk by chunk, each a transaction of its own, until there is nothing left or somebody stops it."""
    number = 1
    while number:
        work = prepare(batch)
        with holding(job):
            if not Batch.objects.filter(pk=batch.pk, state=batch.state).exists():
                return
            number = _chunk(batch, work)
        done += number
        progress(job, done=done)


def _chunk(batch: Batch, work: Callable[[Batch], int]) -> int:
    for _collision in range(COLLISIONS):
        try:
            with transaction.atomic():
                return work(batch)
        except IntegrityError:
            # Somebody entered one of these people at the same moment; now they are seen, and the row is left to them.
            logger.info("import %s: somebody was at the same rows", batch.pk)
    return work(batch)
