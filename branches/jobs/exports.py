"""Large tables are written in the background. The handler may be run again from its start."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from tempfile import TemporaryFile

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from branches.actions.exports import keep_export, purge_exports
from branches.exports.subjects import Lines, write_export
from branches.models import Organisation
from branches.queries.exports import EXPORT_JOB, count_members, may_export
from branches.rights import access_of
from foundation.actions.jobs import daily, handles, holding, progress
from foundation.models import AuditEntry, Job
from foundation.rules.files import XLSX

CHUNK = 1000


@handles(EXPORT_JOB)
def export(job: Job) -> None:
    """Write the table with the rights its reader has by now."""
    if job.result or job.created_by is None:
        return
    organisation = Organisation.objects.get(pk=job.organisation_id)
    access, day = access_of(job.created_by), date.fromisoformat(job.parameters["day"])
    if not may_export(organisation, job.target, access):
        raise ValidationError(_("You may not export this any more."))
    progress(job, done=0, total=count_members(organisation, access, day))

    def watched(lines: Lines) -> Iterator[object]:
        for number, line in enumerate(lines, start=1):
            yield line
            if number % CHUNK == 0:
                progress(job, done=number)

    purpose = AuditEntry.objects.get(pk=job.parameters["entry"]).reason
    with TemporaryFile() as file:
        name = write_export(
            file, organisation=organisation, subject=job.target, day=day, purpose=purpose, access=access, watch=watched
        )
        with holding(job):
            keep_export(job=job, content=file, name=name, content_type=XLSX.content_type)


@daily
def purge() -> None:
    purge_exports()
