"""My branch: what needs doing today, and the year's duties."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render

from activities.queries.branch import (
    branch_cells,
    branch_facts,
    duty_groups,
    readable_records,
    recent_activities,
    to_do,
)
from activities.queries.duties import year_summary
from activities.queries.figures import figures
from activities.queries.guidance import next_meetings, recent_remarks
from activities.queries.results import standing_of
from branches.rights import AccessRequest, Permission, organisation_or_404
from foundation.clock import business_date


def branch(request: AccessRequest, code: str) -> HttpResponse:
    node = organisation_or_404(request, code, Permission.VIEW)
    if not node.is_branch:
        return redirect("activities:desk", code)
    today = business_date()
    own = branch_cells(node, today.year, today)
    groups = duty_groups(own, today.year, today)
    return render(
        request,
        "activities/branch.html",
        {
            "branch": node,
            "today": today,
            "facts": branch_facts(node, today),
            "todo": to_do(node, own, request.access),
            "groups": groups,
            "readable": readable_records((row.standing for group in groups for row in group.rows), request.access),
            "summary": year_summary(cell for cell in own if cell.period.year == today.year),
            "figures": figures(node, date(today.year, 1, 1), today),
            "results": standing_of(node),
            "recent": recent_activities(node, request.access),
            "next": next_meetings(node, request.access),
            "remarks": recent_remarks(node, request.access),
        },
    )
