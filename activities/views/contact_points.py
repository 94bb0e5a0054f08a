"""Contact points: who guides which branch; a contact leader's own first screen."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from activities.actions import contact_points as actions
from activities.forms.contact_points import ContactPointForm
from activities.queries.contact_points import (
    branches_to_guide,
    contact_point_or_404,
    contact_points,
    leaders_to_choose,
)
from activities.queries.guidance import awaiting_word, guided_branches, meeting, next_guided, with_my_word
from branches.forms.organisations import show_refusal
from branches.models import Organisation
from branches.rights import AccessRequest, Permission, organisation_or_404
from foundation.clock import business_date
from foundation.messages import done

PAGE = 10


def list_(request: AccessRequest, code: str) -> HttpResponse:
    """The branches of a committee with their contact leaders."""
    node = _node_or_404(request, code)
    context = {"organisation": node, "today": business_date(), "shown": contact_points(node, request.access)}
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


@require_POST
def end(request: AccessRequest, code: str, pk: int) -> HttpResponse:
    assignment = contact_point_or_404(request, _node_or_404(request, code), pk)
    actions.end(assignment=assignment, by=request.user)
    words = {"name": assignment.user.name, "branch": assignment.organisation.short_name}
    done(request, _("%(name)s guides %(branch)s no more.") % words)
    return redirect("activities:contact_points", code)


def mine(request: AccessRequest) -> HttpResponse:
    """What a contact leader has to look at: the next meetings, those without their word, and what they said before."""
    if not request.access.may_anywhere(Permission.GUIDE):
        raise Http404
    earlier = Paginator(with_my_word(request.access), PAGE).get_page(request.GET.get("page"))
    context = {
        "today": business_date(),
        "branches": guided_branches(request.access),
        "next": next_guided(request.access),
        "awaiting": awaiting_word(request.access),
        "page_obj": earlier,
        "earlier": [meeting(row, request.access) for row in earlier],
    }
    return render(request, "activities/contact_points_mine.html", context)


def _node_or_404(request: AccessRequest, code: str) -> Organisation:
    """A committee or another organisation above branches where the user supervises."""
    node = organisation_or_404(request, code, Permission.SUPERVISE)
    if node.is_branch:
        raise Http404
    return node
