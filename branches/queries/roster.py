"""Who belonged to what on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, FilteredRelation, QuerySet

from branches.models import (
    COMMITTEE_POSTS,
    Appointment,
    GroupMembership,
    Membership,
    MemberStatus,
    OfficeMembership,
    Organisation,
    PartyGroup,
    Person,
    Post,
    Term,
    active_on,
)
from branches.rules.people import Category, StatusKind, has_vote, is_expected, kinds_counting


@dataclass(frozen=True)
class Member:
    """A member as the branch's roster of one day shows them."""

    person: Person
    branch: Organisation
    category: Category
    posts: tuple[str, ...] = ()
    group: PartyGroup | None = None
    office: str = ""
    statuses: tuple[MemberStatus, ...] = field(default=())
    since: date | None = None
    # The branch the person is a member of today: whoever has the right to phones there may see this one's.
    present: Organisation | None = None

    @property
    def kinds_of_status(self) -> frozenset[str]:
        """Those that count in this branch: who floats from one to another is expected there and votes at home."""
        return kinds_counting({(status.kind, status.branch_id) for status in self.statuses}, self.branch.pk)

    @property
    def has_vote(self) -> bool:
        return has_vote(category=self.category, statuses=self.kinds_of_status)

    @property
    def is_expected(self) -> bool:
        return is_expected(self.kinds_of_status)

    @property
    def is_in_flow(self) -> bool:
        return StatusKind.FLOW_IN in self.kinds_of_status

    def reason_of(self, status: MemberStatus) -> str:
        """Why a circumstance holds; what arose before the person came here is the former branch's to tell."""
        return status.reason if self.since is None or status.starts_on >= self.since else ""

    @property
    def post_labels(self) -> list[str]:
        return [str(Post(post).label) for post in self.posts]


_POST_ORDER = {post: number for number, post in enumerate(Post.values)}


def members_on(branches: Iterable[Organisation], day: date) -> list[Member]:
    """The members of `branches` on `day`: post holders first, then in order of joining the Party. 5 queries."""
    by_id = {branch.pk: branch for branch in branches}
    memberships = (
        Membership.objects.active_on(day)
        .filter(branch__in=by_id, person__is_void=False, person__merged_into__isnull=True)
        .select_related("person")
    )
    return describe([(row.person, by_id[row.branch_id], row.starts_on) for row in memberships], day)


def in_flow_on(branch: Organisation, day: date) -> list[Member]:
    """Members of other branches registered as floating into `branch`: they attend without a vote."""
    rows = MemberStatus.objects.active_on(day).filter(kind=StatusKind.FLOW_IN, branch=branch).select_related("person")
    return describe([(row.person, branch, row.starts_on) for row in rows], day)


def committee_on(organisation: Organisation, day: date) -> list[Member]:
    """The members of an organisation's committee on `day`, wherever their membership is."""
    appointments = (
        Appointment.objects.active_on(day)
        .filter(organisation=organisation, post__in=COMMITTEE_POSTS, person__is_void=False)
        .select_related("person")
    )
    people = {row.person_id: row.person for row in appointments}
    home = {
        row.person_id: (row.branch, row.starts_on)
        for row in Membership.objects.active_on(day).filter(person__in=people).select_related("branch")
    }
    return describe([(person, *home.get(pk, (organisation, None))) for pk, person in people.items()], day)


def has_committee_on(organisation: Organisation, day: date) -> bool:
    return Term.objects.active_on(day).filter(organisation=organisation, has_committee=True).exists()


def groups_on(branch: Organisation, day: date) -> list[PartyGroup]:
    return list(PartyGroup.objects.active_on(day).filter(branch=branch).order_by("position", "pk"))


def describe(rows: list[tuple[Person, Organisation, date | None]], day: date) -> list[Member]:
    """People with their branch (and since when), as the roster of `day` shows them, in roster order. 4 queries."""
    ids = [person.pk for person, _, _ in rows]
    posts: dict[tuple[int, int], list[str]] = defaultdict(list)
    for person_id, organisation_id, post in (
        Appointment.objects.active_on(day).filter(person__in=ids).values_list("person_id", "organisation_id", "post")
    ):
        posts[person_id, organisation_id].append(post)
    group_of = {
        (row.person_id, row.group.branch_id): row.group
        for row in GroupMembership.objects.active_on(day).filter(person__in=ids).select_related("group")
    }
    offices: dict[int, list[OfficeMembership]] = defaultdict(list)
    for office in offices_on(ids, day):
        offices[office.person_id].append(office)
    statuses: dict[int, list[MemberStatus]] = defaultdict(list)
    for status in MemberStatus.objects.active_on(day).filter(person__in=ids):
        statuses[status.person_id].append(status)
    members = [
        Member(
            person=person,
            branch=branch,
            category=person.category_on(day),
            posts=tuple(sorted(posts[person.pk, branch.pk], key=_POST_ORDER.__getitem__)),
            group=group_of.get((person.pk, branch.pk)),
            office=next((row.office.name for row in offices[person.pk] if is_office_of(row, branch)), ""),
            statuses=tuple(statuses[person.pk]),
            since=since,
        )
        for person, branch, since in rows
    ]
    return sorted(members, key=_roster_order)


def offices_on(person_ids: Iterable[int], day: date) -> QuerySet[OfficeMembership]:
    """The offices people work in on `day`, each with `formed_branch`: the branch its members form that day. 1 query."""
    return (
        OfficeMembership.objects.active_on(day)
        .filter(person__in=person_ids)
        .annotate(
            assigned=FilteredRelation("office__assignments", condition=active_on(day, "office__assignments__")),
            formed_branch=F("assigned__branch"),
        )
        .select_related("office__organ")
        .order_by("pk")
    )


def is_office_of(membership: OfficeMembership, branch: Organisation) -> bool:
    """Whether a row of `offices_on` is an office of `branch`: it forms that branch, or none and its organ is above."""
    formed: int | None = membership.formed_branch  # type: ignore[attr-defined]
    if formed is not None:
        return formed == branch.pk
    organ = membership.office.organ
    return organ.tree_id == branch.tree_id and organ.lft <= branch.lft and branch.rght <= organ.rght


def _roster_order(member: Member) -> tuple[int, int, int, int, date, int]:
    first_post = min((_POST_ORDER[post] for post in member.posts), default=len(_POST_ORDER))
    is_probationary = int(member.category == Category.PROBATIONARY)
    joined = member.person.joined_on or date.max
    return (member.branch.tree_id, member.branch.lft, is_probationary, first_post, joined, member.person.pk)
