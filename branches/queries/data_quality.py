"""What may be wrong or missing in the records of an organisation's members."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from branches.models import Membership, Organisation, Person, ProbationDecision
from branches.rights import Access, Permission
from branches.rules.data_quality import Flaw, Known, twins_among
from branches.rules.people import Category, Precision
from branches.rules.probations import PROBATION_MONTHS, ProbationOutcome
from foundation.rules.days import months_after


@dataclass(frozen=True)
class Suspect:
    """A member with a flaw; `twin` is the other record of what may be one person."""

    membership: Membership
    twin: Membership | None = None

    @property
    def person(self) -> Person:
        return self.membership.person

    @property
    def kept(self) -> Person:
        """Of two records the one with the identity number, or the earlier one, is the better to keep."""
        assert self.twin is not None
        return self.twin.person if self.twin.person.identity_hash and not self.person.identity_hash else self.person

    @property
    def merged(self) -> Person:
        assert self.twin is not None
        return self.person if self.kept is self.twin.person else self.twin.person


def flaws_of(organisation: Organisation, access: Access, day: date) -> dict[Flaw, int]:
    """How many members have each flaw; of those entered twice, the pairs. 2 queries."""
    members = _members(organisation, access, day)
    counts = members.aggregate(
        **{flaw.name: Count("pk", filter=_condition(flaw, day)) for flaw in Flaw if flaw != Flaw.DOUBLE}
    )
    doubles = len(_twins(members))
    return {flaw: doubles if flaw == Flaw.DOUBLE else counts[flaw.name] for flaw in Flaw}


def members_with(flaw: Flaw, organisation: Organisation, access: Access, day: date) -> QuerySet[Membership]:
    """The memberships of those with a flaw, in the order of the roster."""
    members = _members(organisation, access, day)
    is_flawed = Q(person__in=_twins(members)) if flaw == Flaw.DOUBLE else _condition(flaw, day)
    found = members.filter(is_flawed)
    return found.select_related("person", "branch").order_by(
        "branch__tree_id", "branch__lft", "person__joined_on", "person_id"
    )


def twins_of(organisation: Organisation, access: Access, day: date) -> dict[int, int]:
    """By person who has a later record that may be the same person: that record. 1 query."""
    return _twins(_members(organisation, access, day))


def suspects(rows: list[Membership], twins: Mapping[int, int], day: date) -> list[Suspect]:
    """The rows of a page, with the other record where `twins` has one. At most 1 query."""
    ids = [twins[row.person_id] for row in rows if row.person_id in twins]
    others = Membership.objects.active_on(day).filter(person__in=ids).select_related("person", "branch")
    found = {row.person_id: row for row in others} if ids else {}
    return [Suspect(row, found.get(twins.get(row.person_id, 0))) for row in rows]


def _members(organisation: Organisation, access: Access, day: date) -> QuerySet[Membership]:
    return Membership.objects.active_on(day).filter(
        access.reach(Permission.MANAGE_PEOPLE, "branch__"),
        branch__tree_id=organisation.tree_id,
        branch__lft__gte=organisation.lft,
        branch__rght__lte=organisation.rght,
        person__is_void=False,
        person__merged_into__isnull=True,
    )


def _condition(flaw: Flaw, day: date) -> Q:
    is_full = Q(person__full_on__lte=day) | Q(person__full_on__isnull=True, person__category=Category.FULL)
    if flaw == Flaw.NO_NUMBER:
        return Q(person__identity_hash__isnull=True)
    if flaw == Flaw.NO_PHONE:
        return Q(person__phone_hash="")
    if flaw == Flaw.JOINING:
        return Q(person__joined_on__isnull=True) | ~Q(person__joined_on_precision=Precision.DAY)
    if flaw == Flaw.CATEGORY:
        return Q(person__full_on__gt=day, person__category=Category.FULL) | Q(
            person__full_on__lte=day, person__category=Category.PROBATIONARY
        )
    if flaw == Flaw.PROBATION:
        extended = ProbationDecision.objects.filter(
            person=OuterRef("person"), outcome=ProbationOutcome.EXTENDED, is_void=False, extended_until__gte=day
        )
        return Q(~is_full, ~Exists(extended), person__joined_on__lt=months_after(day, -PROBATION_MONTHS))
    return Q(branch__ended_on__lt=day)


def _twins(members: QuerySet[Membership]) -> dict[int, int]:
    # To compare every record with every other one would take a database minutes with some ten thousand members.
    fields = ("person_id", "person__name", "person__birth_date", "person__phone_hash", "person__identity_hash")
    return twins_among(
        Known(person, name, birth, phone, number is not None)
        for person, name, birth, phone, number in members.values_list(*fields)
    )
