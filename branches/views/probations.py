"""Probations near their end, and what was decided about them."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.actions.people import person_lock
from branches.actions.probations import decide as decide_action
from branches.actions.probations import take_back as take_back_action
from branches.forms.probations import DecisionForm, TakeBackForm
from branches.models import ProbationDecision
from branches.queries.effects import account_left
from branches.queries.probations import Probation, probation_of, probations_at, recent_decisions
from branches.rights import AccessRequest, Permission, organisation_or_404
from branches.rules.probations import ProbationOutcome
from branches.views.members import managed_or_404, page_of, words_of_day
from branches.views.two_steps import Effect, Page, two_steps
from foundation.clock import business_date
from foundation.messages import done
from foundation.rules.days import months_after

YEAR = 12


def index(request: AccessRequest, code: str) -> HttpResponse:
    organisation = organisation_or_404(request, code, Permission.VIEW)
    today = business_date()
    rows = probations_at(organisation, request.access, today)
    context = {
        "organisation": organisation,
        "rows": rows,
        "today": today,
        "soon": sum(row.status == "soon" for row in rows),
        "overdue": sum(row.status == "overdue" for row in rows),
        "decisions": recent_decisions(organisation, request.access, months_after(today, -YEAR)),
    }
    return render(request, "branches/probations.html", context)


def decide(request: AccessRequest, pk: int) -> HttpResponse:
    member_page = managed_or_404(request, pk)
    person, member = member_page.person, member_page.member
    assert member is not None
    today = business_date()
    current = next((row for row in member_page.memberships if row.holds_on(today)), None)
    probation = probation_of(person, current, today)
    if probation is None:
        raise Http404
    form = DecisionForm(request.POST or None, due=probation.due)

    def act() -> ProbationDecision:
        return decide_action(person=person, branch=member.branch, by=request.user, **form.cleaned_data)

    def finish(decision: ProbationDecision) -> HttpResponse:
        words = {"name": person.name, "outcome": decision.get_outcome_display()}
        done(request, _("%(name)s: %(outcome)s.") % words)
        return redirect("branches:probations", member.branch.code)

    return two_steps(
        request,
        form,
        page=page_of(person, _("Probation of %(name)s"), _("Record the decision")),
        act=act,
        effects=lambda: _effects(form, probation),
        finish=finish,
        lock=person_lock(person),
    )


def take_back(request: AccessRequest, code: str, pk: int) -> HttpResponse:
    branch = organisation_or_404(request, code, Permission.MANAGE_PEOPLE)
    decision = get_object_or_404(
        ProbationDecision.objects.select_related("person"), pk=pk, branch=branch, is_void=False
    )
    form = TakeBackForm(request.POST or None)
    back = reverse("branches:probations", args=[branch.code])
    words = {"name": decision.person.name, "outcome": decision.get_outcome_display()}

    def act() -> ProbationDecision:
        return take_back_action(decision=decision, by=request.user, access=request.access, **form.cleaned_data)

    def finish(_decision: ProbationDecision) -> HttpResponse:
        done(request, _("Taken back: %(name)s, %(outcome)s.") % words)
        return redirect(back)

    page = Page(
        title=_("Take back: %(name)s, %(outcome)s") % words,
        verb=_("Take the decision back"),
        back=back,
        crumb=(_("Probationary members"), back),
        is_final=True,
    )
    effects = [Effect(_("The decision counts as never taken; it stays in the audit trail with your reason."))]
    effects.append(Effect(str(_AFTER[ProbationOutcome(decision.outcome)]) % words))
    return two_steps(
        request, form, page=page, act=act, effects=lambda: effects, finish=finish, lock=person_lock(decision.person)
    )


_AFTER = {
    ProbationOutcome.FULL: gettext_lazy("%(name)s is a probationary member again, without a vote."),
    ProbationOutcome.EXTENDED: gettext_lazy("The probation of %(name)s ends a year after admission again."),
    ProbationOutcome.CANCELLED: gettext_lazy(
        "%(name)s is a probationary member of the branch again, without a gap, with the party group, office and "
        "posts that ended with it."
    ),
}


def _effects(form: DecisionForm, probation: Probation) -> list[Effect]:
    values, person = form.cleaned_data, probation.person
    words = {"name": person.name, "day": words_of_day(values["decided_on"]), "number": values["document_number"]}
    effects = [Effect(_("Decided by the members’ meeting on %(day)s, approved by %(number)s.") % words)]
    if values["outcome"] == ProbationOutcome.FULL:
        words["day"] = words_of_day(values["full_on"])
        effects.append(Effect(_("%(name)s is a full member from %(day)s on and votes from then on.") % words))
        if values["full_on"] != probation.due:
            assert probation.due is not None
            text = _("The probation ended on %(due)s; as a rule full membership begins that day.")
            effects.append(Effect(text % {"due": words_of_day(probation.due)}, is_warning=True))
    elif values["outcome"] == ProbationOutcome.EXTENDED:
        words["day"] = words_of_day(values["extended_until"])
        effects.append(Effect(_("The probation of %(name)s runs until %(day)s; it cannot be extended again.") % words))
    else:
        effects.append(Effect(_("The membership of %(name)s ends; the last day is %(day)s.") % words))
        text = _("Party group, office and posts end with it, and %(name)s leaves the roster.")
        effects.append(Effect(text % words, is_warning=True))
        effects += [Effect(text, is_warning=True) for text in account_left(person)]
    return effects
