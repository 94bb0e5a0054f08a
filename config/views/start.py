"""Setting up a new system, step by step; gone once every step is done."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from activities.actions.start import confirm_duties
from activities.queries.duty_rules import rules_for
from activities.queries.start import steps
from branches.actions.start import found_several, found_top
from branches.forms.organisations import show_refusal
from branches.forms.start import SeveralForm, TopForm
from branches.models import Organisation
from branches.queries.start import is_empty, top_of
from branches.rights import AccessRequest, Permission
from branches.rules.organisations import OrganisationKind
from foundation.clock import business_date
from foundation.messages import done


def start(request: AccessRequest) -> HttpResponse:
    """The steps, what each is for, and which are done."""
    top = None if is_empty() else _top_or_404(request)
    found = steps(top)
    if all(step.is_done for step in found):
        return redirect("branches:home")
    today = business_date()
    context = {
        "top": top,
        "steps": found,
        "done": sum(step.is_done for step in found),
        "current": next(step.key for step in found if not step.is_done),
        "year": today.year,
        "rules": [rule for rule in rules_for([top], today.year)[top.pk] if rule.times] if top else [],
    }
    return render(request, "config/start.html", context)


def organisation(request: AccessRequest) -> HttpResponse:
    """The first organisation of all; who founds it becomes its administrator."""
    if not is_empty():
        raise Http404
    form = TopForm(request.POST or None, today=business_date())
    if request.method == "POST" and form.is_valid():
        try:
            top = found_top(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            done(request, _("%(name)s has been founded; you are its administrator.") % {"name": top})
            return redirect("start")
    context = {"form": form, "title": _("The first organisation"), "verb": _("Found the organisation")}
    return render(request, "config/start_form.html", context, status=422 if form.errors else 200)


def branches(request: AccessRequest) -> HttpResponse:
    """Several committees or branches at once."""
    top = _top_or_404(request)
    parents = (
        Organisation.objects.within(request.access, Permission.MANAGE_ORGANISATIONS)
        .existing_on(business_date())
        .exclude(kind=OrganisationKind.BRANCH)
        .order_by("tree_id", "lft")
    )
    first = {"parent": parents.last(), "on": top.founded_on}
    form = SeveralForm(request.POST or None, parents=parents, today=business_date(), initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            made = found_several(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            text = ngettext("%(number)d organisation founded.", "%(number)d organisations founded.", len(made))
            done(request, text % {"number": len(made)})
            return redirect("start")
    context = {"form": form, "title": _("Committees and branches"), "verb": _("Found them")}
    return render(request, "config/start_form.html", context, status=422 if form.errors else 200)


@require_POST
def duties(request: AccessRequest) -> HttpResponse:
    top = _top_or_404(request)
    confirm_duties(organisation=top, year=business_date().year, by=request.user)
    done(request, _("What is required has been confirmed."))
    return redirect("start")


def _top_or_404(request: AccessRequest) -> Organisation:
    top = top_of(request.access)
    if top is None:
        raise Http404
    request.organisation = top
    return top
