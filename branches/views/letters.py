"""Transfers by letter: out of the system, into it, and the receipt."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from branches.actions import letters as actions
from branches.actions.people import organisation_lock, person_lock
from branches.forms.organisations import show_refusal
from branches.forms.transfers import ReceiptForm, SendOutForm, TakeInForm
from branches.models import Transfer
from branches.queries import effects as sentences
from branches.queries.transfers import membership_or_404, transfer_or_404
from branches.rights import AccessRequest, Permission, organisation_or_404
from branches.rules.people import Category, StatusKind
from branches.views.two_steps import Effect, Page, two_steps
from foundation.clock import business_date
from foundation.messages import done

OUT = (Transfer.Direction.OUT,)


def send_out(request: AccessRequest, pk: int) -> HttpResponse:
    """A member goes to an organisation outside the system, by letter."""
    membership = membership_or_404(request.access, pk, Permission.TRANSFER)
    request.organisation = branch = membership.branch
    person = membership.person
    form = SendOutForm(request.POST or None, today=business_date())

    def effects() -> list[Effect]:
        on = form.cleaned_data["on"]
        said = sentences.effects_of_leaving(membership, on=on, to=None)
        said += sentences.statuses_ending(person, on=on, kinds=StatusKind)
        warned = [_("The letter stays on the list until its receipt is entered."), *sentences.account_left(person)]
        return [*(Effect(text) for text in said), *(Effect(text, is_warning=True) for text in warned)]

    def finish(transfer: Transfer) -> HttpResponse:
        undo = reverse("branches:transfer_take_back", args=[transfer.pk])
        done(request, _("%(name)s: transferred out by letter.") % {"name": person.name}, undo_url=undo)
        return redirect("branches:transfers", branch.code)

    address = reverse("branches:person", args=[person.pk])
    page = Page(
        title=_("Transfer of %(name)s out of the system") % {"name": person.name},
        verb=_("Transfer out by letter"),
        back=address,
        crumb=(person.name, address),
        is_final=True,
    )

    def act() -> Transfer:
        return actions.send_out(
            person=person,
            branch=branch,
            letter=_letter(form.cleaned_data),
            on=form.cleaned_data["on"],
            by=request.user,
            reason=form.cleaned_data["reason"],
        )

    return two_steps(request, form, page=page, act=act, effects=effects, finish=finish, lock=person_lock(person))


def take_in(request: AccessRequest, code: str) -> HttpResponse:
    """Somebody comes from an organisation outside the system, by letter."""
    branch = organisation_or_404(request, code, Permission.TRANSFER)
    if not branch.is_branch:
        raise Http404
    form = TakeInForm(request.POST or None, today=business_date())

    def newcomer() -> actions.Newcomer:
        return actions.Newcomer(**{name: form.cleaned_data[name] for name in actions.Newcomer.__annotations__})

    def effects() -> list[Effect]:
        on, name = form.cleaned_data["on"], form.cleaned_data["name"]
        known = actions.known_newcomer(newcomer=newcomer(), branch=branch, on=on, access=request.access)
        full = form.cleaned_data["full_on"]
        votes = full <= on if full else form.cleaned_data["category"] == Category.FULL
        said = [Effect(text) for text in sentences.effects_of_joining(name, branch.short_name, on=on, votes=votes)]
        typed = newcomer()
        told = actions.by_number(typed)
        if (typed.sex or told.sex, typed.birth_date or told.birth_date) != (told.sex, told.birth_date):
            text = _("Sex and date of birth are taken from the identity number; what was typed differs: compare both.")
            said.append(Effect(text, is_warning=True))
        if known is not None:
            said.append(Effect(_("The records of a former membership of the same person go on."), is_warning=True))
        elif not form.cleaned_data["identity_number"]:
            said.append(Effect(_("Without an identity number: the person will be marked so."), is_warning=True))
        return said

    def act() -> Transfer:
        return actions.take_in(
            branch=branch,
            newcomer=newcomer(),
            letter=_letter(form.cleaned_data),
            on=form.cleaned_data["on"],
            by=request.user,
            access=request.access,
        )

    def finish(transfer: Transfer) -> HttpResponse:
        done(request, _("%(name)s was taken in.") % {"name": transfer.person.name})
        return redirect("branches:transfers", branch.code)

    back = reverse("branches:transfers", args=[code])
    page = Page(
        title=_("Take in a member from outside the system"),
        verb=_("Take in by letter"),
        back=back,
        crumb=(_("Transfers"), back),
    )
    return two_steps(request, form, page=page, act=act, effects=effects, finish=finish, lock=organisation_lock(branch))


def receipt(request: AccessRequest, pk: int) -> HttpResponse:
    transfer = transfer_or_404(request.access, pk, end="from_branch", directions=OUT)
    assert transfer.from_branch is not None
    request.organisation = branch = transfer.from_branch
    form = ReceiptForm(request.POST or None, initial={"on": business_date()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.enter_receipt(transfer=transfer, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            text = _("%(name)s: receipt entered.") % {"name": transfer.person.name}
            done(request, text, undo_url=reverse("branches:transfer_receipt_remove", args=[pk]))
            return redirect("branches:transfers", branch.code)
    context = {
        "form": form,
        "title": _("Receipt of the letter for %(name)s") % {"name": transfer.person.name},
        "verb": _("Enter the receipt"),
        "back": reverse("branches:transfers", args=[branch.code]),
    }
    return render(request, "branches/transfers/answer.html", context, status=422 if form.errors else 200)


@require_POST
def receipt_remove(request: AccessRequest, pk: int) -> HttpResponse:
    return _undo(request, pk, actions.remove_receipt, _("%(name)s: receipt taken back."))


@require_POST
def take_back(request: AccessRequest, pk: int) -> HttpResponse:
    """A letter out entered by mistake: the membership holds again."""
    return _undo(request, pk, actions.take_back, _("%(name)s: taken back, the membership holds again."))


def _undo(request: AccessRequest, pk: int, act: Any, said: str) -> HttpResponse:
    transfer = transfer_or_404(request.access, pk, end="from_branch", directions=OUT)
    assert transfer.from_branch is not None
    try:
        act(transfer=transfer, by=request.user)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        done(request, said % {"name": transfer.person.name})
    return redirect("branches:transfers", transfer.from_branch.code)


def _letter(values: dict[str, Any]) -> actions.Letter:
    return actions.Letter(**{name: values[name] for name in actions.Letter.__annotations__})
