"""Tables taken out as a workbook, the empty forms of imports, and the one-time passwords of new accounts."""

from __future__ import annotations

from tempfile import TemporaryFile
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from branches.actions.exports import begin_export, note_export, note_passwords
from branches.exports import tables
from branches.exports.subjects import write_export
from branches.forms.exports import ExportForm
from branches.models import Batch, Organisation
from branches.queries import batches as batch_queries
from branches.queries import exports as queries
from branches.queries.batch_progress import progress_of_job
from branches.queries.one_time_passwords import may_fetch_passwords, new_accounts
from branches.rights import AccessRequest, organisation_or_404
from branches.rules.account_rows import role_word
from branches.views.batch_frames import frame
from branches.views.downloads import workbook_file_response
from foundation.clock import business_date, now
from foundation.models import Job
from foundation.views.files import serve

Subject = Batch.Subject
# More members than that take longer than anybody waits for a page.
AT_ONCE = 5000


def export(request: AccessRequest, code: str, subject: str) -> HttpResponse | FileResponse:
    organisation = _organisation_or_404(request, code, subject)
    sent = request.POST if request.method == "POST" else None
    form = ExportForm(sent, today=business_date(), has_day=subject == Subject.MEMBERS)
    if sent is None or not form.is_valid():
        context = frame(request, organisation, subject) | {
            "form": form,
            "recent": queries.recent_exports(organisation, subject, request.access),
        }
        return render(request, "branches/export.html", context, status=422 if form.errors else 200)
    asked = {"organisation": organisation, "subject": subject, "day": form.day, "purpose": form.cleaned_data["purpose"]}
    if subject == Subject.MEMBERS and queries.count_members(organisation, request.access, form.day) > AT_ONCE:
        return redirect("branches:export_made", begin_export(**asked, by=request.user).pk)
    note_export(**asked, by=request.user)
    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    return workbook_file_response(file, write_export(file, **asked, access=request.access))


def export_made(request: AccessRequest, pk: UUID) -> HttpResponse:
    """A table that is made in the background: how far it is, then the way to fetch it."""
    job, organisation = _job_or_404(request, pk)
    context = frame(request, organisation, job.target) | {
        "job": job,
        "progress": progress_of_job(job, now()),
        "file": queries.made_file(job),
    }
    return render(request, "branches/export_made.html", context)


def export_progress(request: AccessRequest, pk: UUID) -> HttpResponse:
    """The progress bar, asked for every second; once the work is over the page is asked to load anew."""
    job, _organisation = _job_or_404(request, pk)
    progress = progress_of_job(job, now())
    if progress is None:
        return HttpResponseClientRefresh()
    return render(request, "branches/_export_progress.html", {"job": job, "progress": progress})


def export_file(request: AccessRequest, pk: UUID) -> FileResponse:
    job, _organisation = _job_or_404(request, pk)
    file = queries.made_file(job)
    if file is None:
        raise Http404
    return serve(file)


def template(request: AccessRequest, code: str, subject: str) -> FileResponse:
    if subject not in batch_queries.PERMISSIONS:
        raise Http404
    organisation = organisation_or_404(request, code, batch_queries.PERMISSIONS[Subject(subject)])
    table = tables.TABLES[subject]
    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    tables.write_template(file, table=table, answers=_answers(request, organisation, subject))
    return workbook_file_response(file, f"{table.title}模板.xlsx")


@require_POST
def batch_passwords(request: AccessRequest, pk: UUID) -> FileResponse:
    """The one-time passwords of the accounts an import opened, for whoever brought them in; every time on record."""
    found = batch_queries.find_batch(pk, request.access)
    if found is None or not may_fetch_passwords(found, request.access):
        raise Http404
    accounts = list(new_accounts(found))
    note_passwords(batch=found, number=len(accounts), by=request.user)
    rows = (
        (
            one.account.username,
            one.account.name,
            "、".join(dict.fromkeys(role_word(role.role) for role in one.roles)),
            "、".join(dict.fromkeys(role.organisation.name for role in one.roles)),
            one.password,
            f"{timezone.localtime(one.account.one_time_password_expires_at):%Y-%m-%d %H:%M}",
        )
        for one in accounts
    )
    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    cover = tables.Cover(
        found.organisation.name, business_date(), request.user.name, timezone.localtime(), "发放一次性密码"
    )
    tables.write_passwords(file, rows=rows, cover=cover)
    return workbook_file_response(file, f"{found.organisation.short_name}新开账号一次性密码.xlsx")


def _organisation_or_404(request: AccessRequest, code: str, subject: str) -> Organisation:
    """The organisation, if one of the permissions for `subject` reaches it."""
    for permission in queries.PERMISSIONS.get(subject, ()):
        try:
            return organisation_or_404(request, code, permission)
        except Http404:
            continue
    raise Http404


def _job_or_404(request: AccessRequest, pk: UUID) -> tuple[Job, Organisation]:
    found = queries.find_export(pk, request.access)
    if found is None:
        raise Http404
    request.organisation = found[1]
    return found


def _answers(request: AccessRequest, organisation: Organisation, subject: str) -> dict[str, list[str]]:
    if subject == Subject.ORGANISATIONS:
        return queries.answers_for_organisations(organisation)
    if subject == Subject.ACCOUNTS:
        return queries.answers_for_accounts(organisation, request.access)
    return queries.answers_for_members(organisation, business_date())
