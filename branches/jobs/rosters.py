"""Background work of a roster import. Both handlers may be run again from their start."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.db import IntegrityError

from branches.actions import roster_writing, rosters
from branches.imports.roster_plans import make_plan
from branches.imports.rosters import read_roster
from branches.models import RosterBatch
from branches.queries.rosters import number_to_write
from branches.rights import access_of
from branches.rules.roster_problems import UnusableFile
from foundation.actions.jobs import handles, progress
from foundation.encryption import DecryptionError
from foundation.models.jobs import Job
from foundation.queries.files import open_content

State = RosterBatch.State


@handles(rosters.PLAN_JOB)
def plan(job: Job) -> None:
    """Read the file and keep what it would change."""
    batch = RosterBatch.objects.select_related("organisation", "file", "uploaded_by").get(pk=UUID(job.target))
    if batch.state != State.PLANNING:
        return
    try:
        content = _content(batch)
        is_csv = batch.file.content_type == "text/csv"
        roster = read_roster(content, is_csv=is_csv, today=batch.as_of)
    except UnusableFile as error:
        rosters.refuse_file(batch=batch, problem=error.problem)
        return
    progress(job, done=0, total=len(roster.entries))
    made = make_plan(roster, batch=batch, access=access_of(batch.uploaded_by))
    progress(job, done=len(roster.entries))
    rosters.keep_plan(batch=batch, rows=made.rows, counts=made.counts)


@handles(rosters.APPLY_JOB)
def apply(job: Job) -> None:
    """Write the confirmed plan, chunk by chunk."""
    batch = RosterBatch.objects.select_related("organisation", "applied_by").get(pk=UUID(job.target))
    if batch.state != State.APPLYING:
        return
    written, changed = roster_writing.count_outcomes(batch=batch)
    done = written + changed
    progress(job, done=done, total=number_to_write(batch))
    while number := _write_chunk(batch):
        done += number
        progress(job, done=done)
    written, changed = roster_writing.count_outcomes(batch=batch)
    rosters.finish(batch=batch, written=written, changed=changed)


def _write_chunk(batch: RosterBatch) -> int:
    try:
        return roster_writing.write_chunk(batch=batch)
    except IntegrityError:
        # Somebody entered one of these people at the same moment; now they are seen, and the row is left to them.
        return roster_writing.write_chunk(batch=batch)


def _content(batch: RosterBatch) -> bytes:
    try:
        with open_content(batch.file) as file:
            content = file.read()
    except (OSError, DecryptionError) as error:
        raise UnusableFile("changed_file") from error
    if hashlib.sha256(content).hexdigest() != batch.file_sha256:
        raise UnusableFile("changed_file")
    return content
