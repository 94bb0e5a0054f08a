"""An import that was written is undone, but for what somebody has used or changed since."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from branches.actions.undoing import begin_undo
from branches.models import Batch
from branches.queries.undoing import UndoPreview, kept_effects, undo_preview
from branches.rights import AccessRequest
from branches.rules.undoing import MAY_BE_DECIDED
from branches.views.batch_frames import batch_or_404, frame, refused
from foundation.rules.numbers import small_integer

KEPT_PER_PAGE = 200


def batch_undo(request: AccessRequest, pk: UUID) -> HttpResponse:
    """What would be undone and what kept, with a tick for each that is to be undone all the same."""
    found = batch_or_404(request, pk)
    if request.method == "POST":
        try:
            begin_undo(batch=found, also=_also(request, found), by=request.user)
        except ValidationError as error:
            return refused(request, found, error)
        return redirect("branches:batch", found.pk)
    undo = undo_preview(found, request.access)
    if not undo.is_possible:
        return redirect("branches:batch", found.pk)
    page = Paginator(undo.kept, KEPT_PER_PAGE).get_page(request.GET.get("page"))
    context = frame(request, found.organisation, found.subject) | {
        "batch": found,
        "undo": undo,
        "page_obj": page,
        "kept": kept_effects(list(page.object_list)),
        "decidable": len(_decidable(undo)),
    }
    return render(request, "branches/batch_undo.html", context)


def _also(request: AccessRequest, found: Batch) -> set[int]:
    """The effects ticked, or with one tick all that may be."""
    if request.POST.get("all"):
        return _decidable(undo_preview(found, request.access))
    return {number for raw in request.POST.getlist("also") if (number := small_integer(raw)) is not None}


def _decidable(undo: UndoPreview) -> set[int]:
    return {pk for pk, reason in undo.kept if reason in MAY_BE_DECIDED}
