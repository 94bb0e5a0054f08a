"""Reading records: the list, one record, the paper."""

from __future__ import annotations

from datetime import date

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation

from activities.forms.filters import ActivityFilterForm
from activities.models import Activity
from activities.queries.activities import (
    activity_or_404,
    is_entered_late,
    kinds_offered,
    listed,
    others_present,
    out_of_reach,
    with_parts,
)
from activities.queries.content import gaps_on
from activities.queries.figures import concerning
from activities.queries.reviews import may_reopen, may_review, reviewing_organisation
from activities.rules.activities import COUNTING, State
from activities.rules.checks import hints
from activities.views.parts import parts_of
from branches.rights import AccessRequest, Permission, organisation_or_404

PAGE = 25


def list_(request: AccessRequest, code: str) -> HttpResponse:
    """The records the user may read of what an organisation, or any below it, held or took part in."""
    organisation = organisation_or_404(request, code, Permission.VIEW)
    form = ActivityFilterForm(request.GET)
    rows = Activity.objects.filter(concerning(organisation, date.min, date.max))
    found = form.found_in(listed(rows.within(request.access), organisation)).prefetch_related("lectures__lecturers")
    return render(
        request,
        "activities/list.html",
        {
            "organisation": organisation,
            "form": form,
            "out_of_reach": 0 if form.cleaned_data.get("q") else out_of_reach(form.applied_to(rows), request.access),
            "page_obj": Paginator(found, PAGE).get_page(request.GET.get("page")),
            "kinds": kinds_offered(organisation) if request.access.may(Permission.DRAFT, organisation) else [],
        },
    )


def activity(request: AccessRequest, pk: int) -> HttpResponse:
    shown = with_parts(activity_or_404(request, pk), request.access)
    may_write = request.access.may(Permission.DRAFT, shown.organisation)
    is_mine = may_review(request.access, shown)
    may_hand_in = request.access.may(Permission.SUBMIT, shown.organisation)
    return render(
        request,
        "activities/activity.html",
        {
            "organisation": shown.organisation,
            "activity": shown,
            **parts_of(shown, request.access),
            "others": others_present(shown, request.access),
            "is_late": shown.state in COUNTING and is_entered_late(shown),
            "gaps": hints(gaps_on(shown)) if is_mine or may_write else [],
            "reviewer": reviewing_organisation(shown) if shown.state == State.SUBMITTED else None,
            "may_edit": may_write and shown.is_editable,
            "may_discard": may_write and shown.state == State.DRAFT,
            "may_submit": may_hand_in and shown.is_editable,
            "may_withdraw": may_hand_in and shown.state == State.SUBMITTED,
            "may_review": is_mine,
            "may_reopen": may_reopen(request.access, shown),
        },
    )


def print_(request: AccessRequest, pk: int) -> HttpResponse:
    """The minutes on A4 paper, always in Chinese."""
    shown = with_parts(activity_or_404(request, pk), request.access)
    with translation.override("zh-hans"):
        others = others_present(shown, request.access)
        parts = parts_of(shown, request.access)
        context = {"organisation": shown.organisation, "activity": shown, **parts, "others": others}
        return render(request, "activities/print.html", context)
