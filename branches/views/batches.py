"""An import: upload, preview, confirmation, result."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from branches.actions import batches
from branches.exports.rosters import write_report
from branches.forms.batches import UploadForm
from branches.forms.organisations import show_refusal
from branches.models import Batch, BatchRow
from branches.queries import batches as queries
from branches.rights import AccessRequest, organisation_or_404
from branches.views.downloads import workbook_response
from foundation.clock import business_date
from foundation.messages import done
from foundation.rules.numbers import small_integer

PER_PAGE = 50
State = Batch.State


def batch_upload(request: AccessRequest, code: str, subject: str) -> HttpResponse:
    if subject not in queries.PERMISSIONS:
        raise Http404
    organisation = organisation_or_404(request, code, queries.PERMISSIONS[Batch.Subject(subject)])
    form = UploadForm(request.POST or None, request.FILES or None, organisation=organisation, today=business_date())
    if request.method == "POST" and form.is_valid():
        try:
            batch = batches.upload(organisation=organisation, subject=subject, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            return redirect("branches:batch", batch.pk)
    context = {
        "organisation": organisation,
        "subject": subject,
        "form": form,
        "batches": queries.recent_batches(organisation, subject),
        "confirmed": queries.CONFIRMED,
    }
    return render(request, "branches/batch_upload.html", context, status=422 if form.errors else 200)


def batch(request: AccessRequest, pk: UUID) -> HttpResponse:
    """Wherever an import stands: at work, waiting for confirmation, written, unusable or given up."""
    found = _batch_or_404(request, pk)
    context = {"batch": found, "organisation": found.organisation, "is_stuck": batches.is_stuck(found)}
    if found.state == State.FAILED:
        context["problem"] = queries.file_problem(found)
    elif found.state != State.PLANNING:
        context |= _preview(request, found)
    return render(request, "branches/batch.html", context)


def batch_progress(request: AccessRequest, pk: UUID) -> HttpResponse:
    """The progress bar, asked for every second; once the work is over the page is asked to load anew."""
    found = _batch_or_404(request, pk)
    if found.job is None or found.job.is_finished:
        return HttpResponseClientRefresh()
    return render(request, "branches/_batch_progress.html", {"batch": found})


@require_POST
def batch_confirm(request: AccessRequest, pk: UUID) -> HttpResponse:
    return _turn(request, pk, lambda found: batches.confirm(batch=found, plan_version=_seen(request), by=request.user))


@require_POST
def batch_resume(request: AccessRequest, pk: UUID) -> HttpResponse:
    return _turn(request, pk, lambda found: batches.resume(batch=found, by=request.user))


@require_POST
def batch_abandon(request: AccessRequest, pk: UUID) -> HttpResponse:
    found = _batch_or_404(request, pk)
    try:
        batches.abandon(batch=found, by=request.user)
    except ValidationError as error:
        return _refused(request, found, error)
    done(request, _("The import was given up. Nothing was written."))
    return redirect("branches:batch_upload", found.organisation.code, found.subject)


def batch_report(request: AccessRequest, pk: UUID) -> HttpResponse:
    """The rows that were refused or want a look, as a workbook to work through, always in Chinese."""
    found = _batch_or_404(request, pk)
    with override("zh-hans"):
        name = found.file_name.rpartition(".")[0]
        content = write_report(queries.rows_with_problems(found))
        return workbook_response(content, _("%(file)s to correct.xlsx") % {"file": name})


def _batch_or_404(request: AccessRequest, pk: UUID) -> Batch:
    found = queries.find_batch(pk, request.access)
    if found is None:
        raise Http404
    request.organisation = found.organisation
    return found


def _seen(request: AccessRequest) -> int:
    """The version of the plan the page showed."""
    return small_integer(request.POST.get("plan", "")) or 0


def _is_uploader(request: AccessRequest, found: Batch) -> bool:
    return found.uploaded_by_id == request.user.pk


def _preview(request: AccessRequest, found: Batch) -> dict[str, object]:
    show = request.GET.get("show", "")
    if show not in {*BatchRow.Action.values, "warned", "changed", ""}:
        show = ""
    page = Paginator(queries.rows_of(found, show=show), PER_PAGE).get_page(request.GET.get("page"))
    return {
        "show": show,
        "page_obj": page,
        "rows": list(queries.previewed(page.object_list, is_uploader=_is_uploader(request, found))),
        "tiles": queries.tiles(found),
        "absent": queries.absent_members(found) if found.state == State.PLANNED and not show else [],
        "roles_left": queries.roles_left_behind(found, request.access) if found.state == State.APPLIED else [],
        "to_write": queries.number_to_write(found),
    }


def _turn(request: AccessRequest, pk: UUID, act: Callable[[Batch], object]) -> HttpResponse:
    found = _batch_or_404(request, pk)
    try:
        act(found)
    except ValidationError as error:
        return _refused(request, found, error)
    return redirect("branches:batch", found.pk)


def _refused(request: AccessRequest, found: Batch, error: ValidationError) -> HttpResponse:
    """The page again, with why the act was refused above it."""
    found.refresh_from_db()
    context = {
        "batch": found,
        "organisation": found.organisation,
        "is_stuck": batches.is_stuck(found),
        "refusals": error.messages,
        **(_preview(request, found) if found.state not in (State.PLANNING, State.FAILED) else {}),
    }
    return render(request, "branches/batch.html", context, status=409)
