"""What the pages of one import have in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRefresh

from branches.actions import batches
from branches.actions.header_mappings import may_choose_columns
from branches.models import Batch, BatchRow, Organisation
from branches.queries import batches as queries
from branches.queries.batch_progress import outcome_of, progress_of
from branches.queries.leavers import leavers_of
from branches.queries.one_time_passwords import may_fetch_passwords
from branches.queries.undoing import can_be_undone
from branches.rights import AccessRequest
from branches.rules.layouts import Layout
from branches.rules.subjects import WORDS
from foundation.clock import now

PER_PAGE = 50
State = Batch.State
# Which step of the way a state is; what was given up or undone has left it.
STEPS = {
    State.PLANNING: 3,
    State.MAPPING: 2,
    State.PLANNED: 3,
    State.APPLYING: 4,
    State.STOPPED: 4,
    State.APPLIED: 5,
    State.FAILED: 1,
}
OVER = (State.APPLIED, State.STOPPED, State.UNDONE)
# The plan is shown while it waits and ever after; not of an import that was given up.
WITH_ROWS = (State.PLANNED, *queries.CONFIRMED)


def batch_or_404(request: AccessRequest, pk: UUID) -> Batch:
    found = queries.find_batch(pk, request.access)
    if found is None:
        raise Http404
    request.organisation = found.organisation
    return found


def frame(request: AccessRequest, organisation: Organisation, subject: str) -> dict[str, Any]:
    """What every page of an import says: whose it is, and the list its rows end up in, to which it belongs."""
    words = WORDS[subject]
    request.menu_page = words.page
    args = [] if words.page == "branches:organisations" else [organisation.code]
    return {"organisation": organisation, "subject": subject, "words": words, "home": reverse(words.page, args=args)}


def preview(request: AccessRequest, found: Batch) -> dict[str, Any]:
    """The page of an import: where it stands and, where it has a plan, one page of its rows."""
    is_uploader = found.uploaded_by_id == request.user.pk
    layouts = [Layout.from_json(stored) for stored in found.layouts]
    context = frame(request, found.organisation, found.subject) | {
        "batch": found,
        "is_uploader": is_uploader,
        "is_stuck": batches.is_stuck(found),
        "progress": progress_of(found, now()),
        "problem": queries.file_problem(found),
        "may_choose_columns": is_uploader and may_choose_columns(found),
        "step": STEPS.get(State(found.state)),
        "left_aside": [layout.sheet for layout in layouts if not layout.is_used],
        "is_remembered": any(layout.is_remembered for layout in layouts if layout.is_used),
    }
    if found.state in OVER:
        context |= {
            "outcome": outcome_of(found),
            "can_undo": can_be_undone(found),
            "may_fetch_passwords": may_fetch_passwords(found, request.access),
        }
    if found.state in WITH_ROWS and found.purged_at is None:
        context |= _rows(request, found)
    if found.state == State.APPLIED:
        context["roles_left"] = queries.roles_left_behind(found, request.access)
    return context


def refused(request: AccessRequest, found: Batch, error: ValidationError) -> HttpResponse:
    """Back to the page of the import, which says why the act was refused; so its address can be loaded again."""
    messages.error(request, " ".join(error.messages))
    if request.headers.get("HX-Request"):
        return HttpResponseClientRefresh()
    show = asked_show(request)
    return redirect(reverse("branches:batch", args=[found.pk]) + (f"?show={show}" if show else ""))


def posted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """An act on an import; its address, opened by itself, leads to the page of the import."""

    @wraps(view)
    def act(request: AccessRequest, pk: UUID, **rest: Any) -> HttpResponse:
        if request.method == "POST":
            return view(request, pk, **rest)
        return redirect("branches:batch", batch_or_404(request, pk).pk)

    return act


def plan_facts(found: Batch) -> dict[str, Any]:
    """What a decision changes beside the row itself: the filter's numbers and what will be written."""
    facts: dict[str, Any] = {"tiles": queries.tiles(found), "to_write": queries.number_to_write(found)}
    if found.subject == Batch.Subject.MEMBERS and found.state in (State.PLANNED, State.APPLIED):
        facts["leavers"] = leavers_of(found).count()
    return facts


def asked_show(request: AccessRequest) -> str:
    """The filter asked for; "" for one nobody knows."""
    asked = request.POST.get("show") or request.GET.get("show") or ""
    return asked if asked in queries.SHOWN else ""


def _rows(request: AccessRequest, found: Batch) -> dict[str, Any]:
    show, facts, is_uploader = asked_show(request), plan_facts(found), found.uploaded_by_id == request.user.pk
    number = request.GET.get("page")
    if show == "leaver" and "leavers" in facts:
        return facts | {"show": show, "page_obj": Paginator(leavers_of(found), PER_PAGE).get_page(number)}
    show = "" if show == "leaver" else show
    page = Paginator(queries.rows_of(found, show=show), PER_PAGE).get_page(number)
    rows = list(queries.previewed(page.object_list, is_uploader=is_uploader))
    return facts | {
        "show": show,
        "page_obj": page,
        "page_number": page.number,
        "rows": rows,
        "written_actions": BatchRow.WRITTEN_ACTIONS,
        "has_choices": found.state == State.PLANNED and any(item.alternatives for item in rows),
        "bulk": queries.bulk_of(found, show),
    }
