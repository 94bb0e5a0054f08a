"""What may be wrong or missing in members' records."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from branches.queries.data_quality import flaws_of, members_with, suspects, twins_of
from branches.rights import AccessRequest, Permission, organisation_or_404
from branches.rules.data_quality import HOW_TO_MEND, LABELS, Flaw
from foundation.clock import business_date

PER_PAGE = 60


@dataclass(frozen=True)
class Tile:
    flaw: Flaw
    label: str
    number: int


def index(request: AccessRequest, code: str) -> HttpResponse:
    organisation = organisation_or_404(request, code, Permission.MANAGE_PEOPLE)
    today = business_date()
    counts = flaws_of(organisation, request.access, today)
    asked = request.GET.get("show", "")
    shown = Flaw(asked) if asked in set(Flaw) else next((flaw for flaw, number in counts.items() if number), None)
    context = {
        "organisation": organisation,
        "today": today,
        "tiles": [Tile(flaw, str(LABELS[flaw]), number) for flaw, number in counts.items()],
        "is_clean": not any(counts.values()),
        "shown": shown,
    }
    if shown is not None:
        rows = members_with(shown, organisation, request.access, today)
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        twins = twins_of(organisation, request.access, today) if shown == Flaw.DOUBLE else {}
        context |= {
            "page_obj": page,
            "rows": suspects(list(page.object_list), twins, today),
            "label": LABELS[shown],
            "how_to_mend": HOW_TO_MEND[shown],
        }
    return render(request, "branches/data_quality.html", context)
