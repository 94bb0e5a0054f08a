"""A planned meeting as those above see it: announcing it, the contact leader's word before and after."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from activities.actions import guidance as actions
from activities.forms.guidance import RemarkForm, VerdictForm
from activities.models import Activity
from activities.queries.activities import activity_or_404
from activities.queries.guidance import Meeting, guided_or_404, own_meeting, plan_or_404, words_on
from activities.rules.activities import State
from activities.rules.guidance import TopicVerdict
from branches.forms.organisations import show_refusal
from branches.rights import AccessRequest, Permission
from foundation.messages import done


def plan(request: AccessRequest, pk: int) -> HttpResponse:
    """Theme, kinds, day, time, place and agenda titles of an announced meeting; never the draft itself."""
    shown = plan_or_404(request, pk)
    if shown.state != State.DRAFT and not request.access.may(Permission.GUIDE, shown.organisation):
        return redirect("activities:activity", pk)
    return _page(request, shown)


@require_POST
def announce(request: AccessRequest, pk: int) -> HttpResponse:
    activity = activity_or_404(request, pk, Permission.DRAFT)
    try:
        actions.announce(activity=activity, by=request.user)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        done(
            request,
            _("The contact leader and those above see the plan now, not the draft."),
            undo_url=reverse("activities:announce_withdraw", args=[pk]),
        )
    return redirect(_back(request, activity))


@require_POST
def withdraw(request: AccessRequest, pk: int) -> HttpResponse:
    activity = activity_or_404(request, pk, Permission.DRAFT)
    try:
        actions.withdraw(activity=activity, by=request.user)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        done(request, _("The plan is seen by nobody but those who write it."))
    return redirect(_back(request, activity))


@require_POST
def judge(request: AccessRequest, pk: int) -> HttpResponse:
    shown = guided_or_404(request, pk)
    form = VerdictForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, verdict=form)
    values: dict[str, Any] = form.cleaned_data
    seen = {"seen_title": values.pop("title"), "seen_agenda": values.pop("agenda")}
    try:
        said = actions.judge(activity=shown, by=request.user, **seen, **values)
    except ValidationError as error:
        show_refusal(form, error)
        return _page(request, shown, verdict=form)
    approved = said.verdict == TopicVerdict.APPROVED
    words = _("Topic approved: %(title)s") if approved else _("Your advice on “%(title)s” has been passed on.")
    done(request, words % {"title": said.verdict_on_title})
    return redirect("activities:contact_points_mine")


def remark(request: AccessRequest, pk: int) -> HttpResponse:
    """The leader's page of a meeting that was held."""
    shown = guided_or_404(request, pk)
    if request.method != "POST":
        return _page(request, shown)
    form = RemarkForm(request.POST)
    if form.is_valid():
        values: dict[str, Any] = form.cleaned_data
        try:
            actions.remark(activity=shown, by=request.user, **values)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            done(request, _("Saved; the branch reads it at its record."))
            return redirect("activities:contact_points_mine")
    return _page(request, shown, remarks=form)


def _page(
    request: AccessRequest, shown: Activity, verdict: VerdictForm | None = None, remarks: RemarkForm | None = None
) -> HttpResponse:
    own = own_meeting(shown, request.access)
    guides = request.access.may(Permission.GUIDE, shown.organisation)
    refused = (verdict is not None and bool(verdict.errors)) or (remarks is not None and bool(remarks.errors))
    context = {
        "organisation": shown.organisation,
        "activity": shown,
        "meeting": own,
        "words": words_on(shown),
        "guides": guides,
        "verdict_form": _current(verdict, own, shown) if guides and own.may_judge else None,
        "remark_form": _remarks(remarks, own) if guides and own.may_remark else None,
        "refusals": _unplaced(verdict, own.may_judge) + _unplaced(remarks, own.may_remark),
        "may_read": shown.state != State.DRAFT,
    }
    return render(request, "activities/plan.html", context, status=422 if refused else 200)


def _current(form: VerdictForm | None, own: Meeting, shown: Activity) -> VerdictForm:
    """A blank form, or the refused one with what stands now: the next sending is knowingly on that."""
    stands = {"version": own.version, "title": shown.title, "agenda": own.agenda}
    if form is None:
        # Advice on a theme that has been changed since is not to be sent along with the approval of the new one.
        advises = own.word and own.word.guidance.verdict == TopicVerdict.ADVISED and not own.word.outdated
        advice = own.word.guidance.advice if own.word and advises else ""
        return VerdictForm(initial=stands | {"advice": advice})
    return _on(form, **stands)


def _remarks(form: RemarkForm | None, own: Meeting) -> RemarkForm:
    if form is not None:
        return _on(form, version=own.version)
    said = own.word.guidance if own.word else None
    present = {True: "yes", False: "no", None: None}[said.was_present if said else None]
    return RemarkForm(initial={"version": own.version, "was_present": present, "remarks": said.remarks if said else ""})


def _unplaced(form: Any, is_shown: bool) -> list[str]:  # noqa: FBT001
    """The refusals of a form the page does not show any more."""
    return list(form.non_field_errors()) if form is not None and not is_shown else []


def _on(form: Any, **values: Any) -> Any:
    form.data = form.data.copy()
    for name, value in values.items():
        form.data[name] = value
    return form


def _back(request: AccessRequest, activity: Activity) -> str:
    """Where the button was: the record's own page, else the branch."""
    if request.POST.get("from") == "record":
        return reverse("activities:activity", args=[activity.pk])
    return reverse("activities:branch", args=[activity.organisation.code])
