"""The way of a record through review: handing in, taking back, the queue, accepting, returning."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from activities.actions.reviews import MovedMeanwhile, RecordIncomplete, accept, send_back, submit, withdraw
from activities.forms.reviews import ReturnForm
from activities.models import Activity
from activities.queries.activities import activity_or_404, late_among, listed
from activities.queries.reviews import reviewable_by, reviews_anything, waiting_for
from activities.rules.activities import State
from branches.rights import AccessRequest, Permission
from foundation.messages import done
from foundation.rules.numbers import small_integer

PAGE = 50


def review(request: AccessRequest) -> HttpResponse:
    """The records that wait for the user, branch by branch."""
    if not reviews_anything(request.access):
        raise Http404
    rows = listed(waiting_for(request.access)).select_related("submitted_by", "organisation__parent")
    ordered = rows.order_by("organisation__tree_id", "organisation__lft", "submitted_on", "pk")
    page = Paginator(ordered, PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "late": late_among(page.object_list)}
    return render(request, "activities/review.html", context)


@require_POST
def accept_many(request: AccessRequest) -> HttpResponse:
    """Accept the chosen records, each in its own right; those that could not be taken are named with the reason."""
    chosen = [_chosen(value) for value in request.POST.getlist("record")]
    mine = {row.pk: row for row in reviewable_by(request.access).filter(pk__in=[pk for pk, _version in chosen])}
    if not mine and not reviews_anything(request.access):
        raise Http404
    taken = 0
    for pk, version in chosen:
        record = mine.get(pk)
        if record is None:
            messages.warning(request, _("One of the records is not yours to review; it was left as it is."))
            continue
        try:
            accept(activity=record, version=version, by=request.user)
            taken += 1
        except MovedMeanwhile as error:
            messages.warning(request, _not_accepted(record, error))
    if taken:
        text = ngettext("%(count)s record accepted.", "%(count)s records accepted.", taken) % {"count": taken}
        messages.success(request, text)
    elif not chosen:
        messages.warning(request, _("Choose the records to accept first."))
    return redirect("activities:review")


@require_POST
def accept_one(request: AccessRequest, pk: int) -> HttpResponse:
    record = _mine_or_404(request, pk)
    try:
        accept(activity=record, version=_version(request), by=request.user)
    except MovedMeanwhile as error:
        messages.warning(request, str(error))
        return redirect("activities:review")
    done(request, _("Accepted: %(title)s") % {"title": record.title})
    return redirect("activities:review")


def return_(request: AccessRequest, pk: int) -> HttpResponse:
    """Send a record back with reasons; also one accepted already."""
    record = _mine_or_404(request, pk)
    if record.state not in (State.SUBMITTED, State.ACCEPTED):
        messages.warning(request, str(MovedMeanwhile(record)))
        return redirect("activities:review")
    form = ReturnForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"organisation": record.organisation, "activity": record, "form": form}
        return render(request, "activities/return.html", context)
    try:
        send_back(activity=record, version=_version(request), reason=form.reason, by=request.user)
    except MovedMeanwhile as error:
        messages.warning(request, str(error))
        return redirect("activities:review")
    done(request, _("Returned to the branch: %(title)s") % {"title": record.title})
    return redirect("activities:review")


@require_POST
def submit_record(request: AccessRequest, pk: int) -> HttpResponse:
    """Hand in a record as it is stored; what is missing is shown in the form."""
    record = activity_or_404(request, pk, Permission.SUBMIT)
    try:
        record = submit(activity=record, version=_version(request), by=request.user)
    except RecordIncomplete:
        return redirect(f"{reverse('activities:edit', args=[pk])}?check=1")
    except MovedMeanwhile as error:
        messages.warning(request, str(error))
        return redirect("activities:activity", pk)
    undo = reverse("activities:withdraw", args=[pk]) + f"?version={record.version}"
    done(request, _("Handed in for review: %(title)s") % {"title": record.title}, undo_url=undo)
    return redirect("activities:activity", pk)


@require_POST
def withdraw_record(request: AccessRequest, pk: int) -> HttpResponse:
    record = activity_or_404(request, pk, Permission.SUBMIT)
    try:
        withdraw(activity=record, version=_version(request), by=request.user)
    except MovedMeanwhile as error:
        messages.warning(request, str(error))
        return redirect("activities:activity", pk)
    done(request, _("Taken back; it is a draft again: %(title)s") % {"title": record.title})
    return redirect("activities:edit", pk)


def _mine_or_404(request: AccessRequest, pk: int) -> Activity:
    record = reviewable_by(request.access).select_related("organisation__parent").filter(pk=pk).first()
    if record is None:
        raise Http404
    request.organisation = record.organisation
    return record


def _not_accepted(record: Activity, error: MovedMeanwhile) -> str:
    # What was taken back may bear another title by now, and a draft's is not the reviewer's to see.
    if record.state == State.DRAFT:
        return _("One of the records was not accepted. %(reason)s") % {"reason": str(error)}
    return _("“%(title)s” was not accepted. %(reason)s") % {"title": record.title, "reason": str(error)}


def _chosen(value: str) -> tuple[int, int]:
    """12:3 is record 12 as it was at version 3."""
    pk, _colon, version = value.partition(":")
    return small_integer(pk) or 0, small_integer(version) or 0


def _version(request: AccessRequest) -> int:
    """The version the page showed; the black bar's undo button has it in the address. Without one nothing fits."""
    text = request.POST.get("version") or request.GET.get("version", "")
    return small_integer(text) or 0
