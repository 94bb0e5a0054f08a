"""Findings: the list with its counts, the paper, one finding, its proof."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation

from activities.forms.findings import FindingFilterForm
from activities.models.findings import FindingQuerySet
from activities.queries.findings import (
    counts_by_status,
    duty_of,
    files_of,
    finding_file_or_404,
    finding_or_404,
    findings_below,
    listed,
    may_lead,
    may_verify,
    readable,
    rows_on,
    steps_of,
)
from branches.models import Organisation
from branches.rights import AccessRequest, Permission, organisation_or_404
from foundation.clock import business_date
from foundation.views.files import serve

PAGE = 25


def list_(request: AccessRequest, code: str) -> HttpResponse:
    """The findings of an organisation and everything below it that the user may read."""
    organisation, form, found = _found(request, code)
    counts = counts_by_status(found, business_date())
    page = Paginator(listed(_chosen(found, form)), PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "activities/findings.html",
        {
            "organisation": organisation,
            "form": form,
            "page_obj": page,
            "rows": rows_on(page, business_date()),
            "statuses": [(status, number, _status_link(request, status)) for status, number in counts.items()],
            "total": sum(counts.values()),
            "all_link": _status_link(request, ""),
            "print_query": query.urlencode(),
            "may_raise": request.access.may(Permission.SUPERVISE, organisation),
        },
    )


def print_(request: AccessRequest, code: str) -> HttpResponse:
    """The list as a paper with signatures, filtered as on the screen, always in Chinese."""
    organisation, form, found = _found(request, code)
    with translation.override("zh-hans"):
        context = {
            "organisation": organisation,
            "today": business_date(),
            "rows": rows_on(listed(_chosen(found, form)), business_date()),
            "query": request.GET.urlencode(),
        }
        return render(request, "activities/findings_print.html", context)


def finding(request: AccessRequest, pk: int) -> HttpResponse:
    shown = finding_or_404(request, pk)
    access = request.access
    return render(
        request,
        "activities/finding.html",
        {
            "organisation": shown.organisation,
            "finding": shown,
            "row": rows_on([shown], business_date())[0],
            "steps": steps_of(shown),
            "files": files_of(shown),
            "may_read_record": shown.activity_id in readable([shown.activity_id], access),
            "duty": duty_of(shown),
            "may_rectify": shown.is_with_branch and access.may(Permission.RECTIFY, shown.organisation),
            "may_verify": may_verify(access, shown),
            "may_lead": may_lead(access, shown),
        },
    )


def file(request: AccessRequest, pk: int) -> HttpResponseBase:
    """The proof itself; pictures and PDF are shown, everything else is downloaded."""
    return serve(finding_file_or_404(request, pk).file, inline=True)


def _found(request: AccessRequest, code: str) -> tuple[Organisation, FindingFilterForm, FindingQuerySet]:
    organisation = organisation_or_404(request, code, Permission.VIEW)
    below = None
    if not organisation.is_branch:
        below = Organisation.objects.within(request.access, Permission.VIEW).under(organisation).order_by("lft")
    form = FindingFilterForm(request.GET, organisations=below)
    return organisation, form, form.applied_to(findings_below(organisation, request.access))


def _chosen(found: FindingQuerySet, form: FindingFilterForm) -> FindingQuerySet:
    return found.of_status(form.chosen_status, business_date()) if form.chosen_status else found


def _status_link(request: AccessRequest, status: str) -> str:
    """The list with another status chosen and the other filters kept."""
    query = request.GET.copy()
    query.pop("page", None)
    query.pop("status", None)
    if status:
        query["status"] = status
    return f"?{query.urlencode()}"
