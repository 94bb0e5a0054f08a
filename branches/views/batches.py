"""An import: upload, preview, confirmation, progress, result."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_htmx.http import HttpResponseClientRefresh

from branches.actions import batches
from branches.exports.batches import write_report
from branches.exports.marked_workbooks import mark_workbook
from branches.forms.batches import UploadForm
from branches.models import Batch
from branches.queries import batches as queries
from branches.queries.batch_progress import progress_of
from branches.rights import AccessRequest, organisation_or_404
from branches.rules.problems import UnusableFile
from branches.views.batch_frames import batch_or_404, frame, posted, preview, refused
from branches.views.downloads import workbook_response
from foundation.clock import business_date, now
from foundation.messages import done
from foundation.rules.numbers import small_integer

EARLIER_PER_PAGE = 10


def batch_upload(request: AccessRequest, code: str, subject: str) -> HttpResponse:
    if subject not in queries.PERMISSIONS:
        raise Http404
    organisation = organisation_or_404(request, code, queries.PERMISSIONS[Batch.Subject(subject)])
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        organisation=organisation,
        subject=subject,
        today=business_date(),
    )
    if request.method == "POST" and form.is_valid():
        try:
            batch = batches.upload(organisation=organisation, subject=subject, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            return redirect("branches:batch", batch.pk)
    earlier = Paginator(queries.recent_batches(organisation, subject), EARLIER_PER_PAGE)
    context = {
        **frame(request, organisation, subject),
        "form": form,
        "subjects": queries.subjects_for(organisation, request.access),
        "page_obj": earlier.get_page(request.GET.get("page")),
        "confirmed": queries.CONFIRMED,
    }
    return render(request, "branches/batch_upload.html", context, status=422 if form.errors else 200)


def batch(request: AccessRequest, pk: UUID) -> HttpResponse:
    """Wherever an import stands: at work, waiting for confirmation, written, unusable or given up."""
    found = batch_or_404(request, pk)
    return render(request, "branches/batch.html", preview(request, found))


def batch_progress(request: AccessRequest, pk: UUID) -> HttpResponse:
    """The progress bar, asked for every second; once the work is over the page is asked to load anew."""
    found = batch_or_404(request, pk)
    progress = progress_of(found, now())
    if progress is None:
        return HttpResponseClientRefresh()
    context = {"batch": found, "progress": progress, "said": small_integer(request.GET.get("said", ""))}
    return render(request, "branches/_batch_progress.html", context)


@posted
def batch_confirm(request: AccessRequest, pk: UUID) -> HttpResponse:
    seen = small_integer(request.POST.get("plan", ""))
    return _turn(
        request,
        pk,
        lambda found: batches.confirm(batch=found, plan_version=-1 if seen is None else seen, by=request.user),
    )


@posted
def batch_stop(request: AccessRequest, pk: UUID) -> HttpResponse:
    found = batch_or_404(request, pk)
    if found.state in (Batch.State.APPLIED, Batch.State.UNDONE):
        done(request, _("Everything was done before it could be stopped. What an import has written can be undone."))
        return redirect("branches:batch", found.pk)
    return _turn(request, pk, lambda found: batches.stop(batch=found, by=request.user))


@posted
def batch_resume(request: AccessRequest, pk: UUID) -> HttpResponse:
    return _turn(request, pk, lambda found: batches.resume(batch=found, by=request.user))


@posted
def batch_abandon(request: AccessRequest, pk: UUID) -> HttpResponse:
    found = batch_or_404(request, pk)
    try:
        batches.abandon(batch=found, by=request.user)
    except ValidationError as error:
        return refused(request, found, error)
    done(request, _("The import was given up. Nothing was written."))
    return redirect("branches:batch_upload", found.organisation.code, found.subject)


def batch_report(request: AccessRequest, pk: UUID) -> HttpResponse:
    """The rows that were refused or want a look, as a workbook to work through, always in Chinese."""
    found = batch_or_404(request, pk)
    with override("zh-hans"):
        name = found.file_name.rpartition(".")[0]
        rows = queries.rows_with_problems(found, is_uploader=found.uploaded_by_id == request.user.pk)
        content = write_report(rows, subject=found.subject)
        return workbook_response(content, _("%(file)s to correct.xlsx") % {"file": name})


def batch_marked(request: AccessRequest, pk: UUID) -> HttpResponse:
    """The uploaded workbook itself with the problems beside the rows: only for whoever uploaded it."""
    found = batch_or_404(request, pk)
    if found.uploaded_by_id != request.user.pk or found.file is None:
        raise Http404
    try:
        content, name = mark_workbook(found)
    except UnusableFile as error:
        return refused(request, found, ValidationError(error.problem.message))
    return workbook_response(content, name)


def _turn(request: AccessRequest, pk: UUID, act: Callable[[Batch], object]) -> HttpResponse:
    found = batch_or_404(request, pk)
    try:
        act(found)
    except ValidationError as error:
        return refused(request, found, error)
    return redirect("branches:batch", found.pk)
