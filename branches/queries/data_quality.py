"""What may be wrong or missing in the records of an organisation's members."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from branches.models import Membership, Organisation, Person, ProbationDecision
from branches.rights import Access, Permission
from branches.rules.data_quality import Flaw
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
    doubles = _doubles(members).count()
    return {flaw: doubles if flaw == Flaw.DOUBLE else counts[flaw.name] for flaw in Flaw}


def members_with(flaw: Flaw, organisation: Organisation, access: Access, day: date) -> QuerySet[Membership]:
    """The memberships of those with a flaw, in the order of the roster."""
    members = _members(organisation, access, day)
    found = _doubles(members) if flaw == Flaw.DOUBLE else members.filter(_condition(flaw, day))
    return found.select_related("person", "branch").order_by(
        "branch__tree_id", "branch__lft", "person__joined_on", "person_id"
    )


def suspects(rows: list[Membership], day: date) -> list[Suspect]:
    """The rows of a page, with the other record where there may be two. At most 1 query."""
    twins = {row.pk: twin for row in rows if (twin := getattr(row, "twin", None))}
    others = Membership.objects.active_on(day).filter(person__in=twins.values()).select_related("person", "branch")
    found = {row.person_id: row for row in others} if twins else {}
    return [Suspect(row, found.get(twins.get(row.pk, 0))) for row in rows]


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


def _doubles(members: QuerySet[Membership]) -> QuerySet[Membership]:
    """Members with a later record that may be the same person, as `twin`; of two with numbers each is somebody else."""
    later = members.filter(person__gt=OuterRef("person")).order_by("person")
    without = later.filter(person__identity_hash__isnull=True)
    named = {
        "person__name": OuterRef("person__name"),
        "person__birth_date__year": OuterRef("person__birth_date__year"),
        "person__birth_date__month": OuterRef("person__birth_date__month"),
    }
    called = {"person__phone_hash": OuterRef("person__phone_hash")}
    by_name, by_phone = (
        Case(
            When(person__identity_hash__isnull=True, then=_first(later.filter(**like))),
            default=_first(without.filter(**like)),
        )
        for like in (named, called)
    )
    found = members.annotate(by_name=by_name, by_phone=Case(When(~Q(person__phone_hash=""), then=by_phone)))
    return found.annotate(twin=Coalesce("by_name", "by_phone")).filter(twin__isnull=False)


def _first(rows: QuerySet[Membership]) -> Subquery:
    return Subquery(rows.values("person")[:1])
