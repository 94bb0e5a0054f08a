"""Monthly checks: which were made and who is missing, one check, recording one with the problems found."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from activities.actions.checkups import record_check
from activities.forms.checkups import CheckupForm, first_values
from activities.forms.findings import ProblemFormSet
from activities.queries.checkups import (
    checks_below,
    checkup_or_404,
    listed,
    month_of,
    records_of,
    records_to_read,
)
from activities.queries.findings import listed as findings_listed
from activities.queries.findings import owners_on, rows_on, supervisor_of
from activities.rules.periods import Period, Rhythm, parse_period, period_before, period_of
from branches.forms.organisations import show_refusal
from branches.models import Organisation
from branches.rights import AccessRequest, Permission, organisation_or_404
from foundation.clock import business_date
from foundation.forms import DayField
from foundation.messages import done
from foundation.rules.numbers import small_integer

PAGE = 25
MONTHS_BACK = 5  # months beside the running one that a link leads to


def list_(request: AccessRequest, code: str) -> HttpResponse:
    """The checks of a month at an organisation and below it, and the branches nobody has checked in it."""
    organisation = organisation_or_404(request, code, Permission.VIEW)
    today = business_date()
    shown = parse_period(request.GET.get("month", ""))
    if shown is None or shown.rhythm != Rhythm.MONTH or shown.first > today:
        shown = period_of(today, Rhythm.MONTH)
    checks = listed(checks_below(organisation, request.access).filter(on__gte=shown.first, on__lte=shown.last))
    return render(
        request,
        "activities/checks.html",
        {
            "organisation": organisation,
            "shown": shown,
            "months": _months(today, shown),
            "month": month_of(organisation, shown, today),
            "page_obj": Paginator(checks, PAGE).get_page(request.GET.get("page")),
            "may_check": _may_check(request, organisation),
            "is_running": shown.contains(today),
        },
    )


def checkup(request: AccessRequest, pk: int) -> HttpResponse:
    shown = checkup_or_404(request, pk)
    return render(
        request,
        "activities/checkup.html",
        {
            "organisation": shown.checked,
            "check": shown,
            "records": records_of(shown, request.access),
            "rows": rows_on(findings_listed(shown.findings.all()), business_date()),
            "may_raise": request.access.may(Permission.SUPERVISE, shown.checked),
        },
    )


def new(request: AccessRequest, code: str) -> HttpResponse:
    """Whom first, by link; then what was looked at, and the problems found."""
    organisation = organisation_or_404(request, code, Permission.SUPERVISE)
    by = supervisor_of(request.access, organisation, above=True)
    if not organisation.is_branch and ("here" not in request.GET or by is None):
        today = business_date()
        month = month_of(organisation, period_of(today, Rhythm.MONTH), today)
        below = Organisation.objects.within(request.access, Permission.SUPERVISE).under(organisation)
        context = {
            "organisation": organisation,
            "below": below.existing_on(today).exclude(pk=organisation.pk).order_by("lft"),
            "missing": {branch.pk for branch in month.missing},
            "may_check_here": by is not None,
        }
        return render(request, "activities/checkup_where.html", context)
    if by is None:
        raise Http404
    form, problems = _forms(request, organisation)
    if request.method == "POST" and form.is_valid() & problems.is_valid():
        try:
            made = record_check(
                checked=organisation,
                organisation=by,
                checkup=form.checkup,
                problems=[row.content for row in problems if row.has_changed()],
                by=request.user,
                entry_key=form.cleaned_data["entry_key"],
            )
        except ValidationError as error:
            show_refusal(form, error)
        else:
            done(request, _("The check of %(name)s has been recorded.") % {"name": organisation.short_name})
            return redirect("activities:checkup", made.pk)
    context = {"organisation": organisation, "form": form, "problems": problems, "more_errors": _row_errors(problems)}
    return render(request, "activities/checkup_form.html", context, status=422 if request.method == "POST" else 200)


def _forms(request: AccessRequest, organisation: Organisation) -> tuple[CheckupForm, Any]:
    """The forms with the members of today and the records of the time asked for, else of the last two months."""
    today = business_date()
    data = request.POST if request.method == "POST" else request.GET
    running = period_of(today, Rhythm.MONTH)
    since = _day(data.get("since")) or period_before(running).first
    until = _day(data.get("until")) or today
    ticked = [pk for pk in map(small_integer, request.GET.getlist("activities")) if pk]
    url = reverse("activities:checkup_new", args=[organisation.code])
    form = CheckupForm(
        request.POST or None,
        records=records_to_read(organisation, request.access, since, until),
        url=url if organisation.is_branch else f"{url}?here=1",
        initial=first_values() | {"since": since, "until": until, "activities": ticked},
    )
    owners = owners_on(organisation, today)
    problems = ProblemFormSet(request.POST or None, prefix="problems", form_kwargs={"owners": owners, "today": today})
    return form, problems


def _row_errors(problems: Any) -> list[tuple[str, str]]:
    """(text, anchor) of every error in the rows of problems, each named by its place."""
    if not problems.is_bound:
        return []
    return [
        (
            _("Problem %(number)d, %(field)s: %(error)s") % {"number": number, "field": field.label, "error": error},
            field.id_for_label,
        )
        for number, row in enumerate(problems, start=1)
        for field in row
        for error in field.errors
    ]


def _may_check(request: AccessRequest, organisation: Organisation) -> bool:
    """A branch is checked from above; at an organisation above branches the button leads to those below it."""
    above = organisation.is_branch
    return supervisor_of(request.access, organisation, above=above) is not None


def _months(today: date, shown: Period) -> list[tuple[Period, bool]]:
    """The running month and some before it, each with whether it is shown; one from further back stands first."""
    found = [period_of(today, Rhythm.MONTH)]
    for _number in range(MONTHS_BACK):
        found.append(period_before(found[-1]))
    found.reverse()
    return [(period, period == shown) for period in ([] if shown in found else [shown]) + found]


def _day(text: str | None) -> date | None:
    try:
        return DayField(required=False).clean(text)
    except ValidationError:
        return None
