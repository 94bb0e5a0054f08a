"""Circumstances of members: the list, beginning and ending one; the end of a membership and taking it back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from branches.actions import statuses as actions
from branches.actions.people import organisation_lock, person_lock
from branches.forms.statuses import BeginStatusForm, EndMembershipForm, EndStatusForm, GuestForm
from branches.models import Membership, MemberStatus
from branches.queries import effects as sentences
from branches.queries.statuses import branches_to_float_into, ended_membership_or_404, status_or_404, statuses_at
from branches.queries.transfers import membership_or_404
from branches.rights import AccessRequest, Permission, organisation_or_404
from branches.rules.people import StatusKind
from branches.rules.statuses import NEEDS_DOCUMENT
from branches.views.two_steps import Effect, Page, two_steps
from foundation.clock import business_date
from foundation.messages import done


def index(request: AccessRequest, code: str) -> HttpResponse:
    organisation = organisation_or_404(request, code, Permission.VIEW)
    rows = statuses_at(organisation, request.access, business_date())
    context = {"organisation": organisation, "rows": rows, "today": business_date()}
    return render(request, "branches/statuses/index.html", context)


def begin(request: AccessRequest, pk: int, kind: str) -> HttpResponse:
    if kind not in StatusKind.values:
        raise Http404
    membership = membership_or_404(request.access, pk, Permission.MANAGE_PEOPLE)
    request.organisation = branch = membership.branch
    person, today = membership.person, business_date()
    form = BeginStatusForm(
        request.POST or None, kind=kind, branches=branches_to_float_into(request.access, branch, today), today=today
    )

    def effects() -> list[Effect]:
        values = form.cleaned_data
        said = [Effect(_holds(person.name, kind, values))]
        if kind == StatusKind.FLOW_IN:
            what = {"name": person.name, "branch": values["branch"].short_name}
            said.append(Effect(_("%(name)s takes part in the meetings of %(branch)s, without a vote.") % what))
            text = _(
                "Membership and vote stay with %(home)s. Enter “Floating out” for it, too, or %(name)s stays expected "
                "at its meetings."
            )
            return [*said, Effect(text % {"home": branch.short_name, "name": person.name}, is_warning=True)]
        said += [Effect(text) for text in sentences.effects_of_status(person, on=values["on"], begins=kind)]
        if kind in NEEDS_DOCUMENT:
            said += [Effect(text, is_warning=True) for text in sentences.posts_kept(person, on=values["on"])]
        return said

    page = _page(person.pk, person.name, str(StatusKind(kind).label), _("Enter it"))
    return two_steps(
        request,
        form,
        page=page,
        act=lambda: actions.begin(person=person, organisation=branch, kind=kind, by=request.user, **form.cleaned_data),
        effects=effects,
        finish=lambda status: _entered(request, status, reverse("branches:person", args=[person.pk])),
        lock=person_lock(person),
    )


def flow_in(request: AccessRequest, code: str) -> HttpResponse:
    """Register a member of an organisation outside the system as floating into the branch."""
    branch = organisation_or_404(request, code, Permission.MANAGE_PEOPLE)
    if not branch.is_branch:
        raise Http404
    form = GuestForm(request.POST or None, today=business_date())
    back = reverse("branches:statuses", args=[code])

    def effects() -> list[Effect]:
        values = {"name": form.cleaned_data["name"], "branch": branch.short_name}
        return [
            Effect(_holds(values["name"], StatusKind.FLOW_IN, form.cleaned_data)),
            Effect(_("%(name)s takes part in the meetings of %(branch)s, without a vote.") % values),
            Effect(_("%(name)s is not on the roster of %(branch)s; the membership stays where it is.") % values),
        ]

    page = Page(
        title=_("Register a member floating into %(branch)s") % {"branch": branch.short_name},
        verb=_("Register"),
        back=back,
        crumb=(pgettext("roster", "Circumstances"), back),
    )
    return two_steps(
        request,
        form,
        page=page,
        act=lambda: actions.register_guest(branch=branch, by=request.user, **form.cleaned_data),
        effects=effects,
        finish=lambda status: _entered(request, status, back),
        lock=organisation_lock(branch),
    )


def end(request: AccessRequest, pk: int) -> HttpResponse:
    status, branch = status_or_404(request.access, pk, business_date())
    request.organisation = branch
    form = EndStatusForm(request.POST or None, kind=status.kind, today=business_date())
    person, back = status.person, reverse("branches:statuses", args=[branch.code])

    def effects() -> list[Effect]:
        on = form.cleaned_data["on"]
        what = {"kind": status.get_kind_display(), "name": person.name, "day": sentences.words_of(on)}
        said = [_("“%(kind)s” of %(name)s holds until %(day)s.") % what]
        if status.kind == StatusKind.FLOW_IN and status.branch:
            what["branch"] = status.branch.short_name
            said.append(_("After that day %(name)s does not take part in the meetings of %(branch)s.") % what)
        else:
            said += sentences.effects_of_status(person, on=on + timedelta(days=1), ends=status.kind)
        return [Effect(text) for text in said]

    def finish(_status: MemberStatus) -> HttpResponse:
        done(request, _("%(name)s: entry ended.") % {"name": person.name})
        return redirect(back)

    restores = status.kind == StatusKind.SUSPENDED
    title = _("Restore the membership of %(name)s") if restores else _("End “%(kind)s” of %(name)s")
    page = Page(
        title=title % {"name": person.name, "kind": status.get_kind_display()},
        verb=_("Restore the membership") if restores else _("End the entry"),
        back=back,
        crumb=(pgettext("roster", "Circumstances"), back),
    )
    return two_steps(
        request,
        form,
        page=page,
        act=lambda: actions.end(status=status, organisation=branch, by=request.user, **form.cleaned_data),
        effects=effects,
        finish=finish,
        lock=person_lock(person),
    )


@require_POST
def take_back(request: AccessRequest, pk: int) -> HttpResponse:
    status, branch = status_or_404(request.access, pk, business_date())
    try:
        actions.take_back(status=status, organisation=branch, by=request.user)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        done(request, _("%(name)s: entry taken back.") % {"name": status.person.name})
    return redirect("branches:statuses", branch.code)


def end_membership(request: AccessRequest, pk: int, kind: str) -> HttpResponse:
    """A membership ends without a transfer: left, removed, expelled, deceased."""
    if kind not in actions.ENDS:
        raise Http404
    membership = membership_or_404(request.access, pk, Permission.MANAGE_PEOPLE)
    request.organisation = branch = membership.branch
    person = membership.person
    form = EndMembershipForm(request.POST or None, kind=kind, today=business_date())

    def effects() -> list[Effect]:
        after = form.cleaned_data["on"] + timedelta(days=1)
        said = sentences.effects_of_leaving(membership, on=after, to=None)
        said += sentences.statuses_ending(person, on=after, kinds=StatusKind)
        warned = [
            _("What was recorded up to that day stays as it is. An end entered by mistake can be taken back."),
            *sentences.account_left(person),
        ]
        return [*(Effect(text) for text in said), *(Effect(text, is_warning=True) for text in warned)]

    def finish(ended: Membership) -> HttpResponse:
        undo = reverse("branches:membership_reopen", args=[ended.pk])
        done(request, _("%(name)s: membership ended.") % {"name": person.name}, undo_url=undo)
        return redirect("branches:person", person.pk)

    label = str(Membership.End(kind).label)
    verb = _("Enter the death") if kind == Membership.End.DECEASED else _("End the membership")
    page = _page(person.pk, person.name, label, verb, is_final=True)
    return two_steps(
        request,
        form,
        page=page,
        act=lambda: actions.end_for_good(person=person, branch=branch, kind=kind, by=request.user, **form.cleaned_data),
        effects=effects,
        finish=finish,
        lock=person_lock(person),
    )


@require_POST
def reopen(request: AccessRequest, pk: int) -> HttpResponse:
    """Take back the end of a membership entered by mistake."""
    membership = ended_membership_or_404(request.access, pk)
    if membership.end_kind not in actions.ENDS:
        raise Http404
    try:
        actions.reopen(membership=membership, by=request.user)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        done(request, _("%(name)s: taken back, the membership holds again.") % {"name": membership.person.name})
    return redirect("branches:person", membership.person_id)


def _entered(request: AccessRequest, status: MemberStatus, back: str) -> HttpResponse:
    undo = reverse("branches:status_take_back", args=[status.pk])
    values = {"name": status.person.name, "kind": status.get_kind_display()}
    done(request, _("%(name)s: “%(kind)s” entered.") % values, undo_url=undo)
    return redirect(back)


def _holds(name: str, kind: str, values: dict[str, Any]) -> str:
    first, until = sentences.words_of(values["on"]), values.get("until")
    what = {"name": name, "kind": StatusKind(kind).label, "first": first}
    if until is None:
        return _("“%(kind)s” holds for %(name)s from %(first)s until it is ended.") % what
    what["last"] = sentences.words_of(until)
    return _("“%(kind)s” holds for %(name)s from %(first)s to %(last)s.") % what


def _page(pk: int, name: str, what: str, verb: str, *, is_final: bool = False) -> Page:
    address = reverse("branches:person", args=[pk])
    title = _("%(name)s: %(what)s") % {"name": name, "what": what}
    return Page(title=title, verb=verb, back=address, crumb=(name, address), is_final=is_final)
