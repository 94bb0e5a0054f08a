from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from branches.queries.why import reasons_for
from branches.rights import AccessRequest, Permission, organisation_or_404


def why(request: AccessRequest, code: str) -> HttpResponse:
    """Which of the reader's own roles reach the organisation, and what each permits there."""
    organisation = organisation_or_404(request, code, Permission.VIEW)
    context = {
        "organisation": organisation,
        "reasons": reasons_for(organisation, request.access),
    }
    return render(request, "branches/why.html", context)
