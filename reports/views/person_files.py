"""A member's file, and the records behind each of its numbers."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render

from activities.queries.results import honours_on
from branches.queries.people import MemberPage, member_page
from branches.queries.trail import trail_of, trail_rows
from branches.rights import AccessRequest, Permission
from foundation.clock import business_date
from reports.forms.person_files import RecordsFilter
from reports.queries.contributions import contributions_of, talks_of
from reports.queries.person_files import attendance_of, groups_of, lectures_of, led_by, records_of
from reports.rules.person_files import ATTENDING, CONTRIBUTING, LEADING

PER_PAGE = 50
CHANGES_PER_PAGE = 20


def person_file(request: AccessRequest, pk: int) -> HttpResponse:
    page = _page_or_404(request, pk)
    entries = Paginator(trail_of(page.person, request.access), CHANGES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "today": business_date(),
        "groups": groups_of(page.person, request.access),
        "lines": attendance_of(page.person, request.access),
        "attending": ATTENDING,
        "led": led_by(page.person, request.access),
        "leading": LEADING,
        "lectures": lectures_of(page.person, request.access),
        "honours": honours_on(page.person, request.access),
        "contributions": contributions_of(page.person, request.access),
        "contributing": CONTRIBUTING,
        "talks": talks_of(page.person, request.access),
        "sees_trail": request.access.may_anywhere(Permission.SEE_TRAIL),
        "page_obj": entries,
        "rows": trail_rows(list(entries.object_list)),
    }
    return render(request, "reports/person_files/file.html", page.context | context)


def person_records(request: AccessRequest, pk: int) -> HttpResponse:
    page = _page_or_404(request, pk)
    form = RecordsFilter(request.GET)
    records = records_of(page.person, request.access, **form.chosen)
    context = {
        "form": form,
        "page_obj": Paginator(records, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "reports/person_files/records.html", page.context | context)


def _page_or_404(request: AccessRequest, pk: int) -> MemberPage:
    """The member as the reader may see them; who never belonged to a branch in reach does not exist."""
    page = member_page(request.access, pk, business_date())
    if page is None:
        raise Http404
    request.organisation = page.branch
    return page
