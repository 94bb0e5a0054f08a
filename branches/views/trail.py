from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from branches.forms.trail import TrailFilter
from branches.queries.trail import trail_at, trail_rows
from branches.rights import AccessRequest, Permission, organisation_or_404

PER_PAGE = 50


def trail(request: AccessRequest, code: str) -> HttpResponse:
    organisation = organisation_or_404(request, code, Permission.SEE_TRAIL)
    form = TrailFilter(request.GET)
    page = Paginator(trail_at(organisation, request.access, **form.chosen), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "branches/trail/list.html",
        {
            "organisation": organisation,
            "form": form,
            "page_obj": page,
            "rows": trail_rows(list(page.object_list)),
        },
    )
