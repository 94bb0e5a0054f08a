"""What an organisation asks of its branches in a year: the rules in force and its own ones."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from activities.actions.duty_rules import RuleValues, end_rule, set_rule
from activities.actions.duty_rules import take_back as take_rule_back
from activities.forms.duties import DutyRuleForm, EndRuleForm
from activities.models import DutyRule
from activities.queries.duty_rules import rules_below, rules_for
from branches.forms.organisations import show_refusal
from branches.models import Organisation
from branches.rights import AccessRequest, Permission, organisation_or_404
from foundation.clock import business_date
from foundation.messages import done

YEARS = range(2000, 2100)


def index(request: AccessRequest, code: str, year: int) -> HttpResponse:
    node = organisation_or_404(request, code, Permission.VIEW)
    if year not in YEARS:
        raise Http404
    context = {
        "node": node,
        "year": year,
        "today": business_date(),
        "rules": rules_for([node], year)[node.pk],
        "below": rules_below(node, year, request.access),
    }
    return render(request, "activities/duty_rules.html", context)


def edit(request: AccessRequest, code: str, year: int, rule_code: str) -> HttpResponse:
    node = organisation_or_404(request, code, Permission.MANAGE_DUTIES)
    rule = _rule_or_404(node, year, rule_code)
    initial: dict[str, Any] = {"times": 0} if "waive" in request.GET else {}
    if rule.organisation_id != node.pk:
        initial["note"] = ""
    form = DutyRuleForm(request.POST or None, rule=rule, initial=initial)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data.pop("version")
        values = cast("RuleValues", form.cleaned_data)
        try:
            own = set_rule(organisation=node, model=rule, year=year, values=values, version=version, by=request.user)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            text = _("%(organisation)s now has its own rule for %(duty)s from %(year)d on.")
            # A rule changed in place has earlier values that taking it back would not restore.
            undo = reverse("activities:duty_rule_take_back", args=[node.code, own.pk]) if own.version == 1 else ""
            done(request, text % {"organisation": node.short_name, "duty": rule.label, "year": year}, undo_url=undo)
            return redirect("activities:duty_rules", node.code, year)
    context = {"node": node, "year": year, "rule": rule, "form": form, "is_own": rule.organisation_id == node.pk}
    return render(request, "activities/duty_rule.html", context, status=422 if form.errors else 200)


def end(request: AccessRequest, code: str, year: int, rule_code: str) -> HttpResponse:
    node = organisation_or_404(request, code, Permission.MANAGE_DUTIES)
    rule = _rule_or_404(node, year, rule_code)
    if rule.organisation_id != node.pk:
        raise Http404
    form = EndRuleForm(request.POST or None, initial={"version": rule.version, "last_year": year})
    if request.method == "POST" and form.is_valid():
        try:
            end_rule(rule=rule, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            text = _("The rule for %(duty)s holds until the end of %(year)d.")
            done(request, text % {"duty": rule.label, "year": form.cleaned_data["last_year"]})
            return redirect("activities:duty_rules", node.code, year)
    context = {"node": node, "year": year, "rule": rule, "form": form}
    return render(request, "activities/duty_rule_end.html", context, status=422 if form.errors else 200)


@require_POST
def take_back(request: AccessRequest, code: str, pk: int) -> HttpResponse:
    node = organisation_or_404(request, code, Permission.MANAGE_DUTIES)
    rule = get_object_or_404(DutyRule, pk=pk, organisation=node)
    try:
        take_rule_back(rule=rule, by=request.user)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        text = _("The rule for %(duty)s was taken back; what held before holds again from %(year)d on.")
        done(request, text % {"duty": rule.label, "year": rule.first_year})
    return redirect("activities:duty_rules", node.code, rule.first_year)


def _rule_or_404(node: Organisation, year: int, code: str) -> DutyRule:
    if year in YEARS:
        for rule in rules_for([node], year)[node.pk]:
            if rule.code == code:
                return rule
    raise Http404
