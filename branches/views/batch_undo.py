"""An import that was written is undone, but for what somebody has used or changed since."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from branches.queries import batches as queries
from branches.rights import AccessRequest
from branches.views.batch_frames import batch_or_404, frame, refused
from foundation.rules.numbers import small_integer


def batch_undo(request: AccessRequest, pk: UUID) -> HttpResponse:
    """What would be undone and what kept, with a tick for each that is to be undone all the same."""
    from branches.actions.undoing import begin_undo
    from branches.queries.undoing import undo_preview

    found = batch_or_404(request, pk)
    if request.method == "POST":
        also = {number for raw in request.POST.getlist("also") if (number := small_integer(raw)) is not None}
        try:
            begin_undo(batch=found, also=also, by=request.user)
        except ValidationError as error:
            return refused(request, found, error)
        return redirect("branches:batch", found.pk)
    if found.state not in queries.UNDOABLE or found.purged_at is not None:
        return redirect("branches:batch", found.pk)
    context = frame(found.organisation, found.subject) | {"batch": found, "undo": undo_preview(found)}
    return render(request, "branches/batch_undo.html", context)
