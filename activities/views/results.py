"""Results: the list, one result, entering and changing, ending and withdrawing, the evidence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from activities.actions import results as actions
from activities.forms.results import (
    LABELS,
    EndResultForm,
    ResultFilterForm,
    ResultForm,
    WithdrawResultForm,
    first_values,
)
from activities.models import Result
from activities.queries.results import (
    counts_by_kind,
    current_brand,
    files_of,
    listed,
    members_to_honour,
    result_file_or_404,
    result_or_404,
    results_below,
)
from activities.rules.results import ASKED, HONOURS, ResultKind, kinds_of
from branches.forms.organisations import show_refusal
from branches.models import Organisation
from branches.rights import AccessRequest, Permission, organisation_or_404
from foundation.clock import business_date
from foundation.forms import DayField
from foundation.messages import done
from foundation.views.files import serve

PAGE = 25


def list_(request: AccessRequest, code: str) -> HttpResponse:
    """The results of an organisation and everything below it that the user may read."""
    organisation = organisation_or_404(request, code, Permission.VIEW)
    form = ResultFilterForm(request.GET)
    found = form.applied_to(results_below(organisation, request.access))
    counts = counts_by_kind(found)
    shown = listed(found.filter(kind=form.chosen_kind) if form.chosen_kind else found)
    return render(
        request,
        "activities/results.html",
        {
            "organisation": organisation,
            "form": form,
            "page_obj": Paginator(shown, PAGE).get_page(request.GET.get("page")),
            "kinds": [(kind, number, _kind_link(request, kind)) for kind, number in counts.items()],
            "total": sum(counts.values()),
            "all_link": _kind_link(request, ""),
            "may_enter": request.access.may(Permission.DRAFT, organisation),
        },
    )


def result(request: AccessRequest, pk: int) -> HttpResponse:
    shown = result_or_404(request, pk)
    labels = LABELS[shown.kind]
    context = {
        "organisation": shown.organisation,
        "result": shown,
        "labels": {name: labels.get(name, "") for name in ("achieved_on", "source", "year", "level", "person")},
        "asked": ASKED[shown.kind],
        "files": files_of(shown),
        "may_change": request.access.may(Permission.DRAFT, shown.organisation) and not shown.is_withdrawn,
    }
    return render(request, "activities/result.html", context)


def new(request: AccessRequest, code: str) -> HttpResponse:
    """Which kind first, by link; then what that kind asks for."""
    organisation = organisation_or_404(request, code, Permission.DRAFT)
    offered = kinds_of(is_branch=organisation.is_branch)
    kind = request.GET.get("kind", "")
    if kind not in offered:
        context = {"organisation": organisation, "kinds": offered, "brand": current_brand(organisation)}
        return render(request, "activities/result_kinds.html", context)
    url = f"{reverse('activities:result_new', args=[organisation.code])}?kind={kind}"
    form = _form(request, organisation, kind, url)
    if request.method == "POST" and form.is_valid():
        values: dict[str, Any] = form.cleaned_data
        try:
            entered = actions.enter(
                organisation=organisation,
                kind=kind,
                content=form.content,
                by=request.user,
                uploads=values["evidence"],
                entry_key=values["entry_key"],
            )
        except ValidationError as error:
            show_refusal(form, error)
        else:
            done(request, _("“%(title)s” has been entered.") % {"title": entered.title})
            return redirect("activities:result", entered.pk)
    return _form_page(request, organisation, kind, form)


def edit(request: AccessRequest, pk: int) -> HttpResponse:
    shown = result_or_404(request, pk, Permission.DRAFT)
    if shown.is_withdrawn:
        messages.warning(request, _("This result has been withdrawn and cannot be changed."))
        return redirect("activities:result", pk)
    form = _form(request, shown.organisation, shown.kind, reverse("activities:result_edit", args=[pk]), shown)
    if request.method == "POST" and form.is_valid():
        values: dict[str, Any] = form.cleaned_data
        try:
            actions.change(
                result=shown,
                version=values["version"] or 0,
                content=form.content,
                by=request.user,
                uploads=values["evidence"],
            )
        except ValidationError as error:
            _refuse(form, error, pk)
        else:
            done(request, _("The result has been saved."))
            return redirect("activities:result", pk)
    return _form_page(request, shown.organisation, shown.kind, form, shown)


def end(request: AccessRequest, pk: int) -> HttpResponse:
    shown = result_or_404(request, pk, Permission.DRAFT)
    form = EndResultForm(request.POST or None, initial={"version": shown.version, "ended_on": business_date()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.end(result=shown, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            _refuse(form, error, pk)
        else:
            done(request, _("“%(title)s” has a last day now.") % {"title": shown.title})
            return redirect("activities:result", pk)
    return _act_page(request, "activities/result_end.html", shown, form)


def withdraw(request: AccessRequest, pk: int) -> HttpResponse:
    shown = result_or_404(request, pk, Permission.DRAFT)
    form = WithdrawResultForm(request.POST or None, initial={"version": shown.version})
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw(result=shown, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            _refuse(form, error, pk)
        else:
            done(request, _("“%(title)s” has been withdrawn.") % {"title": shown.title})
            return redirect("activities:result", pk)
    return _act_page(request, "activities/result_withdraw.html", shown, form)


def file(request: AccessRequest, pk: int) -> HttpResponseBase:
    """The evidence itself; pictures and PDF are shown, everything else is downloaded."""
    return serve(result_file_or_404(request, pk).file, inline=True)


@require_POST
def remove_file(request: AccessRequest, pk: int) -> HttpResponse:
    taken = result_file_or_404(request, pk, Permission.DRAFT)
    try:
        actions.remove_file(file=taken, by=request.user)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        done(request, _("“%(name)s” has been removed from the result.") % {"name": taken.file.name})
    return redirect("activities:result", taken.result_id)


def _form(
    request: AccessRequest, organisation: Organisation, kind: str, url: str, result: Result | None = None
) -> ResultForm:
    """The form with the members of the day in it: the one posted or asked for, else the stored one, else today."""
    first = first_values(result)
    day = _day(request.POST.get("achieved_on") or request.GET.get("achieved_on"))
    members = []
    if kind == ResultKind.HONOUR:
        members = members_to_honour(organisation, day or first.get("achieved_on") or business_date())
    if day and request.method == "GET":
        first |= {"achieved_on": day, "person": request.GET.get("person", "")}
    return ResultForm(
        request.POST or None,
        request.FILES or None,
        kind=kind,
        members=members,
        members_url=url if organisation.is_branch else "",
        initial=first,
    )


def _day(text: str | None) -> Any:
    try:
        return DayField(required=False).clean(text)
    except ValidationError:
        return None


def _refuse(form: forms.Form, error: ValidationError, pk: int) -> None:
    """Show the refusal; after a clash the next saving is of the version that stands now, knowingly."""
    show_refusal(form, error)
    if isinstance(error, actions.ChangedMeanwhile):
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data["version"] = Result.objects.values_list("version", flat=True).get(pk=pk)  # type: ignore[index]


def _form_page(
    request: AccessRequest, organisation: Organisation, kind: str, form: ResultForm, result: Result | None = None
) -> HttpResponse:
    context = {
        "organisation": organisation,
        "kind": ResultKind(kind),
        "form": form,
        "result": result,
        "honours": HONOURS if kind == ResultKind.HONOUR else (),
    }
    return render(request, "activities/result_form.html", context, status=422 if form.errors else 200)


def _act_page(request: AccessRequest, template: str, result: Result, form: forms.Form) -> HttpResponse:
    context = {"organisation": result.organisation, "result": result, "form": form}
    return render(request, template, context, status=422 if form.errors else 200)


def _kind_link(request: AccessRequest, kind: str) -> str:
    """The list with another kind chosen and the other filters kept."""
    query = request.GET.copy()
    query.pop("page", None)
    query.pop("kind", None)
    if kind:
        query["kind"] = kind
    return f"?{query.urlencode()}"
