"""Terms that end, and elections."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from branches.actions.elections import hold_election, record_reply
from branches.actions.people import organisation_lock
from branches.forms.elections import MORE_ROWS, MOST_ROWS, CandidateRows, ElectionForm, ReplyForm, candidates_of
from branches.models import Election, Organisation, Person, Post
from branches.queries.elections import (
    elections_held,
    people_to_elect,
    posts_ended_by,
    term_rows,
    voters_on,
)
from branches.rights import AccessRequest, Permission, organisation_or_404
from branches.rules.elections import Tally, term_end
from branches.rules.organisations import OrganisationKind
from branches.views.members import words_of_day
from branches.views.two_steps import Effect, Page, two_steps
from foundation.clock import business_date
from foundation.messages import done
from foundation.rules.numbers import small_integer

PER_PAGE = 60
PREFIX = "rows"


def index(request: AccessRequest, code: str) -> HttpResponse:
    organisation = organisation_or_404(request, code, Permission.VIEW)
    rows = term_rows(organisation, request.access)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "organisation": organisation,
        "rows": page.object_list,
        "page_obj": page,
        "today": business_date(),
        "overdue": sum(row.status == "overdue" for row in rows),
        "soon": sum(row.status == "soon" for row in rows),
        "elections": elections_held(organisation, request.access),
        "holds_elections": _holds_elections(organisation),
    }
    return render(request, "branches/elections.html", context)


def new(request: AccessRequest, code: str) -> HttpResponse:
    organisation = organisation_or_404(request, code, Permission.MANAGE_PEOPLE)
    today = business_date()
    if not _holds_elections(organisation) or not organisation.existed_on(today):
        raise Http404
    people = people_to_elect(organisation, request.access)
    voters = voters_on(organisation, today) if organisation.is_branch else None
    form, rows = _forms(request, organisation, voters, people)

    def candidates() -> list[tuple[Person, str, int, bool]]:
        chosen = [row.cleaned_data.get("person") for row in rows]
        return candidates_of(rows, Person.objects.in_bulk([pk for pk in chosen if pk]))

    def act() -> Election:
        values = form.cleaned_data
        return hold_election(
            organisation=organisation,
            on=values["on"],
            is_new_term=values["kind"] == "term",
            expires_on=values["expires_on"],
            has_committee=values.get("has_committee", True),
            tally=form.tally,
            candidates=candidates(),
            reply_number=values["reply_number"],
            reply_on=values["reply_on"],
            note=values["note"],
            by=request.user,
        )

    def finish(election: Election) -> HttpResponse:
        done(request, _("The election of %(day)s is on record.") % {"day": words_of_day(election.held_on)})
        return redirect("branches:election", organisation.code, election.pk)

    page = _page(
        organisation,
        _("Record an election of %(name)s"),
        _("Record the election"),
        template="branches/election_form.html",
        context={"can_add": len(rows.forms) < MOST_ROWS},
    )
    return two_steps(
        request,
        form,
        rows=rows,
        page=page,
        act=act,
        effects=lambda: _effects(organisation, form, candidates()),
        finish=finish,
        lock=organisation_lock(organisation),
    )


def election(request: AccessRequest, code: str, pk: int) -> HttpResponse:
    organisation = organisation_or_404(request, code, Permission.VIEW)
    found = get_object_or_404(Election.objects.select_related("term", "entered_by"), pk=pk, organisation=organisation)
    tally = Tally(found.voters_expected, found.voters_present, found.ballots_issued, found.ballots_returned)
    context = {
        "organisation": organisation,
        "election": found,
        "tally": tally,
        "candidates": found.candidates.select_related("person").order_by("-is_elected", "pk"),
    }
    return render(request, "branches/election.html", context)


def reply(request: AccessRequest, code: str, pk: int) -> HttpResponse:
    organisation = organisation_or_404(request, code, Permission.MANAGE_PEOPLE)
    found = get_object_or_404(Election, pk=pk, organisation=organisation, reply_number="")
    form = ReplyForm(request.POST or None)

    def act() -> Election:
        return record_reply(election=found, by=request.user, **form.cleaned_data)

    def finish(_election: Election) -> HttpResponse:
        done(request, _("The reply is on record."))
        return redirect("branches:election", organisation.code, pk)

    def effects() -> list[Effect]:
        words = {
            "number": form.cleaned_data["reply_number"],
            "day": words_of_day(form.cleaned_data["reply_on"]),
            "held": words_of_day(found.held_on),
        }
        return [Effect(_("The election of %(held)s has the reply %(number)s of %(day)s.") % words)]

    page = _page(organisation, _("Reply to the election of %(name)s"), _("Record the reply"))
    return two_steps(
        request, form, page=page, act=act, effects=effects, finish=finish, lock=organisation_lock(organisation)
    )


def _holds_elections(organisation: Organisation) -> bool:
    return organisation.kind != OrganisationKind.ORGAN and not organisation.is_temporary


def _page(organisation: Organisation, title: str, verb: str, **rest: Any) -> Page:
    back = reverse("branches:elections", args=[organisation.code])
    return Page(
        title=title % {"name": organisation.short_name},
        verb=verb,
        back=back,
        crumb=(_("Elections"), back),
        **rest,
    )


def _forms(
    request: AccessRequest, organisation: Organisation, voters: int | None, people: list[tuple[int, str]]
) -> tuple[ElectionForm, Any]:
    """The form and its lines; asked for more lines, both come back as they were typed, without complaints."""
    given: dict[str, Any] = {"organisation": organisation, "voters": voters}
    kwargs = {"people": people}
    if request.POST.get("step") != "more":
        data = request.POST or None
        return ElectionForm(data, **given), CandidateRows(data, prefix=PREFIX, form_kwargs=kwargs)
    number = min(small_integer(request.POST.get(f"{PREFIX}-TOTAL_FORMS", "")) or 0, MOST_ROWS)
    typed = [
        {name: request.POST.get(f"{PREFIX}-{row}-{name}") for name in ("person", "post", "votes_for", "is_elected")}
        for row in range(number)
    ]
    rows = CandidateRows(prefix=PREFIX, form_kwargs=kwargs, initial=typed)
    rows.extra = min(MORE_ROWS, MOST_ROWS - number)
    typed_form = request.POST.dict() | {"has_committee": "has_committee" in request.POST}
    return ElectionForm(initial=typed_form, **given), rows


def _effects(
    organisation: Organisation, form: ElectionForm, candidates: list[tuple[Person, str, int, bool]]
) -> list[Effect]:
    values, tally = form.cleaned_data, form.tally
    is_new_term, day = values["kind"] == "term", values["on"]
    words: dict[str, Any] = {"present": tally.voters_present, "expected": tally.voters_expected}
    words |= {"quorum": tally.quorum, "majority": tally.majority, "milder": tally.majority_of_present}
    text = _("%(present)s of %(expected)s voters came; four fifths are %(quorum)s, so the election stands.")
    effects = [Effect(text % words)]
    if organisation.is_branch and tally.voters_expected > (voters := voters_on(organisation, day)):
        text = _("%(expected)s voters expected, but the branch had %(voters)s members with a vote that day: compare.")
        effects.append(Effect(text % (words | {"voters": voters}), is_warning=True))
    if is_new_term:
        ends = values["expires_on"] or term_end(day, organisation.kind)
        effects.append(
            Effect(
                _("A new term begins on %(day)s and ends on %(end)s; the former one ends the day before.")
                % {"day": words_of_day(day), "end": words_of_day(ends)}
            )
        )
    elected = [(person, post, votes) for person, post, votes, is_elected in candidates if is_elected]
    ended = posts_ended_by(
        organisation, day, elected={post for _person, post, _votes in elected}, is_new_term=is_new_term
    )
    effects += [
        Effect(_("Relieved: %(name)s, %(post)s") % {"name": row.person.name, "post": row.get_post_display()})
        for row in ended
    ]
    effects += [
        Effect(
            _("In office from %(day)s: %(name)s, %(post)s, %(votes)s votes")
            % {"day": words_of_day(day), "name": person.name, "post": Post(post).label, "votes": votes}
        )
        for person, post, votes in elected
    ]
    text = _(
        "More than half of the voters expected are %(majority)s votes, of those present %(milder)s. The stricter "
        "number is the usual reading for organs; check the regulations of the committee above."
    )
    few = [person.name for person, _post, votes in elected if votes < tally.majority]
    effects.append(Effect(text % words, is_warning=bool(few)))
    if few:
        text = _("Marked as elected with fewer than %(majority)s votes: %(names)s.")
        effects.append(Effect(text % (words | {"names": _(", ").join(few)}), is_warning=True))
    if any(post == Post.SECRETARY for _person, post, _votes in elected):
        text = _("The account’s role of secretary does not change with this; see “Hand over the secretary’s post”.")
        effects.append(Effect(text, is_warning=True))
    return effects
