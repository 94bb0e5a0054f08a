"""What somebody decides about the rows of a plan before it is confirmed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django_htmx.http import HttpResponseClientRefresh

from branches.actions.batch_decisions import decide, decide_all
from branches.queries import batches as queries
from branches.rights import AccessRequest
from branches.views.batch_frames import asked_show, batch_or_404, frame, plan_facts, posted, refused
from foundation.messages import done
from foundation.rules.numbers import small_integer


@posted
def batch_decide(request: AccessRequest, pk: UUID, position: int) -> HttpResponse:
    """What is to be done with one row; the row comes back, with the numbers that follow from it."""
    found = batch_or_404(request, pk)
    if queries.row_at(found, position) is None:
        raise Http404
    try:
        row = decide(batch=found, position=position, decision=request.POST.get("decision", ""), by=request.user)
    except ValidationError as error:
        return refused(request, found, error)
    skipped_before = found.counts.get("skip", 0)
    found.refresh_from_db()
    if (others := found.counts.get("skip", 0) - skipped_before - 1) > 0:
        text = ngettext(
            "%(number)s row that hangs on it is skipped, too.",
            "%(number)s rows that hang on it are skipped, too.",
            others,
        )
        messages.warning(request, text % {"number": others})
        if request.headers.get("HX-Request"):
            return HttpResponseClientRefresh()
    show, page = asked_show(request), small_integer(request.POST.get("page", "")) or 1
    if not request.headers.get("HX-Request"):
        return redirect(f"{reverse('branches:batch', args=[found.pk])}?show={show}&page={page}#row-{position}")
    is_uploader = found.uploaded_by_id == request.user.pk
    [item] = queries.previewed([row], is_uploader=is_uploader)
    context = frame(request, found.organisation, found.subject) | plan_facts(found)
    context |= {"batch": found, "item": item, "row": item.row, "show": show, "page_number": page, "has_choices": True}
    return render(request, "branches/_batch_decided.html", context)


@posted
def batch_decide_all(request: AccessRequest, pk: UUID) -> HttpResponse:
    """The same for every row of a filter."""
    found = batch_or_404(request, pk)
    show = asked_show(request)
    decision = request.POST.get("decision", "")
    try:
        number = decide_all(batch=found, show=show, decision=decision, by=request.user)
    except ValidationError as error:
        return refused(request, found, error)
    if decision == "skip":
        text = ngettext("%(number)s row will be skipped.", "%(number)s rows will be skipped.", number)
    else:
        text = ngettext("%(number)s row is taken as proposed.", "%(number)s rows are taken as proposed.", number)
    done(request, text % {"number": number})
    # The filter decided about is empty now: the rows skipped are shown where they can be taken back.
    shown = "skip" if decision == "skip" else ""
    return redirect(f"{reverse('branches:batch', args=[found.pk])}?show={shown}")
