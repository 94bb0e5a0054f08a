"""An organ's yearly summary: the figures, the records behind each, and both as a workbook."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override

from branches.rights import AccessRequest, Permission
from foundation.clock import now
from reports.actions.summaries import note_export
from reports.exports import summaries as exports
from reports.queries.summaries import records_of, summary_of
from reports.rules.summaries import COUNTED, UNITS, Key, module_of
from reports.rules.words import PAPER_LANGUAGE
from reports.views.years import organisation_year_or_404

PER_PAGE = 50


def summary(request: AccessRequest, code: str, year: int) -> HttpResponse:
    of = organisation_year_or_404(request, code, year)
    if of.organisation.is_branch:
        return redirect("reports:sheet", code, year)
    found = summary_of(of.organisation, year, of.today, request.access)
    modules = [
        (name, [(key, number, UNITS[key], COUNTED[key]) for key, number in figures]) for name, figures in found.modules
    ]
    context = {
        "of": of,
        "organisation": of.organisation,
        "year": year,
        "summary": found,
        "modules": modules,
        "may_export": request.access.may(Permission.EXPORT, of.organisation),
    }
    return render(request, "reports/summaries/summary.html", context)


def records(request: AccessRequest, code: str, year: int, key: str) -> HttpResponse:
    of = organisation_year_or_404(request, code, year)
    if of.organisation.is_branch or key not in Key.values:
        raise Http404
    found = records_of(Key(key), of.organisation, year, of.today, request.access)
    page = Paginator(found.rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "organisation": of.organisation,
        "year": year,
        "key": found.key,
        "module": module_of(found.key),
        "unit": UNITS[found.key],
        "counted": COUNTED[found.key],
        "records": found,
        "as_of": found.as_of,
        "page_obj": page,
        "lines": found.lines(page.object_list),
    }
    return render(request, "reports/summaries/records.html", context)


def workbook(request: AccessRequest, code: str, year: int) -> FileResponse:
    of = organisation_year_or_404(request, code, year, Permission.EXPORT)
    if of.organisation.is_branch:
        raise Http404
    with override(PAPER_LANGUAGE):
        found = summary_of(of.organisation, year, of.today, request.access)
        lists = [records_of(key, of.organisation, year, of.today, request.access) for key in Key]
        file = exports.summary_workbook(found, lists, made=exports.Made(by=request.user.name, at=now()))
        name = _("%(year)d yearly summary of %(name)s") % {"year": year, "name": of.organisation.short_name}
    note_export(organisation=of.organisation, year=year, by=request.user)
    return exports.response(file, name)
