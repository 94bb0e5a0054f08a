"""Contact points: who guides which branch; a contact leader's own first screen."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from activities.actions import contact_points as actions
from activities.forms.contact_points import ContactPointForm, EndForm
from activities.queries.contact_points import (
    branches_to_guide,
    contact_point_or_404,
    contact_points,
    leaders_to_choose,
    workplace_of,
)
from activities.queries.guidance import awaiting_word, guided_branches, meeting, next_guided, with_my_word
from branches.forms.organisations import show_refusal
from branches.models import Organisation, RoleAssignment
from branches.rights import AccessRequest, Permission, organisation_or_404
from foundation.clock import business_date
from foundation.messages import done

PAGE = 10


def list_(request: AccessRequest, code: str) -> HttpResponse:
    """The branches of a committee with their contact leaders."""
    node = _node_or_404(request, code, Permission.VIEW)
    context = {
        "organisation": node,
        "today": business_date(),
        "shown": contact_points(node, request.access),
        "may_assign": request.access.may(Permission.SUPERVISE, node),
    }
    return render(request, "activities/contact_points.html", context)


def new(request: AccessRequest, code: str) -> HttpResponse:
    node = _node_or_404(request, code)
    branches = branches_to_guide(node, request.access)
    chosen = branches.filter(code=request.GET.get("branch", "").replace("\x00", "")).first()
    form = ContactPointForm(
        request.POST or None,
        leaders=leaders_to_choose(node, request.access),
        branches=branches,
        initial={"starts_on": business_date(), "organisation": chosen},
    )
    if request.method == "POST" and form.is_valid():
        values: dict[str, Any] = form.cleaned_data
        try:
            made = actions.assign(by=request.user, **values)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            words = {"name": made.user.name, "branch": made.organisation.short_name}
            done(request, _("%(name)s guides %(branch)s.") % words)
            return redirect("activities:contact_points", code)
    context = {"organisation": node, "form": form}
    return render(request, "activities/contact_point.html", context, status=422 if form.errors else 200)


def end(request: AccessRequest, code: str, pk: int) -> HttpResponse:
    """Ending an assignment, at once or with a day that is chosen."""
    node = _node_or_404(request, code)
    assignment = contact_point_or_404(request, node, pk)
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        last_day = form.cleaned_data["last_day"]
        try:
            actions.end(assignment=assignment, by=request.user, last_day=last_day)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            done(request, _ended(assignment, last_day))
            return redirect("activities:contact_points", code)
    context = {"organisation": node, "assignment": assignment, "form": form}
    return render(request, "activities/contact_point_end.html", context, status=422 if form.errors else 200)


def _ended(assignment: RoleAssignment, last_day: date | None) -> str:
    words = {"name": assignment.user.name, "branch": assignment.organisation.short_name}
    if last_day is None or last_day < business_date():
        return _("%(name)s guides %(branch)s no more.") % words
    return _("%(name)s guides %(branch)s until %(day)s.") % (words | {"day": date_format(last_day)})


def mine(request: AccessRequest) -> HttpResponse:
    """What a contact leader has to look at: the next meetings, those without their word, and what they said before."""
    if not request.access.may_anywhere(Permission.GUIDE):
        raise Http404
    earlier = Paginator(with_my_word(request.access), PAGE).get_page(request.GET.get("page"))
    context = {
        "today": business_date(),
        "organisation": workplace_of(request.access),
        "branches": guided_branches(request.access),
        "next": next_guided(request.access),
        "awaiting": awaiting_word(request.access),
        "page_obj": earlier,
        "earlier": [meeting(row, request.access) for row in earlier],
    }
    return render(request, "activities/contact_points_mine.html", context)


def _node_or_404(request: AccessRequest, code: str, permission: Permission = Permission.SUPERVISE) -> Organisation:
    """A committee or another organisation above branches where the user holds `permission`."""
    node = organisation_or_404(request, code, permission)
    if node.is_branch:
        raise Http404
    return node
