"""Probations: who is on one, when each ends and what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import F

from branches.models import Membership, Organisation, Person, ProbationDecision
from branches.queries.people import roster_of
from branches.rights import Access, Permission
from branches.rules.people import Category
from branches.rules.probations import ProbationOutcome, due_on, standing


@dataclass(frozen=True)
class Probation:
    """One probation as it stands; `due` is None where the day of admission is not known."""

    membership: Membership
    due: date | None
    extended_until: date | None
    status: str

    @property
    def person(self) -> Person:
        return self.membership.person


def probations_at(organisation: Organisation, access: Access, day: date) -> list[Probation]:
    """The probations running or past due at or below `organisation`, those that end first coming first. 3 queries."""
    rows = list(
        roster_of(organisation, access, day, category=Category.PROBATIONARY).filter(person__full_on__isnull=True)
    )
    extended = dict(
        ProbationDecision.objects.filter(
            person__in=[row.person_id for row in rows],
            outcome=ProbationOutcome.EXTENDED,
            is_void=False,
            decided_on__gte=F("person__joined_on"),
        ).values_list("person_id", "extended_until")
    )
    found = [_probation(row, extended.get(row.person_id), day) for row in rows]
    return sorted(found, key=lambda row: (row.due is None, row.due or date.max, row.membership.pk))


def probation_of(person: Person, membership: Membership | None, day: date) -> Probation | None:
    """The probation of one member on `day`; None where there is none."""
    if membership is None or person.full_on is not None or person.category_on(day) != Category.PROBATIONARY:
        return None
    extended = person.probation_decisions.filter(
        outcome=ProbationOutcome.EXTENDED, is_void=False, decided_on__gte=F("person__joined_on")
    )
    return _probation(membership, extended.values_list("extended_until", flat=True).first(), day)


def recent_decisions(organisation: Organisation, access: Access, first: date) -> list[ProbationDecision]:
    """Decisions since `first` at the branches at or below `organisation` in reach, the latest first. 1 query."""
    return list(
        ProbationDecision.objects.filter(
            access.reach(Permission.VIEW, "branch__"),
            branch__tree_id=organisation.tree_id,
            branch__lft__gte=organisation.lft,
            branch__rght__lte=organisation.rght,
            decided_on__gte=first,
            is_void=False,
        )
        .select_related("person", "branch")
        .order_by("-decided_on", "-pk")[:50]
    )


def _probation(membership: Membership, extended_until: date | None, day: date) -> Probation:
    joined_on = membership.person.joined_on
    due = due_on(joined_on, extended_until) if joined_on else None
    return Probation(membership, due, extended_until, standing(due, day))
