"""A roster brought in from the command line: planned and written by one job, or only planned and not kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from branches.actions import batches, look_ups
from branches.imports import roster_plans, rosters
from branches.imports.planning import rows_below
from branches.imports.roster_reports import Report, Words, headings_of
from branches.imports.workbooks import Book, open_book
from branches.jobs import batches as batch_jobs
from branches.models import Batch, BatchRow, Organisation
from branches.queries.batches import file_problem
from branches.queries.rosters import nations_by_key
from branches.rights import access_of
from branches.rules.layouts import Layout
from branches.rules.problems import UnusableFile
from branches.rules.roster_rows import RosterEntry
from foundation.actions import files
from foundation.actions.jobs import handles, holding, requeue_dead, run
from foundation.models.jobs import Job, JobState

LOOK_AGAIN = 0.5  # seconds
Tell = Callable[[int, int], None]


@handles(batches.IMPORT_JOB)
def bring_in(job: Job) -> None:
    """Plan a file and write the plan. Taken up again after a death, it goes on where the import stands."""
    batch_jobs.plan(job)
    batch = Batch.objects.select_related("organisation", "uploaded_by").get(pk=UUID(job.target))
    with holding(job):
        batches.confirm_at_once(batch=batch, by=batch.uploaded_by, job=job)
    batch_jobs.apply(job)


@dataclass
class RosterFile:
    """A roster on the server's disk, opened."""

    path: Path
    content_type: str
    book: Book

    @classmethod
    def open(cls, path: Path) -> RosterFile:
        """
        Raises:
            UnusableFile: it is none, or is damaged.
            ValidationError: it is of a kind that is not accepted, or too large.
        """
        with path.open("rb") as content:
            upload = _upload(path, content)
            found = files.check(upload=upload, allowed=batches.FILE_TYPES, max_bytes=settings.IMPORT_MAX_BYTES)
            content.seek(0)
            return cls(path, found.content_type, open_book(content.read(), found.content_type))

    def layouts(self, organisation: Organisation, as_of: date) -> list[Layout]:
        """Where its tables stand.

        Raises:
            UnusableFile: no sheet has a usable header.
            ValidationError: somebody has to say which column is which.
        """
        recognised = rosters.recognise(self.book, Batch(organisation=organisation, as_of=as_of))
        if not recognised.is_sure:
            raise ValidationError(
                _(
                    "Not every column that is needed was found. Import the file on the page once and say which column "
                    "is which; files of this shape are known from then on."
                )
            )
        return list(recognised.layouts)


def plan_only(file: RosterFile, organisation: Organisation, as_of: date, report: Report, tell: Tell) -> None:
    """Say in the report what the file would change; nothing is kept but who was looked up.

    Raises:
        UnusableFile: there is nobody in it.
    """
    _wait_until_nobody_writes(organisation)
    batch = Batch(organisation=organisation, as_of=as_of, file_name=file.path.name[:200])
    layouts = file.layouts(organisation, as_of)
    entries = _entries(file.book, layouts, batch)
    words, done, total = _words(file.book, layouts, organisation), 0, rows_below(file.book, layouts)
    for planned in roster_plans.plan(file.book, layouts, batch, access_of(None)):
        look_ups.record_look_ups(batch=batch, looked_up=planned.looked_up)
        for row in planned.rows:
            report.add(row, _entry_of(row, entries), words)
        done += len(planned.rows) + planned.ignored
        tell(min(done, total), total)
    if not report.accepted and not report.reported:
        raise UnusableFile("no_rows")


def apply(file: RosterFile, organisation: Organisation, as_of: date, report: Report, tell: Tell) -> Batch:
    """Bring the file in and say in the report what came of each row. Does the work itself, in its turn; should it die,
    a worker finishes it.

    Raises:
        ValidationError: the work failed, or somebody has stopped it.
    """
    with file.path.open("rb") as content:
        batch = batches.upload(
            organisation=organisation, file=_upload(file.path, content), as_of=as_of, by=None, is_confirmed=True
        )
    job = _work_off(batch, tell)
    batch.refresh_from_db()
    if batch.state == Batch.State.FAILED:
        problem = file_problem(batch)
        report.file_error = problem.message if problem else job.error
    elif batch.state != Batch.State.APPLIED:
        raise ValidationError(job.error or _("The import was stopped on its way. Its page says how far it came."))
    else:
        layouts = [Layout.from_json(stored) for stored in batch.layouts]
        entries, words = _entries(file.book, layouts, batch), _words(file.book, layouts, organisation)
        for row in BatchRow.objects.filter(batch=batch).order_by("position").iterator(chunk_size=500):
            report.add(row, _entry_of(row, entries), words)
    return batch


def _upload(path: Path, content: IO[bytes]) -> UploadedFile:
    return UploadedFile(file=content, name=path.name, size=path.stat().st_size)


def _entries(book: Book, layouts: list[Layout], batch: Batch) -> Iterator[RosterEntry]:
    entries = rosters.read_entries(book, layouts, today=batch.as_of, names=rosters.names_of(batch))
    return (entry for entry in entries if entry is not None)


def _entry_of(row: BatchRow, entries: Iterator[RosterEntry]) -> RosterEntry:
    """What was read for a row of the plan; both are in the file's order."""
    return next(entry for entry in entries if (entry.sheet[:80], entry.number) == (row.sheet, row.number))


def _words(book: Book, layouts: list[Layout], organisation: Organisation) -> Words:
    return Words(
        headings=headings_of(book, layouts),
        nations={key: nation.name for key, nation in nations_by_key().items()},
        branches=dict(Organisation.objects.under(organisation).values_list("pk", "short_name")),
    )


def _work_off(batch: Batch, tell: Tell) -> Job:
    """Do the batch's job here, and those standing before it, unless a worker is at them."""
    assert batch.job_id is not None
    while not (job := Job.objects.get(pk=batch.job_id)).is_finished:
        tell(job.done, job.total)
        first = Job.objects.unfinished().filter(lane=job.lane).order_by("created_at", "pk").first()
        if first is not None and first.state == JobState.QUEUED:
            run.call(str(first.pk))
            continue
        time.sleep(LOOK_AGAIN)
        requeue_dead()
    tell(job.done, job.total)
    return job


def _wait_until_nobody_writes(organisation: Organisation) -> None:
    """A plan made while another import is written would see half of it."""
    running = Job.objects.filter(lane=batches.lane_of(organisation), state=JobState.RUNNING)
    while running.exists():
        time.sleep(LOOK_AGAIN)
        requeue_dead()
