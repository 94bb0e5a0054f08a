"""The secretary hands over: post, role, and what is still open in the records."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from activities.queries.handovers import open_records
from activities.rules.activities import State
from branches.actions.handovers import HandOver, hand_over
from branches.actions.people import organisation_lock
from branches.forms.handovers import HandOverForm
from branches.models import Organisation, Person, Role
from branches.queries.elections import people_to_elect
from branches.queries.handovers import role_part, secretaries
from branches.queries.members import keepers_of
from branches.rights import AccessRequest, Permission, organisation_or_404
from branches.rules.accounts import roles_at
from branches.views.members import words_of_day
from branches.views.two_steps import Effect, Page, two_steps
from foundation.clock import business_date
from foundation.messages import done


def new(request: AccessRequest, code: str) -> HttpResponse:
    """Staff hand over the post; who may manage accounts hands over the role with it, or later by the same act."""
    organisation = organisation_or_404(request, code, Permission.MANAGE_PEOPLE)
    today = business_date()
    if Role.SECRETARY not in roles_at(organisation.kind) or not organisation.existed_on(today):
        raise Http404
    may_give_role = request.access.may(Permission.MANAGE_ACCOUNTS, organisation)
    form = HandOverForm(
        request.POST or None,
        people=people_to_elect(organisation, request.access),
        may_give_role=may_give_role,
        today=today,
    )

    def successor() -> Person:
        return Person.objects.get(pk=form.cleaned_data["successor"])

    def act() -> HandOver:
        values = form.cleaned_data
        return hand_over(
            organisation=organisation,
            successor=successor(),
            on=values["on"],
            document_number=values["document_number"],
            with_role=values.get("with_role", False),
            by=request.user,
            access=request.access,
        )

    def finish(result: HandOver) -> HttpResponse:
        words = {"name": successor().name, "organisation": organisation.short_name}
        done(request, _("%(name)s is now the secretary of %(organisation)s.") % words)
        if not result.password or result.account is None:
            return redirect("branches:organisation", organisation.code)
        context = {
            "organisation": organisation,
            "account": result.account,
            "password": result.password,
            "expires_at": result.account.one_time_password_expires_at,
        }
        response = render(request, "branches/accounts/one_time_password.html", context)
        response["Cache-Control"] = "no-store"  # the password is seen here and nowhere else
        return response

    back = reverse("branches:organisation", args=[organisation.code])
    page = Page(
        title=_("Hand over the secretary’s post of %(name)s") % {"name": organisation.short_name},
        verb=_("Hand over"),
        back=back,
        template="activities/handover.html",
        context={
            "organisation": organisation,
            "present": secretaries(organisation, today),
            "may_give_role": may_give_role,
            "role_keepers": keepers_of(organisation, Permission.MANAGE_ACCOUNTS, today),
            "open_records": open_records(organisation, request.access),
        },
    )
    return two_steps(
        request,
        form,
        page=page,
        act=act,
        effects=lambda: [
            *_effects_of_post(form, organisation, successor()),
            *_effects_of_role(request, form, organisation, successor()),
            *_effects_of_records(request, organisation),
        ],
        finish=finish,
        lock=organisation_lock(organisation),
    )


def _effects_of_post(form: HandOverForm, organisation: Organisation, successor: Person) -> list[Effect]:
    present = secretaries(organisation, form.cleaned_data["on"])
    if any(row.person_id == successor.pk and row.ends_on is None for row in present):
        return [Effect(_("%(name)s holds the post already; only the role changes.") % {"name": successor.name})]
    on = form.cleaned_data["on"]
    words = {"day": words_of_day(on), "last": words_of_day(on - timedelta(days=1))}
    words["number"] = form.cleaned_data["document_number"]
    text = _("Relieved of the secretary’s post: %(name)s; the last day is %(last)s.")
    effects = [Effect(text % (words | {"name": row.person.name})) for row in present]
    text = _("Secretary from %(day)s on: %(name)s (%(number)s).")
    return [*effects, Effect(text % (words | {"name": successor.name}))]


def _effects_of_role(
    request: AccessRequest, form: HandOverForm, organisation: Organisation, successor: Person
) -> list[Effect]:
    if not form.cleaned_data.get("with_role"):
        names = keepers_of(organisation, Permission.MANAGE_ACCOUNTS, request.access.day)
        text = _("The account’s role stays as it is. An administrator hands it over by the same act: %(names)s.")
        return [Effect(text % {"names": _(", ").join(names) or "—"}, is_warning=True)]
    part = role_part(organisation, successor, request.access)
    effects = [
        Effect(_("The role of secretary ends today for the account of %(name)s.") % {"name": row.user.name})
        for row in part.former
    ]
    if part.is_settled:
        return [Effect(_("The account of %(name)s has the role already.") % {"name": successor.name})]
    if part.account is None:
        text = _("An account is opened for %(name)s with the role of secretary; its one-time password is shown once.")
    else:
        text = _("The account of %(name)s has the role of secretary from today on.")
    return [*effects, Effect(text % {"name": successor.name})]


def _effects_of_records(request: AccessRequest, organisation: Organisation) -> list[Effect]:
    effects = [
        Effect(_("Drafts and returned records stay with the organisation; the successor finds them on the desk."))
    ]
    for record in open_records(organisation, request.access):
        state = _("returned, to be corrected") if record.state == State.RETURNED else _("draft")
        words = {"day": words_of_day(record.held_on), "title": record.title, "state": state}
        effects.append(Effect(_("%(day)s %(title)s: %(state)s") % words))
    return effects
