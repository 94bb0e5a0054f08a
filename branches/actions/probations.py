"""Decisions on probations, and taking a wrong one back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from branches.actions.statuses import reopen
from branches.actions.transfers import check_day, end_membership, endable
from branches.models import Membership, Organisation, Person, ProbationDecision, User
from branches.queries.probations import probation_of
from branches.queries.transfers import open_membership
from branches.rights import Access, Permission
from branches.rules.people import Category
from branches.rules.probations import ProbationOutcome, problems_of
from foundation.actions.audit import record, record_many
from foundation.clock import business_date


@transaction.atomic
def decide(
    *,
    person: Person,
    branch: Organisation,
    outcome: str,
    decided_on: date,
    document_number: str,
    by: User,
    full_on: date | None = None,
    extended_until: date | None = None,
    reason: str = "",
) -> ProbationDecision:
    """Note what the members' meeting decided at the end of a probation and the committee above approved.

    Args:
        outcome: a `ProbationOutcome`; FULL needs `full_on`, EXTENDED `extended_until`, both also a reason but FULL.
        decided_on: the day of the meeting; of a cancelled membership it is the last day.
        document_number: of the approval.

    Raises:
        ValidationError: the member is on no probation here, or days do not fit (`branches.rules.probations`).
    """
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    today = business_date()
    membership = person.memberships.active_on(today).filter(branch=branch).select_related("person").first()
    probation = probation_of(person, membership, today)
    if probation is None or membership is None:
        raise ValidationError(_("%(name)s is on no probation in this branch.") % {"name": person.name})
    if probation.due is None:
        raise ValidationError(_("The day of joining the Party is not on record; have it entered first."))
    problems = problems_of(
        outcome=outcome,
        decided_on=decided_on,
        due=probation.due,
        was_extended=probation.extended_until is not None,
        full_on=full_on,
        extended_until=extended_until,
        today=today,
    )
    if outcome != ProbationOutcome.FULL and not reason:
        problems["reason"] = _("Say in a few words why.")
    if problems:
        raise ValidationError({name: str(text) for name, text in problems.items()})
    if outcome == ProbationOutcome.CANCELLED:
        _check_end(membership, decided_on)
    decision = ProbationDecision.objects.create(
        person=person,
        branch=branch,
        outcome=outcome,
        decided_on=decided_on,
        extended_until=extended_until if outcome == ProbationOutcome.EXTENDED else None,
        document_number=document_number,
        reason=reason,
        entered_by=by,
        entered_on=today,
    )
    changes: dict[str, list[Any]] = {"outcome": ["", outcome], "decided_on": ["", decided_on.isoformat()]}
    if outcome == ProbationOutcome.FULL:
        assert full_on is not None
        _set_category(person, Category.FULL, full_on)
        changes["full_on"] = ["", full_on.isoformat()]
    if outcome == ProbationOutcome.EXTENDED:
        assert extended_until is not None
        changes["extended_until"] = ["", extended_until.isoformat()]
    if outcome == ProbationOutcome.CANCELLED:
        left = end_membership(
            membership=membership,
            on=decided_on + timedelta(days=1),
            kind=Membership.End.CANCELLED,
            document_number=document_number,
        )
        record_many(left, by=by)
        changes["ends_on"] = ["", decided_on.isoformat()]
    record(verb="probation.decide", target=decision, by=by, organisation=branch, changes=_with(person, changes))
    return decision


@transaction.atomic
def take_back(*, decision: ProbationDecision, reason: str, by: User, access: Access) -> ProbationDecision:
    """Treat a wrong decision as never taken; it stays on file, and what it ended holds again.

    Raises:
        ValidationError: it was taken back already, a later one stands, or the person has become a member elsewhere.
    """
    person = Person.objects.select_for_update(no_key=True).get(pk=decision.person_id)
    decision = ProbationDecision.objects.select_for_update(of=("self",)).select_related("branch").get(pk=decision.pk)
    if decision.is_void:
        raise ValidationError(_("This decision has been taken back already."))
    if person.probation_decisions.filter(is_void=False, pk__gt=decision.pk).exists():
        raise ValidationError(_("A later decision stands; take that one back first."))
    home = open_membership(person)
    if home is not None and not access.may(Permission.MANAGE_PEOPLE, home.branch):
        raise ValidationError(_("The person has become a member elsewhere since; the decision stays."))
    changes: dict[str, list[Any]] = {"is_void": [False, True], "outcome": [decision.outcome, ""]}
    if decision.outcome == ProbationOutcome.FULL:
        changes["full_on"] = [str(person.full_on or ""), ""]
        _set_category(person, Category.PROBATIONARY, None)
    if decision.outcome == ProbationOutcome.CANCELLED:
        _give_back(person, decision, by)
    decision.is_void = True
    decision.save(update_fields=["is_void"])
    record(
        verb="probation.take_back",
        target=decision,
        by=by,
        organisation=decision.branch,
        changes=_with(person, changes),
        reason=reason,
    )
    return decision


def _set_category(person: Person, category: Category, full_on: date | None) -> None:
    person.category, person.full_on = category, full_on
    person.version += 1
    person.save(update_fields=["category", "full_on", "version"])


def _check_end(membership: Membership, last: date) -> None:
    endable(person=membership.person, branch=membership.branch)
    try:
        check_day(membership=membership, on=last + timedelta(days=1), is_inside=False)
    except ValidationError as error:
        raise ValidationError({"decided_on": error.message_dict["on"]}) from error


def _give_back(person: Person, decision: ProbationDecision, by: User) -> None:
    membership = (
        person.memberships.valid()
        .filter(branch=decision.branch, ends_on=decision.decided_on, end_kind=Membership.End.CANCELLED)
        .last()
    )
    if membership is None or person.memberships.valid().filter(starts_on__gt=membership.starts_on).exists():
        raise ValidationError(_("The person has become a member again since; nothing can be given back."))
    reopen(membership=membership, by=by)


def _with(person: Person, changes: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return {"person": ["", person.name], **changes}
