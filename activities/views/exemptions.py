"""Exemptions: list, grant, end, take back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from activities.actions import exemptions as actions
from activities.forms.duties import EndExemptionForm, ExemptionForm
from activities.models import Exemption
from activities.queries.duties import rules_for
from activities.queries.exemptions import branches_to_free, exemptions_below, granting_organisation
from branches.forms.organisations import show_refusal
from branches.rights import AccessRequest, Permission, organisation_or_404
from foundation.clock import business_date
from foundation.messages import done

PAGE = 25


def index(request: AccessRequest, code: str) -> HttpResponse:
    node = organisation_or_404(request, code, Permission.VIEW)
    today = business_date()
    page = Paginator(exemptions_below(node, request.access), PAGE).get_page(request.GET.get("page"))
    rules = rules_for({row.organisation for row in page} | {node}, today.year)
    labels = {rule.code: rule.label for own in rules.values() for rule in own}
    rows = [(row, labels.get(row.rule_code, row.rule_code), row.holds_on(today)) for row in page]
    return render(request, "activities/exemptions.html", {"node": node, "today": today, "page_obj": page, "rows": rows})


def new(request: AccessRequest, code: str) -> HttpResponse:
    node = organisation_or_404(request, code, Permission.MANAGE_DUTIES)
    today = business_date()
    branches = branches_to_free(node, request.access)
    initial = {
        "branch": node.pk if node.is_branch else None,
        "rule_code": request.GET.get("duty"),
        "starts_on": request.GET.get("from") or today,
        "ends_on": request.GET.get("until"),
    }
    rules = rules_for([node], today.year)[node.pk]
    form = ExemptionForm(request.POST or None, branches=branches, rules=rules, initial=initial)
    if request.method == "POST" and form.is_valid():
        values: dict[str, Any] = form.cleaned_data
        try:
            exemption = actions.grant(
                granted_by=granting_organisation(values["branch"], request.access), by=request.user, **values
            )
        except ValidationError as error:
            show_refusal(form, error)
        else:
            text = _("%(branch)s is exempt.") % {"branch": exemption.organisation.short_name}
            done(request, text, undo_url=reverse("activities:exemption_take_back", args=[node.code, exemption.pk]))
            return redirect("activities:exemptions", node.code)
    return render(
        request, "activities/exemption.html", {"node": node, "form": form}, status=422 if form.errors else 200
    )


def end(request: AccessRequest, code: str, pk: int) -> HttpResponse:
    exemption = _exemption_or_404(request, code, pk)
    form = EndExemptionForm(request.POST or None, today=business_date())
    if request.method == "POST" and form.is_valid():
        try:
            actions.end(exemption=exemption, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            done(request, _("The exemption has a last day now."))
            return redirect("activities:exemptions", code)
    context = {"node": request.organisation, "exemption": exemption, "form": form}
    return render(request, "activities/exemption_end.html", context, status=422 if form.errors else 200)


@require_POST
def take_back(request: AccessRequest, code: str, pk: int) -> HttpResponse:
    exemption = _exemption_or_404(request, code, pk)
    try:
        actions.take_back(exemption=exemption, by=request.user)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        done(request, _("The exemption was taken back; what was asked before is asked again."))
    return redirect("activities:exemptions", code)


def _exemption_or_404(request: AccessRequest, code: str, pk: int) -> Exemption:
    node = organisation_or_404(request, code, Permission.MANAGE_DUTIES)
    exemption = get_object_or_404(exemptions_below(node, request.access), pk=pk)
    if not request.access.may(Permission.MANAGE_DUTIES, exemption.organisation):
        raise Http404
    return exemption
