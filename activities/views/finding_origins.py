"""Raising a finding: by itself, at a check, out of a returned record, an overdue duty, a life meeting's commitment."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from activities.actions.findings import raise_finding
from activities.forms.findings import FindingForm
from activities.models import Commitment, Finding
from activities.queries.activities import activity_or_404
from activities.queries.branch import last_returns
from activities.queries.checkups import checkup_or_404
from activities.queries.duties import cells
from activities.queries.findings import Origin, open_one, owners_on, supervisor_of
from activities.rules.activities import State
from activities.rules.duties import DutyStatus
from activities.rules.findings import FindingSource
from branches.forms.organisations import show_refusal
from branches.models import Organisation
from branches.rights import AccessRequest, Permission, organisation_or_404
from foundation.clock import business_date
from foundation.messages import done

YEARS = range(2000, 2100)


def new(request: AccessRequest, code: str) -> HttpResponse:
    """Where first, by link; then the problem. Above branches the organisation itself is asked for with ?here=1."""
    organisation = organisation_or_404(request, code, Permission.SUPERVISE)
    if not organisation.is_branch and "here" not in request.GET:
        below = Organisation.objects.within(request.access, Permission.SUPERVISE).under(organisation)
        context = {"organisation": organisation, "below": below.existing_on(business_date()).order_by("lft")}
        return render(request, "activities/finding_where.html", context)
    return _raise(request, organisation, Origin(source=""))


def from_check(request: AccessRequest, pk: int) -> HttpResponse:
    """One more problem found at a check."""
    check = checkup_or_404(request, pk)
    if not request.access.may(Permission.SUPERVISE, check.checked):
        raise Http404
    return _raise(request, check.checked, Origin(source=FindingSource.CHECK, check=check))


def from_record(request: AccessRequest, pk: int) -> HttpResponse:
    """A returned record becomes a finding, with the words it was returned with."""
    record = activity_or_404(request, pk, Permission.SUPERVISE)
    if record.state != State.RETURNED:
        messages.warning(request, _("Only a returned record can be turned into a finding."))
        return redirect("activities:activity", pk)
    step = last_returns([record]).get(record.pk)
    text = _("Record “%(title)s”: %(reason)s") % {"title": record.title, "reason": step.reason if step else ""}
    return _raise(request, record.organisation, Origin(source=FindingSource.RETURNED, activity=record), text=text)


def from_duty(request: AccessRequest, code: str, rule_code: str, year: int, number: int) -> HttpResponse:
    """A duty that is overdue or was missed becomes a finding."""
    branch = organisation_or_404(request, code, Permission.SUPERVISE)
    if year not in YEARS or not branch.is_branch:
        raise Http404
    own = cells([branch], year, business_date())[branch.pk]
    cell = next((cell for cell in own if cell.rule.code == rule_code and cell.period.number == number), None)
    if cell is None:
        raise Http404
    if cell.status not in (DutyStatus.OVERDUE, DutyStatus.MISSED):
        messages.warning(request, _("Only a duty that is overdue or was missed can be turned into a finding."))
        return redirect("activities:duty", code, rule_code, year, number)
    text = _("%(period)s: %(duty)s was not held as required.") % {
        "period": cell.period.full_name,
        "duty": cell.rule.label,
    }
    return _raise(request, branch, Origin(source=FindingSource.DUTY, duty=(rule_code, year, number)), text=text)


def from_commitment(request: AccessRequest, pk: int) -> HttpResponse:
    """A line of a life meeting's list of problems becomes a finding, followed until closed."""
    commitment = get_object_or_404(Commitment.objects.select_related("person"), pk=pk)
    record = activity_or_404(request, commitment.activity_id, Permission.SUPERVISE)
    if record.state == State.DRAFT:
        text = _("The record is still a draft; what it says becomes a finding once it is handed in.")
        messages.warning(request, text)
        return redirect("activities:activity", record.pk)
    origin = Origin(source=FindingSource.LIFE_MEETING, activity=record, commitment=commitment)
    first: dict[str, Any] = {"owner": commitment.person_id}
    if commitment.due_on and commitment.due_on >= business_date():
        first["due_on"] = commitment.due_on
    return _raise(request, record.organisation, origin, text=commitment.problem, **first)


def _raise(request: AccessRequest, organisation: Organisation, origin: Origin, **first: Any) -> HttpResponse:
    """The form, or the open finding there is already: a second click meets the first one's."""
    raised_by = supervisor_of(request.access, organisation)
    if raised_by is None:
        raise Http404
    known = open_one(organisation, origin) if request.method != "POST" else None
    if known is not None:
        return _met(request, known)
    form = FindingForm(
        request.POST or None,
        owners=owners_on(organisation, business_date()),
        today=business_date(),
        asks_source=not origin.source,
        initial={"entry_key": uuid4(), **first},
    )
    if request.method == "POST" and form.is_valid():
        values: dict[str, Any] = form.cleaned_data
        try:
            finding, is_new = raise_finding(
                organisation=organisation,
                raised_by=raised_by,
                origin=replace(origin, source=origin.source or values["source"]),
                content=form.content,
                by=request.user,
                entry_key=values["entry_key"],
            )
        except ValidationError as error:
            show_refusal(form, error)
        else:
            if not is_new:
                return _met(request, finding)
            done(request, _("The problem has been fed back to %(name)s.") % {"name": organisation.short_name})
            return redirect("activities:finding", finding.pk)
    context = {"organisation": organisation, "form": form, "origin": origin}
    return render(request, "activities/finding_form.html", context, status=422 if form.errors else 200)


def _met(request: AccessRequest, finding: Finding) -> HttpResponse:
    messages.info(request, _("This has been fed back already; here is the finding."))
    return redirect("activities:finding", finding.pk)
