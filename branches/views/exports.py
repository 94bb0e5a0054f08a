"""Tables taken out as a workbook, and the empty form for an import."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from branches.actions.exports import note_export
from branches.exports.members import MemberResource
from branches.exports.rosters import Cover, write_roster, write_template
from branches.forms.exports import ExportForm
from branches.models import Batch
from branches.queries import rosters as queries
from branches.rights import AccessRequest, Permission, organisation_or_404
from branches.views.downloads import workbook_response
from foundation.clock import business_date

Subject = Batch.Subject


def export(request: AccessRequest, code: str, subject: str) -> HttpResponse:
    if subject != Subject.MEMBERS:
        raise Http404
    organisation = organisation_or_404(request, code, Permission.EXPORT)
    form = ExportForm(request.POST or None, today=business_date())
    if request.method != "POST" or not form.is_valid():
        context = {"organisation": organisation, "form": form}
        return render(request, "branches/export.html", context, status=422 if form.errors else 200)
    day, purpose = form.cleaned_data["on"], form.cleaned_data["purpose"]
    note_export(organisation=organisation, subject=subject, day=day, purpose=purpose, by=request.user)
    cover = Cover(organisation.name, day, request.user.name, timezone.localtime(), purpose)
    members = queries.members_for_export(organisation, request.access, day)
    content = write_roster(members, resource=MemberResource(request.access), cover=cover)
    return workbook_response(content, f"{organisation.short_name}党员花名册 {day:%Y-%m-%d}.xlsx")


def template(request: AccessRequest, code: str, subject: str) -> HttpResponse:
    if subject != Subject.MEMBERS:
        raise Http404
    organisation = organisation_or_404(request, code, Permission.MANAGE_PEOPLE)
    lists = queries.answers_for_template(organisation, business_date())
    return workbook_response(write_template(**lists), "党员花名册模板.xlsx")
