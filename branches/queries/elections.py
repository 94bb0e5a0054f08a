"""Terms near their end, elections held, and what one would change."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from branches.models import (
    COMMITTEE_POSTS,
    Appointment,
    Election,
    Membership,
    MemberStatus,
    Organisation,
    Person,
    Post,
    Term,
)
from branches.models.organisations import OrganisationQuerySet
from branches.queries.roster import members_on
from branches.rights import Access, Permission
from branches.rules.elections import standing
from branches.rules.organisations import OrganisationKind
from branches.rules.people import has_vote, kinds_counting

# Posts that one person at a time holds; of deputies and plain committee members there may be several.
SINGLE_POSTS = frozenset({Post.SECRETARY, Post.ORGANISATION, Post.PUBLICITY, Post.DISCIPLINE, Post.YOUTH})
_ORDER = ("overdue", "soon", "na", "met")


@dataclass(frozen=True)
class TermRow:
    """One organisation with its running term; `status` as in `branches.rules.elections.standing`."""

    organisation: Organisation
    term: Term | None
    status: str


def electing(organisation: Organisation, access: Access) -> OrganisationQuerySet:
    """The organisations at or below this one, in reach, that elect: standing, no units, no temporary branches."""
    return (
        Organisation.objects.under(organisation)
        .within(access, Permission.VIEW)
        .existing_on(access.day)
        .exclude(Q(kind=OrganisationKind.ORGAN) | Q(is_temporary=True))
        .order_by("tree_id", "lft")
    )


def term_rows(organisation: Organisation, access: Access) -> list[TermRow]:
    """Every electing organisation with its term, those to be reminded first. 2 queries."""
    organisations = list(electing(organisation, access))
    terms = {
        term.organisation_id: term
        for term in Term.objects.active_on(access.day).filter(organisation__in=organisations).order_by("starts_on")
    }
    rows = []
    for node in organisations:
        term = terms.get(node.pk)
        rows.append(TermRow(node, term, standing(term.expires_on if term else None, access.day)))
    return sorted(rows, key=lambda row: (_ORDER.index(row.status), row.term.expires_on if row.term else date.max))


def elections_held(organisation: Organisation, access: Access) -> list[Election]:
    """The last elections at or below `organisation` in reach. 1 query."""
    return list(
        Election.objects.filter(
            access.reach(Permission.VIEW, "organisation__"),
            organisation__tree_id=organisation.tree_id,
            organisation__lft__gte=organisation.lft,
            organisation__rght__lte=organisation.rght,
        ).select_related("organisation", "term")[:20]
    )


def people_to_elect(organisation: Organisation, access: Access) -> list[tuple[int, str]]:
    """(number, words) of the members who may stand in `organisation`, with their branch where there are several.

    Who leaves on a day entered already is left out.
    """
    below = Organisation.objects.under(organisation).within(access, Permission.MANAGE_PEOPLE)
    rows = (
        Membership.objects.active_on(access.day)
        .filter(branch__in=below, ends_on__isnull=True, person__is_void=False, person__merged_into__isnull=True)
        .order_by("person__name", "person_id")
        .values_list("person_id", "person__name", "person__joined_on__year", "branch__short_name")
    )
    found = list(rows)
    names = [name for _pk, name, _year, _branch in found]
    words = []
    for pk, name, year, branch in found:
        extra = [] if organisation.is_branch else [branch]
        if names.count(name) > 1 and year:
            extra.append(str(year))
        words.append((pk, " · ".join([name, *extra])))
    return words


def voters_on(branch: Organisation, day: date) -> int:
    """How many members of a branch may vote on `day` and are expected there. 5 queries."""
    return sum(member.has_vote and member.is_expected for member in members_on([branch], day))


def may_stand(people: Collection[Person], day: date, organisation: Organisation) -> set[int]:
    """Which of `people` may be elected in `organisation` on `day`: full members of it in good standing. 2 queries."""
    statuses: dict[int, set[tuple[str, int | None]]] = {person.pk: set() for person in people}
    for row in MemberStatus.objects.active_on(day).filter(person__in=statuses):
        statuses[row.person_id].add((row.kind, row.branch_id))
    homes = dict(Membership.objects.active_on(day).filter(person__in=statuses).values_list("person_id", "branch_id"))
    return {
        person.pk
        for person in people
        if (home := homes.get(person.pk)) is not None
        and (home == organisation.pk or not organisation.is_branch)
        and has_vote(category=person.category_on(day), statuses=kinds_counting(statuses[person.pk], home))
    }


def is_filled(appointment: Appointment, day: date) -> bool:
    """Whether a post that only one person holds is somebody else's on or after `day`. 1 query."""
    if appointment.post not in SINGLE_POSTS | {Post.GROUP_LEADER}:
        return False
    return (
        Appointment.objects.active_between(day + timedelta(days=1), date.max)
        .filter(organisation=appointment.organisation_id, post=appointment.post, group=appointment.group_id)
        .exclude(pk=appointment.pk)
        .exists()
    )


def posts_ended_by(
    organisation: Organisation, day: date, *, elected: Collection[str], is_new_term: bool
) -> list[Appointment]:
    """The posts an election ends: of a new term all of the leading group, of a by-election those it fills anew."""
    posts = COMMITTEE_POSTS if is_new_term else sorted(SINGLE_POSTS & set(elected))
    return list(
        Appointment.objects.active_between(day, date.max)
        .filter(organisation=organisation, post__in=posts)
        .select_related("person")
        .order_by("starts_on", "pk")
    )
