"""The roster of an organisation, and one member."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from branches.actions.groups import change_group
from branches.actions.people import reveal_identity
from branches.forms.organisations import show_refusal
from branches.forms.people import GroupChangeForm, RevealForm, RosterFilter
from branches.queries.merges import kept_instead, merges_of
from branches.queries.people import MemberPage, member_page, members_of_page, roster_of
from branches.queries.tree import as_called_on
from branches.rights import AccessRequest, Permission, organisation_or_404
from foundation.clock import business_date
from foundation.messages import done

PER_PAGE = 60


def roster(request: AccessRequest, code: str) -> HttpResponse:
    organisation = organisation_or_404(request, code, Permission.VIEW)
    form = RosterFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    today = business_date()
    day = chosen.get("on") or today
    rows = roster_of(
        organisation, request.access, day, name=chosen.get("name", ""), category=chosen.get("category", "")
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "branches/roster.html",
        {
            "organisation": as_called_on([organisation], day)[organisation.pk],
            "form": form,
            "day": day,
            "is_today": day == today,
            "day_query": "" if day == today else f"?on={day.isoformat()}",
            "page_obj": page,
            "members": members_of_page(list(page.object_list), day),
            "is_filtered": any(chosen.get(name) for name in ("name", "category")),
        },
    )


def person(request: AccessRequest, pk: int) -> HttpResponse:
    page = member_page(request.access, pk, business_date())
    if page is None:
        kept = kept_instead(pk)
        if kept is None or member_page(request.access, kept, business_date()) is None:
            raise Http404
        return redirect("branches:person", kept)
    request.organisation = page.branch
    context = page.context | {"form": RevealForm(), "merges": merges_of(page.person)}
    return render(request, "branches/person.html", context)


@require_POST
def identity(request: AccessRequest, pk: int) -> HttpResponse:
    """The identity number, shown once; the reason goes on record. Not a redirect: the number must not enter a URL."""
    page = _page(request, pk)
    if page.member is None or not request.access.may(Permission.REVEAL_IDENTITY, page.member.branch):
        raise Http404
    if not page.person.identity_number:
        raise Http404
    form = RevealForm(request.POST)
    revealed = ""
    if form.is_valid():
        try:
            revealed = reveal_identity(
                person=page.person, branch=page.member.branch, by=request.user, reason=form.cleaned_data["reason"]
            )
        except ValidationError as error:
            show_refusal(form, error)
    context = page.context | {"form": form, "revealed": revealed}
    response = render(request, "branches/person.html", context, status=200 if revealed else 422)
    response["Cache-Control"] = "no-store"
    return response


def group(request: AccessRequest, pk: int) -> HttpResponse:
    """Change of party group within the branch."""
    page = _page(request, pk)
    branch = page.branch
    if page.member is None or branch is None or not request.access.may(Permission.MANAGE_PEOPLE, branch):
        raise Http404
    today = business_date()
    form = GroupChangeForm(
        request.POST or None,
        groups=branch.groups.active_on(today),
        today=today,
        initial={"group": page.member.group},
    )
    if request.method == "POST" and form.is_valid():
        try:
            change_group(person=page.person, branch=branch, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            done(request, _("%(name)s: party group changed.") % {"name": page.person.name})
            return redirect("branches:person", pk)
    title = _("Change the party group of %(name)s") % {"name": page.person.name}
    context = {
        "form": form,
        "title": title,
        "verb": _("Change the group"),
        "back": reverse("branches:person", args=[pk]),
    }
    return render(request, "branches/organisation_act.html", context, status=422 if form.errors else 200)


def _page(request: AccessRequest, pk: int) -> MemberPage:
    page = member_page(request.access, pk, business_date())
    if page is None:
        raise Http404
    request.organisation = page.branch
    return page
