"""The proof behind a number: one duty in one period, and the whole year."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render

from activities.queries.branch import groups_of, readable_records
from activities.queries.desk import rows_of
from activities.queries.duties import Cell, cells, year_summary
from activities.queries.duty_lists import branches_behind, counts_of, gaps_first, strip_below, year_rows
from activities.rules.duties import DutyStatus
from activities.rules.periods import MONTHS_LONG, Period
from branches.models import Organisation
from branches.rights import AccessRequest, Permission, organisation_or_404
from foundation.clock import business_date

PAGE = 50
LEGEND = ("overdue", "soon", "missed", "pending", "open", "met", "exempt", "na")
YEARS = range(2000, 2100)


def duty(request: AccessRequest, code: str, rule_code: str, year: int, number: int) -> HttpResponse:
    """One duty in one period: the records of a branch, or the branches behind the number of an organisation above."""
    node = organisation_or_404(request, code, Permission.VIEW)
    _check_year(year)
    if node.is_branch:
        return _of_branch(request, node, rule_code, year, number)
    return _of_organisation(request, node, rule_code, year, number)


def year(request: AccessRequest, code: str, year: int) -> HttpResponse:
    """The whole year of a branch with its gaps first; of an organisation above, its branches, the most gaps first."""
    node = organisation_or_404(request, code, Permission.VIEW)
    _check_year(year)
    today = business_date()
    code_shown = request.GET.get("duty", "")
    context: dict[str, Any] = {"node": node, "today": today, "year": year, "duty": code_shown}
    if node.is_branch:
        own = cells([node], year, today)[node.pk]
        shown = [cell for cell in own if code_shown in ("", cell.rule.code)]
        context |= {
            "branch": node,
            "summary": year_summary(shown),
            "rules": {cell.rule.code: cell.rule for cell in own}.values(),
            "gaps": gaps_first(shown),
            "rest": [cell for cell in shown if not cell.is_gap],
            "readable": readable_records(shown, request.access),
        }
        return render(request, "activities/duties.html", context)
    rows, rules = year_rows(node, year, today, code_shown)
    context |= {
        "rules": rules,
        "summary": year_summary(cell for row in rows for cell in row.cells),
        "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "below": [] if rows else [child for child in rows_of(node, today) if not child.is_branch],
    }
    return render(request, "activities/duties_below.html", context)


def _of_branch(request: AccessRequest, branch: Organisation, rule_code: str, year: int, number: int) -> HttpResponse:
    today = business_date()
    of_duty = [cell for cell in cells([branch], year, today)[branch.pk] if cell.rule.code == rule_code]
    cell = _numbered(of_duty, number)
    return render(
        request,
        "activities/duty.html",
        {
            "branch": branch,
            "today": today,
            "cell": cell,
            "rule": cell.rule,
            "cells": of_duty,
            "readable": readable_records([cell], request.access),
            "groups": groups_of(cell),
        },
    )


def _of_organisation(
    request: AccessRequest, node: Organisation, rule_code: str, year: int, number: int
) -> HttpResponse:
    today = business_date()
    of_branch = branches_behind(node, rule_code, year, number, today)
    rhythms = {cell.rule.rhythm for own in of_branch for cell in own}
    if not rhythms:
        raise Http404
    # Branches may have the duty at different rhythms; the most frequent one among them names the page's period.
    rhythm = next(name for name in MONTHS_LONG if name in rhythms)
    if not 1 <= number <= 12 // MONTHS_LONG[rhythm]:
        raise Http404
    period = Period(year, rhythm, number)
    shown = [cell for own in of_branch for cell in own if cell.period.overlaps(period)]
    status = request.GET.get("status", "")
    status = status if status in DutyStatus.values else ""
    listed = [cell for cell in shown if status in ("", cell.status)]
    return render(
        request,
        "activities/duty_below.html",
        {
            "node": node,
            "today": today,
            "rule": shown[0].rule,
            "period": period,
            "status": status,
            "legend": [(key, counts_of(shown)[key]) for key in LEGEND],
            "owed": sum(cell.is_owed for cell in shown),
            "done": sum(cell.is_done for cell in shown),
            "strip": strip_below(of_branch, year, rhythm, today),
            "page_obj": Paginator(listed, PAGE).get_page(request.GET.get("page")),
        },
    )


def _numbered(of_duty: list[Cell], number: int) -> Cell:
    for cell in of_duty:
        if cell.period.number == number:
            return cell
    raise Http404


def _check_year(year: int) -> None:
    if year not in YEARS:
        raise Http404
