"""The tree, one organisation, and the dated acts on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from branches.actions import groups, people, terms
from branches.forms import organisations as forms
from branches.models import Appointment, Organisation
from branches.queries.organisations import members_to_choose, organisation_on, tree_rows
from branches.queries.roster import groups_on
from branches.rights import AccessRequest, Permission, organisation_or_404
from foundation.clock import business_date
from foundation.messages import done


def index(request: AccessRequest) -> HttpResponse:
    of_day = _of_day(request)
    return render(request, "branches/organisations.html", of_day | {"rows": tree_rows(request.access, of_day["day"])})


def organisation(request: AccessRequest, code: str) -> HttpResponse:
    found = organisation_or_404(request, code, Permission.VIEW)
    of_day = _of_day(request)
    day = of_day["day"]
    context = of_day | {"existed": found.existed_on(day), "groups": groups_on(found, day)}
    return render(request, "branches/organisation.html", context | organisation_on(found, request.access, day))


def _of_day(request: AccessRequest) -> dict[str, Any]:
    """The day a page is asked for, today unless said otherwise; links carry it on in `day_query`."""
    form = forms.DayFilter(request.GET or None)
    today = business_date()
    day = form.day or today
    is_today = day == today
    return {"form": form, "day": day, "is_today": is_today, "day_query": "" if is_today else f"?on={day.isoformat()}"}


def term(request: AccessRequest, code: str) -> HttpResponse:
    node = organisation_or_404(request, code, Permission.MANAGE_PEOPLE)

    def act(values: dict[str, Any]) -> Organisation:
        terms.begin_term(organisation=node, by=request.user, **values)
        return node

    form = forms.TermForm(request.POST or None, today=business_date())
    return _act(request, node, form, act, _("New term of %(name)s") % {"name": node}, _("Begin the term"))


def group(request: AccessRequest, code: str) -> HttpResponse:
    branch = organisation_or_404(request, code, Permission.MANAGE_PEOPLE)
    if not branch.is_branch:
        raise Http404

    def act(values: dict[str, Any]) -> Organisation:
        groups.form_group(branch=branch, by=request.user, **values)
        return branch

    form = forms.GroupForm(request.POST or None, today=business_date())
    return _act(request, branch, form, act, _("Form a party group in %(name)s") % {"name": branch}, _("Form the group"))


def appoint(request: AccessRequest, code: str) -> HttpResponse:
    node = organisation_or_404(request, code, Permission.MANAGE_PEOPLE)
    today = business_date()

    def act(values: dict[str, Any]) -> Organisation:
        people.appoint(organisation=node, by=request.user, **values)
        return node

    form = forms.AppointForm(
        request.POST or None,
        people=members_to_choose(node, request.access, today),
        groups=node.groups.active_on(today),
        today=today,
    )
    return _act(request, node, form, act, _("Appoint to a post in %(name)s") % {"name": node}, _("Appoint"))


def relieve(request: AccessRequest, code: str, pk: int) -> HttpResponse:
    node = organisation_or_404(request, code, Permission.MANAGE_PEOPLE)
    appointment = get_object_or_404(Appointment.objects.valid(), pk=pk, organisation=node)

    def act(values: dict[str, Any]) -> Organisation:
        people.relieve(appointment=appointment, by=request.user, **values)
        return node

    form = forms.RelieveForm(request.POST or None, today=business_date())
    title = _("Relieve %(name)s of the post %(post)s") % {
        "name": appointment.person,
        "post": appointment.get_post_display(),
    }
    return _act(request, node, form, act, title, _("Relieve"), is_final=True)


def _act(
    request: AccessRequest,
    node: Organisation,
    form: Any,
    act: Callable[[dict[str, Any]], Organisation],
    title: str,
    verb: str,
    *,
    is_final: bool = False,
) -> HttpResponse:
    """One dated act: show the form, do it, or say at the field why it cannot be done."""
    if request.method == "POST" and form.is_valid():
        try:
            target = act(form.cleaned_data)
        except ValidationError as error:
            forms.show_refusal(form, error)
        else:
            done(request, _("Done: %(title)s.") % {"title": title})
            return redirect("branches:organisation", target.code)
    back = reverse("branches:organisation", args=[node.code])
    context = {"form": form, "organisation": node, "title": title, "verb": verb, "is_final": is_final, "back": back}
    return render(request, "branches/organisation_act.html", context, status=422 if form.errors else 200)
