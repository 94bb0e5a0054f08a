"""The year of all branches below an organisation, side by side."""

from __future__ import annotations

from datetime import date

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override

from branches.queries.organisations import secretaries_of
from branches.rights import AccessRequest, Permission, organisation_or_404
from foundation.clock import business_date, now
from reports.actions.sheets import note_export
from reports.exports import overviews as exports
from reports.queries.branches import branches_in, years_of
from reports.queries.facts import is_over
from reports.queries.figures import figures_of
from reports.queries.overviews import results_of_year, tables_of
from reports.rules.words import PAPER_LANGUAGE
from reports.views.years import organisation_year_or_404

PER_PAGE = 50


def latest(request: AccessRequest, code: str) -> HttpResponse:
    """The assessment of the business year, or of the last year the organisation stood in."""
    organisation = organisation_or_404(request, code, Permission.VIEW)
    years = years_of(organisation, business_date())
    if not years:
        raise Http404
    return redirect("reports:sheet" if organisation.is_branch else "reports:overview", code, years[0])


def overview(request: AccessRequest, code: str, year: int) -> HttpResponse:
    of = organisation_year_or_404(request, code, year)
    if of.organisation.is_branch:
        return redirect("reports:sheet", code, year)
    branches = list(branches_in(of.organisation, year, of.today, request.access))
    page = Paginator(branches, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "of": of,
        "organisation": of.organisation,
        "year": year,
        "as_of": min(of.today, date(year, 12, 31)),
        "is_over": is_over(year, of.today),
        "page_obj": page,
        "tables": tables_of(page.object_list, year, of.today),
        "figures": figures_of(of.organisation, branches, year, of.today),
        "count": len(branches),
        "may_export": request.access.may(Permission.EXPORT, of.organisation),
    }
    return render(request, "reports/overviews/overview.html", context)


def workbook(request: AccessRequest, code: str, year: int) -> FileResponse:
    of = organisation_year_or_404(request, code, year, Permission.EXPORT)
    if of.organisation.is_branch:
        raise Http404
    with override(PAPER_LANGUAGE):
        branches = list(branches_in(of.organisation, year, of.today, request.access, Permission.EXPORT))
        file = exports.overview_workbook(
            of.organisation,
            year,
            tables_of(branches, year, of.today),
            figures_of(of.organisation, branches, year, of.today),
            list(results_of_year(of.organisation, branches, year, request.access, Permission.EXPORT)),
            secretaries=secretaries_of(branches, of.today),
            as_of=min(of.today, date(year, 12, 31)),
            made=exports.Made(by=request.user.name, at=now()),
        )
        name = _("%(year)d assessment overview of %(name)s") % {"year": year, "name": of.organisation.short_name}
    note_export(organisation=of.organisation, year=year, by=request.user)
    return exports.response(file, name)
