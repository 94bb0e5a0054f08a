"""Transfers: the list of an organisation, asking for one inside the system and answering it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.actions import transfers as actions
from branches.actions.people import person_lock
from branches.forms.organisations import show_refusal
from branches.forms.transfers import AcceptForm, AskForm, RefuseForm, RevokeForm
from branches.models import Membership, Organisation, Transfer
from branches.queries import effects as sentences
from branches.queries.transfers import (
    branch_of_code,
    branches_to_choose,
    membership_or_404,
    rows_of,
    settled_at,
    transfer_or_404,
    transfers_at,
)
from branches.rights import AccessRequest, Permission, organisation_or_404
from branches.rules.statuses import ENDED_BY_TRANSFER
from branches.views.two_steps import Effect, Page, two_steps
from foundation.clock import business_date
from foundation.messages import done

PER_PAGE = 30
_NOT_TAKEN_BACK = gettext_lazy("An accepted transfer is not revoked; one made by mistake is mended by a transfer back.")
INSIDE = (Transfer.Direction.INSIDE,)  # letters are not answered


def index(request: AccessRequest, code: str) -> HttpResponse:
    """What waits for an answer first, then what was asked, letters without receipt, what is settled."""
    organisation = organisation_or_404(request, code, Permission.VIEW)
    today = business_date()
    page = Paginator(settled_at(organisation, request.access), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "organisation": organisation,
        "page_obj": page,
        "open": transfers_at(organisation, request.access, today),
        "settled": rows_of(page.object_list, request.access, today),
    }
    return render(request, "branches/transfers/index.html", context)


def ask(request: AccessRequest, pk: int) -> HttpResponse:
    """Ask for the transfer of a member to another branch of the system; at once, for who acts for both."""
    membership = membership_or_404(request.access, pk, Permission.TRANSFER)
    request.organisation = branch = membership.branch
    today = business_date()
    branches = branches_to_choose(request.access, branch, today)
    answers = branches.filter(request.access.reach(Permission.TRANSFER)).exists()
    form = AskForm(request.POST or None, branches=branches, today=today, answers=answers)

    def act() -> Transfer:
        target, at_once = _target(request, form, branches), form.cleaned_data.get("at_once")
        values = {key: form.cleaned_data[key] for key in ("on", "reason")} | {"by": request.user}
        if not at_once:
            elsewhere = target.short_name if form.cleaned_data["to_branch"] and target else form.cleaned_data["code"]
            return actions.ask(
                person=membership.person, from_branch=branch, to_branch=target, elsewhere=elsewhere, **values
            )
        if target is None or not request.access.may(Permission.TRANSFER, target):
            raise ValidationError({"at_once": _("You do not act for this branch; it has to accept by itself.")})
        return actions.ask_and_accept(person=membership.person, from_branch=branch, to_branch=target, **values)

    def finish(transfer: Transfer) -> HttpResponse:
        if transfer.state == Transfer.State.ACCEPTED:
            done(request, _("%(name)s: transfer arranged and accepted.") % {"name": transfer.person.name})
        else:
            undo = reverse("branches:transfer_revoke", args=[transfer.pk])
            done(request, _("%(name)s: transfer asked for.") % {"name": transfer.person.name}, undo_url=undo)
        return redirect("branches:transfers", branch.code)

    page = _page(request, membership, _("Transfer of %(name)s to another branch"), _("Arrange the transfer"))
    return two_steps(
        request,
        form,
        page=page,
        act=act,
        effects=lambda: _effects_of_asking(membership, form.cleaned_data),
        finish=finish,
        lock=person_lock(membership.person),
    )


def accept(request: AccessRequest, pk: int) -> HttpResponse:
    transfer = transfer_or_404(request.access, pk, end="to_branch", directions=INSIDE)
    to, former = transfer.to_branch, transfer.from_branch
    assert to is not None and former is not None
    request.organisation = to
    form = AcceptForm(request.POST or None, initial={"on": transfer.effective_on})
    name, person = transfer.person.name, transfer.person

    def effects() -> list[Effect]:
        on = form.cleaned_data["on"]
        votes = sentences.votes_after_move(person, on=on, kinds=ENDED_BY_TRANSFER)
        said = sentences.effects_of_joining(name, to.short_name, on=on, votes=votes)
        warned = [str(_NOT_TAKEN_BACK)]
        membership = person.memberships.valid().filter(ends_on__isnull=True).select_related("branch", "person").first()
        if membership is not None and request.access.may(Permission.VIEW, former):
            said = [*sentences.effects_of_leaving(membership, on=on, to=to), *said]
            warned += sentences.account_left(person)
        else:
            said.append(_("The membership of %(branch)s ends the day before.") % {"branch": former.name})
        return [*(Effect(text) for text in said), *(Effect(text, is_warning=True) for text in warned)]

    def finish(_transfer: Transfer) -> HttpResponse:
        on = form.cleaned_data["on"]
        if on > business_date():  # until then the person's page belongs to the former branch
            said = _("%(name)s was taken in; on the roster from %(day)s.")
            done(request, said % {"name": name, "day": sentences.words_of(on)})
            return redirect("branches:transfers", to.code)
        done(request, _("%(name)s was taken in.") % {"name": name})
        return redirect("branches:person", person.pk)

    page = Page(
        title=_("Take in %(name)s") % {"name": name},
        verb=_("Accept the transfer"),
        back=_list(to),
        crumb=(_("Transfers"), _list(to)),
    )
    return two_steps(
        request,
        form,
        page=page,
        act=lambda: actions.accept(transfer=transfer, by=request.user, on=form.cleaned_data["on"]),
        effects=effects,
        finish=finish,
        lock=person_lock(person),
    )


def refuse(request: AccessRequest, pk: int) -> HttpResponse:
    transfer = transfer_or_404(request.access, pk, end="to_branch", directions=INSIDE)
    form = RefuseForm(request.POST or None)
    title = _("Refuse the transfer of %(name)s") % {"name": transfer.person.name}
    said = _("%(name)s: transfer refused.") % {"name": transfer.person.name}
    return _answer(request, transfer, transfer.to_branch, form, actions.refuse, title, _("Refuse the transfer"), said)


def revoke(request: AccessRequest, pk: int) -> HttpResponse:
    transfer = transfer_or_404(request.access, pk, end="from_branch", directions=INSIDE)
    # The undo button of the black bar posts without a field.
    form = RevokeForm(request.POST if request.method == "POST" else None)
    title = _("Revoke the transfer of %(name)s") % {"name": transfer.person.name}
    said = _("%(name)s: request revoked.") % {"name": transfer.person.name}
    return _answer(request, transfer, transfer.from_branch, form, actions.revoke, title, _("Revoke the request"), said)


def _answer(
    request: AccessRequest,
    transfer: Transfer,
    end: Organisation | None,
    form: Any,
    act: Any,
    title: str,
    verb: str,
    said: str,
) -> HttpResponse:
    """An answer that moves nobody: one form, no preview."""
    assert end is not None
    request.organisation = end
    if request.method == "POST" and form.is_valid():
        try:
            act(transfer=transfer, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            done(request, said)
            return redirect("branches:transfers", end.code)
    context = {"form": form, "title": title, "verb": verb, "back": _list(end)}
    return render(request, "branches/transfers/answer.html", context, status=422 if form.errors else 200)


def _target(request: AccessRequest, form: AskForm, branches: Any) -> Organisation | None:
    """The branch chosen, or the one with the typed code: nobody is told whether there is one."""
    if form.cleaned_data["to_branch"]:
        chosen: Organisation = form.cleaned_data["to_branch"]
        return chosen
    return branch_of_code(form.cleaned_data["code"], form.cleaned_data["on"])


def _effects_of_asking(membership: Membership, values: dict[str, Any]) -> list[Effect]:
    person, on, to = membership.person, values["on"], values["to_branch"]
    # Of a branch out of reach nothing is known here, so nothing depends on it.
    said = sentences.effects_of_leaving(membership, on=on, to=to or membership.branch)
    said += sentences.statuses_ending(person, on=on, kinds=ENDED_BY_TRANSFER)
    where = to.short_name if to else _("the branch with the code “%(code)s”") % {"code": values["code"]}
    votes = sentences.votes_after_move(person, on=on, kinds=ENDED_BY_TRANSFER)
    is_asked = not values.get("at_once")
    said += sentences.effects_of_joining(person.name, where, on=on, votes=votes, is_asked=is_asked)
    effects = [Effect(text) for text in said]
    effects += [Effect(text, is_warning=True) for text in sentences.account_left(person)]
    if is_asked:
        text = _("Nothing of this holds until %(branch)s accepts; until then the request can be revoked.")
        effects.append(Effect(text % {"branch": where}, is_warning=True))
    else:
        effects.append(Effect(str(_NOT_TAKEN_BACK), is_warning=True))
    return effects


def _page(request: AccessRequest, membership: Membership, title: str, verb: str) -> Page:
    name, address = membership.person.name, reverse("branches:person", args=[membership.person_id])
    return Page(title=title % {"name": name}, verb=verb, back=address, crumb=(name, address))


def _list(organisation: Organisation) -> str:
    return reverse("branches:transfers", args=[organisation.code])
