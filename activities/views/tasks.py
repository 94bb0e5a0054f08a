"""A branch's work lists: what is asked of it, and its answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from activities.actions import tasks as actions
from activities.forms.work_lists import AnswerForm
from activities.models import Task
from activities.queries.work_lists import records_to_link, task_or_404, task_row, tasks_of
from activities.rules.work_lists import Standing
from branches.forms.organisations import show_refusal
from branches.rights import AccessRequest, Permission, organisation_or_404
from foundation.clock import business_date
from foundation.messages import done
from foundation.rules.numbers import small_integer

PAGE = 25


def list_(request: AccessRequest, code: str) -> HttpResponse:
    """Everything work lists asked of a branch: what waits for an answer first."""
    branch = organisation_or_404(request, code, Permission.VIEW)
    if not branch.is_branch:
        raise Http404
    rows = tasks_of(branch, business_date())
    answered = [row for row in rows if not row.is_asked]
    context = {
        "organisation": branch,
        "open": sorted((row for row in rows if row.is_asked), key=lambda row: row.due),
        "page_obj": Paginator(answered, PAGE).get_page(request.GET.get("page")),
        "may_answer": request.access.may(Permission.RECTIFY, branch),
    }
    return render(request, "activities/tasks.html", context)


def task(request: AccessRequest, pk: int) -> HttpResponse:
    """One item: read by everybody above, answered by the branch."""
    shown = task_or_404(request, pk, Permission.RECTIFY if request.method == "POST" else Permission.VIEW)
    may_answer = request.access.may(Permission.RECTIFY, shown.branch)
    by_activity = shown.item.kind_id is not None
    said = {"version": shown.version, "answer": shown.answer}
    if not by_activity:
        said["state"] = shown.state
    form = AnswerForm(request.POST or None, by_activity=by_activity, initial=said)
    if request.method == "POST" and form.is_valid():
        values: dict[str, Any] = form.cleaned_data
        words = values.pop("answer")
        try:
            actions.answer(task=shown, words=words, by=request.user, **values)
        except ValidationError as error:
            _refuse(form, error, pk)
        else:
            done(request, _("Answered: %(item)s") % {"item": shown.item.title})
            return redirect("activities:tasks", shown.branch.code)
    row = task_row(shown, business_date())
    withdrawn = shown.item.work_list.withdrawn_on is not None
    asks = may_answer and not withdrawn and row.stands != Standing.LAPSED
    plans = asks and by_activity and row.stands in {Standing.OPEN, Standing.DECLINED}
    context = {
        "organisation": shown.branch,
        "task": shown,
        "row": row,
        "withdrawn": withdrawn,
        "form": form if asks and (plans or not by_activity) else None,
        "may_plan": plans,
        "records": records_to_link(shown, request.access)[:PAGE] if plans else [],
        "may_read": shown.activity is not None and (may_answer or shown.activity.state not in {"draft", "discarded"}),
    }
    return render(request, "activities/task.html", context, status=422 if form.errors else 200)


@require_POST
def plan(request: AccessRequest, pk: int) -> HttpResponse:
    """A draft for the item, or one of the branch's records that is it already."""
    shown = task_or_404(request, pk, Permission.RECTIFY)
    if not request.access.may(Permission.DRAFT, shown.branch):
        raise Http404
    chosen = None
    if "record" in request.POST:
        chosen = records_to_link(shown, request.access).filter(pk=small_integer(request.POST["record"]) or 0).first()
        if chosen is None:
            messages.warning(request, _("Choose the record first."))
            return redirect("activities:task", pk)
    try:
        made = actions.plan(task=shown, activity=chosen, by=request.user)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return redirect("activities:task", pk)
    if not made.is_editable:
        done(request, _("“%(title)s” stands for this item now.") % {"title": made.title})
        return redirect("activities:task", pk)
    done(request, _("A draft with theme, kind and day is ready; the item is done when it has been handed in."))
    return redirect("activities:edit", made.pk)


def _refuse(form: AnswerForm, error: ValidationError, pk: int) -> None:
    """Show the refusal; after a clash the next saving is of the version that stands now, knowingly."""
    show_refusal(form, error)
    if isinstance(error, actions.AnsweredMeanwhile):
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data["version"] = Task.objects.values_list("version", flat=True).get(pk=pk)  # type: ignore[index]
