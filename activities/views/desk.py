"""The committee's dashboard."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from activities.models import Activity
from activities.queries.desk import matrix, returned_below
from activities.queries.errands import errands_of, gaps_of
from activities.queries.figures import attendance_by_node, figures, monthly_counts
from activities.queries.findings import desk_counts
from activities.queries.reviews import waiting_for
from activities.rules.activities import State
from activities.rules.duties import DutyStatus
from activities.rules.periods import Period, Rhythm, parse_period, period_before, period_of
from branches.models import Organisation
from branches.rights import AccessRequest, Permission, organisation_or_404
from foundation.clock import business_date, now

FEW = 5  # lines in a column of today's work
LEGEND = ("overdue", "soon", "missed", "pending", "open", "met", "exempt", "na")


def desk(request: AccessRequest, code: str) -> HttpResponse:
    node = organisation_or_404(request, code, Permission.VIEW)
    if node.is_branch:
        return redirect("activities:branch", code)
    today = business_date()
    shown = _shown(request, today)
    status = request.GET.get("status", "")
    status = status if status in DutyStatus.values else ""
    only_problems = "problems" in request.GET
    duties = matrix(node, today, shown=shown, status=status, only_problems=only_problems)
    year = shown.year if shown else today.year
    returned_count, returned = returned_below(node, request.access, FEW)
    first, last = date(year, 1, 1), min(date(year, 12, 31), today)
    return render(
        request,
        "activities/desk.html",
        {
            "node": node,
            "today": today,
            "year": year,
            "shown": shown,
            "segments": _segments(today, shown),
            "status": status,
            "only_problems": only_problems,
            "matrix": duties,
            "legend": [(key, duties.counts[key]) for key in LEGEND],
            "figures": figures(node, first, last),
            "waiting": _waiting(node, request),
            "errands": errands_of(node, request.access, now()),
            "gaps": gaps_of(node, request.access, FEW),
            "overdue": duties.overdue,
            "returned_count": returned_count,
            "returned": returned,
            "few": FEW,
            "findings": desk_counts(node, request.access),
            "bars": _bars(node, year, today),
            "attendance": attendance_by_node(node, duties.nodes, first, last),
        },
    )


def _shown(request: AccessRequest, today: date) -> Period | None:
    """The period in the address; None (what stands now) for none, a wrong one or one that has not begun."""
    shown = parse_period(request.GET.get("period", ""))
    return shown if shown is not None and shown.first <= today else None


def _segments(today: date, shown: Period | None) -> list[tuple[str, str, bool]]:
    """(key, label, current) of what can be looked at: now, the month and quarter before, this and last year."""
    periods = [
        period_before(period_of(today, Rhythm.MONTH)),
        period_before(period_of(today, Rhythm.QUARTER)),
        period_of(today, Rhythm.YEAR),
        period_before(period_of(today, Rhythm.YEAR)),
    ]
    if shown is not None and shown not in periods:
        periods.insert(0, shown)
    rest = [(p.key, p.name if p.year == today.year else p.full_name, p == shown) for p in periods]
    return [("", _("Now"), shown is None), *rest]


def _waiting(node: Organisation, request: AccessRequest) -> dict[str, Any]:
    """Records below `node` that wait for a review; `mine` says how many of them fall to the reader."""
    below = {
        "organisation__tree_id": node.tree_id,
        "organisation__lft__gte": node.lft,
        "organisation__rght__lte": node.rght,
    }
    rows = Activity.objects.within(request.access).filter(state=State.SUBMITTED, **below)
    return {
        "count": rows.count(),
        "mine": waiting_for(request.access).filter(**below).count(),
        "rows": rows.select_related("organisation").prefetch_related("kinds").order_by("submitted_on", "pk")[:FEW],
    }


def _bars(node: Organisation, year: int, today: date) -> list[dict[str, Any]]:
    """Activities a month; the running month is marked unfinished, those to come are gaps."""
    counts = monthly_counts(node, year)
    listed = reverse("activities:list", args=[node.code])
    found = []
    for month in range(1, 13):
        period = Period(year, Rhythm.MONTH, month)
        has_begun = period.first <= today
        number = counts.get(month, 0) if has_begun else None
        found.append(
            {
                "label": format_date(period.first, pgettext("months of a chart", "M")),
                "value": number,
                "name": _("%(month)s: %(number)d activities") % {"month": period.name, "number": number or 0},
                "url": f"{listed}?month={period.key}&state=counting" if has_begun else None,
                "unfinished": period.contains(today),
            }
        )
    return found
