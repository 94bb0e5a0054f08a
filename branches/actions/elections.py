"""Elections: what was counted, the term that begins, and who holds which post from then on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from branches.actions.people import appoint, relieve
from branches.actions.terms import begin_term
from branches.models import Candidate, Election, Organisation, Person, Term, User
from branches.queries.elections import SINGLE_POSTS, may_stand, posts_ended_by
from branches.rules.elections import Tally, Vote, problems_of_votes, term_end
from branches.rules.organisations import OrganisationKind
from foundation.actions.audit import record
from foundation.clock import business_date

Candidacy = tuple[Person, str, int, bool]  # who, for which post, votes for, elected


@transaction.atomic
def hold_election(
    *,
    organisation: Organisation,
    on: date,
    is_new_term: bool,
    has_committee: bool,
    tally: Tally,
    candidates: Sequence[Candidacy],
    by: User,
    expires_on: date | None = None,
    reply_number: str = "",
    reply_on: date | None = None,
    note: str = "",
) -> Election:
    """Record an election; those elected take office that day and the former leading group leaves it the day before.

    Args:
        is_new_term: a new term begins; False for a by-election, which ends only the posts it fills anew.
        expires_on: when the next election is due; None: by the kind of organisation.
        candidates: everybody voted on, elected or not.

    Raises:
        ValidationError: a number or candidate does not fit (`branches.rules.elections`), an election stands on that
            day or a later term, or a post began since.
    """
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    _check(organisation, on, tally, candidates, reply_number, reply_on)
    elected = [(person, post) for person, post, _votes, is_elected in candidates if is_elected]
    ended = posts_ended_by(organisation, on, elected={post for _person, post in elected}, is_new_term=is_new_term)
    term: Term | None = None
    if is_new_term:
        term = begin_term(
            organisation=organisation,
            on=on,
            expires_on=expires_on or term_end(on, organisation.kind),
            has_committee=has_committee,
            by=by,
            document_number=reply_number,
        )
    for appointment in ended:
        relieve(appointment=appointment, on=on - timedelta(days=1), by=by, document_number=reply_number)
    for person, post in elected:
        appoint(person=person, organisation=organisation, post=post, on=on, by=by, document_number=reply_number)
    election = Election.objects.create(
        organisation=organisation,
        term=term,
        held_on=on,
        voters_expected=tally.voters_expected,
        voters_present=tally.voters_present,
        ballots_issued=tally.ballots_issued,
        ballots_returned=tally.ballots_returned,
        reply_number=reply_number,
        reply_on=reply_on,
        note=note,
        entered_by=by,
        entered_on=business_date(),
    )
    Candidate.objects.bulk_create(
        Candidate(election=election, person=person, post=post, votes_for=votes, is_elected=is_elected)
        for person, post, votes, is_elected in candidates
    )
    record(
        verb="election.hold",
        target=election,
        by=by,
        organisation=organisation,
        changes={
            "held_on": ["", on.isoformat()],
            "voters_expected": ["", tally.voters_expected],
            "voters_present": ["", tally.voters_present],
            "elected": ["", [person.name for person, _post in elected]],
            "reply_number": ["", reply_number],
        },
        reason=note,
    )
    return election


@transaction.atomic
def record_reply(*, election: Election, reply_number: str, reply_on: date, by: User) -> Election:
    """Add number and date of the reply of the organisation above to an election held.

    Raises:
        ValidationError: it has its reply already, or the date lies before the election or in the future.
    """
    election = Election.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=election.pk)
    if election.reply_number:
        raise ValidationError(_("The reply is on record already."))
    if not election.held_on <= reply_on <= business_date():
        raise ValidationError({"reply_on": _reply_day()})
    election.reply_number, election.reply_on = reply_number, reply_on
    election.save(update_fields=["reply_number", "reply_on"])
    record(
        verb="election.reply",
        target=election,
        by=by,
        organisation=election.organisation,
        changes={"reply_number": ["", reply_number], "reply_on": ["", reply_on.isoformat()]},
    )
    return election


def _reply_day() -> str:
    return _("The reply comes on or after the day of the election, and not in the future.")


def _check(
    organisation: Organisation,
    on: date,
    tally: Tally,
    candidates: Sequence[Candidacy],
    reply_number: str,
    reply_on: date | None,
) -> None:
    today = business_date()
    if organisation.kind == OrganisationKind.ORGAN or organisation.is_temporary:
        raise ValidationError(_("Units and temporary branches hold no elections; appoint to posts instead."))
    if on > today:
        raise ValidationError({"on": _("This day lies in the future. Choose today or an earlier day.")})
    if not organisation.existed_on(on):
        raise ValidationError({"on": _("The organisation does not exist on that day.")})
    if organisation.elections.filter(held_on=on).exists():
        raise ValidationError({"on": _("An election of this day is on record already.")})
    if reply_on is not None and not on <= reply_on <= today:
        raise ValidationError({"reply_on": _reply_day()})
    if bool(reply_number) != (reply_on is not None):
        raise ValidationError({"reply_on": _("Fill in number and date of the reply, or neither.")})
    if problems := tally.problems():
        raise ValidationError({name: str(text) for name, text in problems.items()})
    standing = may_stand([person for person, *_rest in candidates], on, organisation)
    votes = [
        Vote(person.name, person.pk, post, number, is_elected, person.pk in standing)
        for person, post, number, is_elected in candidates
    ]
    if wrong := problems_of_votes(votes, tally, SINGLE_POSTS):
        raise ValidationError(wrong)
