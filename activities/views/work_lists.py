"""Work lists of a committee: the list of lists, writing, sending, withdrawing, and who has answered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from activities.actions import work_lists as actions
from activities.forms.work_lists import (
    WEEK,
    ItemFormSet,
    WithdrawListForm,
    WorkListForm,
    copied_values,
    first_values,
    item_values,
)
from activities.models import WorkList
from activities.queries.work_lists import (
    answers_to,
    branches_to_send,
    counts_of,
    kinds_to_ask,
    latest_list,
    work_list_or_404,
    work_lists_below,
)
from branches.forms.organisations import show_refusal
from branches.models import Organisation
from branches.rights import AccessRequest, Permission, organisation_or_404
from foundation.clock import business_date
from foundation.messages import done
from foundation.rules.numbers import small_integer

PAGE = 25


def list_(request: AccessRequest, code: str) -> HttpResponse:
    """The work lists of an organisation above branches, with how far their answers are."""
    node = organisation_or_404(request, code, Permission.VIEW)
    if node.is_branch:
        return redirect("activities:tasks", code)
    page = Paginator(work_lists_below(node, request.access), PAGE).get_page(request.GET.get("page"))
    counts = counts_of(page, request.access)
    context = {
        "organisation": node,
        "page_obj": page,
        "rows": [(row, counts[row.pk]) for row in page],
        "latest": latest_list(node),
        "may_write": request.access.may(Permission.SUPERVISE, node),
    }
    return render(request, "activities/work_lists.html", context)


def new(request: AccessRequest, code: str) -> HttpResponse:
    node = organisation_or_404(request, code, Permission.SUPERVISE)
    if node.is_branch:
        raise Http404
    branches = branches_to_send(node, business_date())
    source = _source(request, node)
    if source is None:
        return _write(request, node, None, first_values(None, branches, business_date()), [])
    return _write(request, node, None, copied_values(source, branches), item_values(source, later=WEEK))


def edit(request: AccessRequest, pk: int) -> HttpResponse:
    shown = work_list_or_404(request, pk)
    if request.method != "POST" and (shown.sent_on or shown.withdrawn_on):
        messages.warning(request, _("The list has been sent or withdrawn and cannot be changed."))
        return redirect("activities:work_list", pk)
    branches = branches_to_send(shown.organisation, business_date())
    values = first_values(shown, branches, shown.week_of)
    return _write(request, shown.organisation, shown, values, item_values(shown))


def work_list(request: AccessRequest, pk: int) -> HttpResponse:
    shown = work_list_or_404(request, pk, to_write=False)
    context = {
        "organisation": shown.organisation,
        "may_write": request.access.may(Permission.SUPERVISE, shown.organisation),
        "work_list": shown,
        "sunday": shown.week_of + timedelta(days=6),
        "answers": answers_to(shown, request.access),
        "recipients": shown.recipients.order_by("tree_id", "lft"),
    }
    return render(request, "activities/work_list.html", context)


@require_POST
def send(request: AccessRequest, pk: int) -> HttpResponse:
    shown = work_list_or_404(request, pk)
    _send(request, shown, small_integer(request.POST.get("version", "")) or 0)
    return redirect("activities:work_list", pk)


def withdraw(request: AccessRequest, pk: int) -> HttpResponse:
    shown = work_list_or_404(request, pk)
    form = WithdrawListForm(request.POST or None, initial={"version": shown.version})
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw(work_list=shown, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            _refuse(form, error, pk)
        else:
            done(request, _("“%(title)s” has been withdrawn.") % {"title": shown.title})
            return redirect("activities:work_list", pk)
    context = {"organisation": shown.organisation, "work_list": shown, "form": form}
    return render(request, "activities/work_list_withdraw.html", context, status=422 if form.errors else 200)


def _write(
    request: AccessRequest,
    node: Organisation,
    standing: WorkList | None,
    values: dict[str, Any],
    items: list[dict[str, Any]],
) -> HttpResponse:
    data = request.POST or None
    kinds = {"kinds": list(kinds_to_ask())}
    form = WorkListForm(data, branches=branches_to_send(node, business_date()), initial=values)
    rows = ItemFormSet(data, initial=None if data else items, prefix="items", form_kwargs=kinds)
    if request.method == "POST" and request.POST.get("intent") == "more":
        return _page(request, node, standing, form, _longer(request, kinds))
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        sent: dict[str, Any] = form.cleaned_data
        try:
            kept = actions.write(
                organisation=node,
                content=form.content(rows),
                by=request.user,
                work_list=standing,
                version=sent["version"] or 0,
                entry_key=sent["entry_key"],
            )
        except ValidationError as error:
            _refuse(form, error, standing.pk if standing else None)
        else:
            if request.POST.get("intent") == "send":
                _send(request, kept, kept.version)
            else:
                done(request, _("Saved as a draft; the branches do not see it yet."))
            return redirect("activities:work_list", kept.pk)
    return _page(request, node, standing, form, rows)


def _page(
    request: AccessRequest, node: Organisation, standing: WorkList | None, form: WorkListForm, rows: Any
) -> HttpResponse:
    context = {"organisation": node, "work_list": standing, "form": form, "rows": rows}
    refused = request.method == "POST" and request.POST.get("intent") != "more"
    if refused and rows.total_error_count():
        context["more_errors"] = [(_("Look at the items: not every row can be read."), "items")]
    return render(request, "activities/work_list_form.html", context, status=422 if refused else 200)


def _longer(request: AccessRequest, kinds: dict[str, Any]) -> Any:
    """The rows as typed with further blank ones; nothing is judged yet."""
    data = request.POST.copy()
    total = small_integer(data.get("items-TOTAL_FORMS", "")) or 0
    data["items-TOTAL_FORMS"] = str(min(total + 3, ItemFormSet.max_num))
    data.setdefault("items-INITIAL_FORMS", "0")
    return ItemFormSet(data, prefix="items", form_kwargs=kinds)


def _send(request: AccessRequest, kept: WorkList, version: int) -> None:
    try:
        sent = actions.send(work_list=kept, version=version, by=request.user)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        done(request, _("Sent to %(number)d branches.") % {"number": sent.recipients.count()})


def _source(request: AccessRequest, node: Organisation) -> WorkList | None:
    pk = small_integer(request.GET.get("copy", ""))
    return work_lists_below(node, request.access).filter(pk=pk, organisation=node).first() if pk else None


def _refuse(form: forms.Form, error: ValidationError, pk: int | None) -> None:
    """Show the refusal; after a clash the next saving is of the version that stands now, knowingly."""
    show_refusal(form, error)
    if isinstance(error, actions.ListChanged) and pk is not None:
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data["version"] = WorkList.objects.values_list("version", flat=True).get(pk=pk)  # type: ignore[index]
