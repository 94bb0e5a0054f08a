"""The one search box. Always a POST, so that a number typed into it enters no address and no log."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters

from activities.models import Activity
from activities.queries.activities import activities_found
from branches.queries.search import is_sensitive, organisations_found, people_found
from branches.rights import AccessRequest

SHOWN = 20
LONGEST = 60


@sensitive_post_parameters("q")
def search(request: AccessRequest) -> HttpResponse:
    text = request.POST.get("q", "").strip()[:LONGEST]
    found: dict[str, object] = {}
    if text:
        more = SHOWN + 1
        activities = Activity.objects.none()
        organisations = []
        if not is_sensitive(text):
            activities = activities_found(text, request.access)
            organisations = list(organisations_found(text, request.access)[:more])
        found = {
            "people": people_found(text, request.access, more),
            "activities": list(activities[:more]),
            "organisations": organisations,
        }
    shown = "" if is_sensitive(text) else text
    return render(
        request,
        "config/search.html",
        {
            "text": shown,
            "search_text": shown,
            "asked": bool(text),
            "shown": SHOWN,
            "anything": any(found.values()),
            **found,
        },
    )
