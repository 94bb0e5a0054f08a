"""Parts of the open form that follow what is typed: nothing is written here."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST

from activities.forms.record import RecordForm
from activities.models import Activity
from activities.queries.activities import activity_or_404
from activities.queries.content import content_of, followed
from activities.rules.content import Content
from activities.views.record_page import page_context, told_gaps
from branches.rights import AccessRequest, Permission, organisation_or_404
from foundation.clock import business_date
from foundation.rules.numbers import small_integer


@require_POST
def expected(request: AccessRequest, code: str) -> HttpResponse:
    """The kinds, the day or the group have changed: who is expected, what will count, what is usual."""
    form, content, activity = _typed(request, code)
    content = followed(content, form.usual, form.untouched)
    shown = RecordForm.showing(form.organisation, _with_day(content, form), form.sheet)
    shown.marks, shown.blocks = form.marks, form.blocks
    return render(request, "activities/_follow.html", page_context(request, shown, content, activity=activity))


@require_POST
def check(request: AccessRequest, code: str) -> HttpResponse:
    """What the checks, the quorum and the votes say of what is typed so far."""
    form, content, activity = _typed(request, code)
    context = page_context(request, form, content, activity=activity)
    told = request.POST.get("told", "")
    if told:
        context |= {"told": told, "more_errors": told_gaps(told, form, context["gaps"])}
    return render(request, "activities/_checked.html", context)


def _typed(request: AccessRequest, code: str) -> tuple[RecordForm, Content, Activity | None]:
    organisation = organisation_or_404(request, code, Permission.DRAFT)
    pk = small_integer(request.POST.get("activity", ""))
    activity: Activity | None = None
    if pk is not None:
        activity = activity_or_404(request, pk, Permission.DRAFT)
    data: QueryDict = request.POST
    form = RecordForm.sent(organisation, data, business_date(), content_of(activity) if activity else None)
    return form, form.content(keep_blank=True), activity


def _with_day(content: Content, form: RecordForm) -> Content:
    return content if content.held_on else replace(content, held_on=form.day)
