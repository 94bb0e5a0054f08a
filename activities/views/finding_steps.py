"""What happens to a finding: rectified by the branch; verified, sent back, extended or withdrawn from above."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from activities.actions import findings as actions
from activities.forms.findings import CloseForm, ExtendForm, ReasonForm, RectifyForm
from activities.models import Finding
from activities.queries.findings import (
    files_of,
    finding_file_or_404,
    finding_or_404,
    judges,
    last_send_backs,
    leads,
    steps_of,
)
from activities.rules.findings import FindingState
from branches.forms.organisations import show_refusal
from branches.rights import AccessRequest, Permission
from foundation.messages import done


def rectify(request: AccessRequest, pk: int) -> HttpResponse:
    """The branch writes its measures and what was done; kept, or reported to those above."""
    finding = finding_or_404(request, pk, Permission.RECTIFY)
    if not finding.is_with_branch:
        messages.warning(request, _("The branch has nothing to write on this finding now."))
        return redirect("activities:finding", pk)
    first = {"version": finding.version, "measures": finding.measures, "proof": finding.proof}
    form = RectifyForm(request.POST or None, request.FILES or None, initial=first)
    if request.method == "POST" and form.is_valid():
        values: dict[str, Any] = form.cleaned_data
        reports = "report" in request.POST
        try:
            actions.rectify(
                finding=finding,
                version=values["version"],
                measures=values["measures"],
                proof=values["proof"],
                by=request.user,
                uploads=values["evidence"],
                report=reports,
            )
        except ValidationError as error:
            _refuse(form, error, pk)
        else:
            done(request, _("Reported as rectified; it waits for verification.") if reports else _("Saved."))
            return redirect("activities:finding", pk)
    context = {
        "organisation": finding.organisation,
        "finding": finding,
        "form": form,
        "files": files_of(finding),
        "sent_back": last_send_backs([finding]).get(finding.pk),
    }
    return render(request, "activities/finding_rectify.html", context, status=422 if form.errors else 200)


def close(request: AccessRequest, pk: int) -> HttpResponse:
    finding = _to_verify(request, pk)
    if finding.state != FindingState.VERIFY:
        return _moved_on(request, finding)
    form = CloseForm(request.POST or None, initial={"version": finding.version})
    return _act(request, finding, form, "close", actions.close, _("Verified; this finding is closed."))


def send_back(request: AccessRequest, pk: int) -> HttpResponse:
    finding = _to_verify(request, pk)
    if finding.state != FindingState.VERIFY:
        return _moved_on(request, finding)
    form = ReasonForm(request.POST or None, initial={"version": finding.version})
    return _act(request, finding, form, "send_back", actions.send_back, _("Sent back to the branch."))


def extend(request: AccessRequest, pk: int) -> HttpResponse:
    finding = _to_lead(request, pk)
    if not finding.is_with_branch:
        return _moved_on(request, finding)
    form = ExtendForm(request.POST or None, initial={"version": finding.version, "due_on": finding.due_on})
    return _act(request, finding, form, "extend", actions.extend, _("The due day has been changed."))


def withdraw(request: AccessRequest, pk: int) -> HttpResponse:
    finding = _to_lead(request, pk)
    if not finding.is_with_branch:
        return _moved_on(request, finding)
    form = ReasonForm(request.POST or None, initial={"version": finding.version})
    return _act(request, finding, form, "withdraw", actions.withdraw, _("The finding has been withdrawn."))


@require_POST
def remove_file(request: AccessRequest, pk: int) -> HttpResponse:
    taken = finding_file_or_404(request, pk, Permission.RECTIFY)
    try:
        actions.remove_file(file=taken, by=request.user)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        done(request, _("“%(name)s” has been removed from the finding.") % {"name": taken.file.name})
    return redirect("activities:finding", taken.finding_id)


def _to_verify(request: AccessRequest, pk: int) -> Finding:
    finding = finding_or_404(request, pk)
    if not judges(request.access, finding):
        raise Http404
    return finding


def _to_lead(request: AccessRequest, pk: int) -> Finding:
    finding = finding_or_404(request, pk, Permission.SUPERVISE)
    if not leads(request.access, finding):
        raise Http404
    return finding


def _moved_on(request: AccessRequest, finding: Finding) -> HttpResponse:
    """Somebody was quicker, or another tab: what was done last, and by whom."""
    last = steps_of(finding)[-1]
    said = _("Nothing was changed: the last step of this finding is “%(act)s”, by %(name)s.")
    messages.warning(request, said % {"act": last.act.label, "name": last.row.by})
    return redirect("activities:finding", finding.pk)


def _act(
    request: AccessRequest,
    finding: Finding,
    form: forms.Form,
    act: str,
    do: Callable[..., Finding],
    said: str,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            do(finding=finding, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            _refuse(form, error, finding.pk)
        else:
            done(request, said)
            return redirect("activities:finding", finding.pk)
    context = {"organisation": finding.organisation, "finding": finding, "form": form, "act": act}
    return render(request, "activities/finding_act.html", context, status=422 if form.errors else 200)


def _refuse(form: forms.Form, error: ValidationError, pk: int) -> None:
    """Show the refusal; after a clash the next saving is of the version that stands now, knowingly."""
    show_refusal(form, error)
    if isinstance(error, actions.ChangedMeanwhile):
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data["version"] = Finding.objects.values_list("version", flat=True).get(pk=pk)  # type: ignore[index]
