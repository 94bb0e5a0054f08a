"""Rosters in and out: upload, preview, confirmation, result; export and the empty form."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from branches.actions import rosters
from branches.exports.resources import MemberResource
from branches.exports.rosters import Cover, write_report, write_roster, write_template
from branches.forms.organisations import show_refusal
from branches.forms.rosters import RosterExportForm, RosterUploadForm
from branches.models import RosterBatch, RosterRow
from branches.queries import rosters as queries
from branches.rights import AccessRequest, Permission, organisation_or_404
from foundation.clock import business_date
from foundation.messages import done

PER_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
State = RosterBatch.State


def roster_import(request: AccessRequest, code: str) -> HttpResponse:
    organisation = organisation_or_404(request, code, Permission.MANAGE_PEOPLE)
    form = RosterUploadForm(
        request.POST or None, request.FILES or None, organisation=organisation, today=business_date()
    )
    if request.method == "POST" and form.is_valid():
        try:
            batch = rosters.upload(organisation=organisation, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            return redirect("branches:batch", batch.pk)
    context = {
        "organisation": organisation,
        "form": form,
        "batches": queries.recent_batches(organisation),
        "confirmed": queries.CONFIRMED,
    }
    return render(request, "branches/roster_import.html", context, status=422 if form.errors else 200)


def batch(request: AccessRequest, pk: UUID) -> HttpResponse:
    """Wherever an import stands: at work, waiting for confirmation, written, unusable or given up."""
    found = _batch_or_404(request, pk)
    context = {"batch": found, "organisation": found.organisation, "is_stuck": rosters.is_stuck(found)}
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
    return _turn(request, pk, lambda found: rosters.confirm(batch=found, by=request.user))


@require_POST
def batch_resume(request: AccessRequest, pk: UUID) -> HttpResponse:
    return _turn(request, pk, lambda found: rosters.resume(batch=found, by=request.user))


@require_POST
def batch_abandon(request: AccessRequest, pk: UUID) -> HttpResponse:
    found = _batch_or_404(request, pk)
    try:
        rosters.abandon(batch=found, by=request.user)
    except ValidationError as error:
        return _refused(request, found, error)
    done(request, _("The import was given up. Nothing was written."))
    return redirect("branches:roster_import", found.organisation.code)


def batch_report(request: AccessRequest, pk: UUID) -> HttpResponse:
    """The rows that were refused or want a look, as a workbook to work through, always in Chinese."""
    found = _batch_or_404(request, pk)
    with override("zh-hans"):
        rows = queries.previewed(queries.rows_with_problems(found), is_uploader=_is_uploader(request, found))
        name = found.file.name.rpartition(".")[0]
        return _download(write_report(rows), _("%(file)s to correct.xlsx") % {"file": name})


def roster_export(request: AccessRequest, code: str) -> HttpResponse:
    organisation = organisation_or_404(request, code, Permission.EXPORT)
    form = RosterExportForm(request.POST or None, today=business_date())
    if request.method != "POST" or not form.is_valid():
        context = {"organisation": organisation, "form": form}
        return render(request, "branches/roster_export.html", context, status=422 if form.errors else 200)
    day, purpose = form.cleaned_data["on"], form.cleaned_data["purpose"]
    rosters.note_export(organisation=organisation, day=day, purpose=purpose, by=request.user)
    cover = Cover(organisation.name, day, request.user.name, timezone.localtime(), purpose)
    members = queries.members_for_export(organisation, request.access, day)
    content = write_roster(members, resource=MemberResource(request.access), cover=cover)
    return _download(content, f"{organisation.short_name}党员花名册 {day:%Y-%m-%d}.xlsx")


def roster_template(request: AccessRequest, code: str) -> HttpResponse:
    organisation = organisation_or_404(request, code, Permission.MANAGE_PEOPLE)
    lists = queries.answers_for_template(organisation, business_date())
    return _download(write_template(**lists), "党员花名册模板.xlsx")


def _batch_or_404(request: AccessRequest, pk: UUID) -> RosterBatch:
    found = queries.find_batch(pk, request.access)
    if found is None:
        raise Http404
    request.organisation = found.organisation
    return found


def _is_uploader(request: AccessRequest, found: RosterBatch) -> bool:
    return found.uploaded_by_id == request.user.pk


def _preview(request: AccessRequest, found: RosterBatch) -> dict[str, object]:
    show = request.GET.get("show", "")
    if show not in {*RosterRow.Action.values, "warned", "changed", ""}:
        show = ""
    page = Paginator(queries.rows_of(found, show=show), PER_PAGE).get_page(request.GET.get("page"))
    return {
        "show": show,
        "page_obj": page,
        "rows": queries.previewed(page.object_list, is_uploader=_is_uploader(request, found)),
        "tiles": queries.tiles(found),
        "absent": queries.absent_members(found) if found.state == State.PLANNED and not show else [],
        "roles_left": queries.roles_left_behind(found, request.access) if found.state == State.APPLIED else [],
        "to_write": queries.number_to_write(found),
    }


def _turn(request: AccessRequest, pk: UUID, act: Callable[[RosterBatch], object]) -> HttpResponse:
    found = _batch_or_404(request, pk)
    try:
        act(found)
    except ValidationError as error:
        return _refused(request, found, error)
    return redirect("branches:batch", found.pk)


def _refused(request: AccessRequest, found: RosterBatch, error: ValidationError) -> HttpResponse:
    """The page again, with why the act was refused above it."""
    found.refresh_from_db()
    context = {
        "batch": found,
        "organisation": found.organisation,
        "is_stuck": rosters.is_stuck(found),
        "refusals": error.messages,
        **(_preview(request, found) if found.state not in (State.PLANNING, State.FAILED) else {}),
    }
    return render(request, "branches/batch.html", context, status=409)


def _download(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response
