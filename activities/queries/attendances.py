"""Who is expected at an activity of some kinds on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from activities.models import ActivityKind
from activities.rules.activities import Body, Presence
from activities.rules.attendances import Row
from branches.models import Organisation, PartyGroup, Post
from branches.queries.roster import Member, committee_on, groups_on, in_flow_on, members_on
from branches.queries.tree import stood_under
from branches.rules.people import NOT_EXPECTED, Category, StatusKind


@dataclass(frozen=True)
class Seat:
    """One person who is to be recorded. `note` says in a word or two who they are: posts, office, probationary.

    `is_open`: nobody expects them; they are of the record only once somebody says they took part.
    """

    person_id: int
    name: str
    branch_id: int
    note: str = ""
    has_vote: bool = True
    is_expected: bool = True
    is_open: bool = False
    is_probationary: bool = False

    @property
    def id_text(self) -> str:
        return str(self.person_id)


@dataclass(frozen=True)
class Away:
    """A member of the body who is not expected, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class Sheet:
    """The attendance sheet of a day.

    `seats` are expected, `visitors` float in and come without a vote, `open_seats` may be named as taking part.
    `branches`: those whose people are on the sheet.
    """

    branches: tuple[Organisation, ...] = ()
    seats: tuple[Seat, ...] = ()
    open_seats: tuple[Seat, ...] = ()
    visitors: tuple[Seat, ...] = ()
    away: tuple[Away, ...] = ()
    candidates: tuple[tuple[int, str], ...] = ()
    groups: tuple[PartyGroup, ...] = ()
    chairs: Mapping[str, int | None] = field(default_factory=dict)

    @property
    def all_seats(self) -> tuple[Seat, ...]:
        return self.seats + self.open_seats + self.visitors

    @property
    def is_empty(self) -> bool:
        """Whether branches are on the sheet, but none of their people: the day is wrong or the roster incomplete."""
        return bool(self.branches) and not (self.seats or self.open_seats or self.away)

    @property
    def open_ids(self) -> frozenset[int]:
        """Who may be named, and who may come without being expected."""
        return frozenset(seat.person_id for seat in self.open_seats + self.visitors)

    @property
    def open_by_branch(self) -> list[tuple[Organisation, list[Seat]]]:
        """Who may be named, under the branch they belonged to that day."""
        rows = [(branch, [seat for seat in self.open_seats if seat.branch_id == branch.pk]) for branch in self.branches]
        return [(branch, seats) for branch, seats in rows if seats]

    def rows(self, presence: Mapping[int, str]) -> list[Row]:
        """What the counts need, for attendance given by person."""
        return [
            Row(presence.get(seat.person_id, Presence.UNRECORDED), seat.has_vote, seat.is_expected)
            for seat in self.all_seats
            if not seat.is_open or presence.get(seat.person_id, Presence.UNRECORDED) != Presence.UNRECORDED
        ]


def sheet_on(
    organisation: Organisation,
    day: date,
    kinds: Iterable[ActivityKind],
    group_id: int | None = None,
    *,
    taking_part: Iterable[int] = (),
    people_from: Iterable[int] = (),
) -> Sheet:
    """Who is expected at `organisation` on `day`: the union of the bodies of the chosen kinds.

    Of what an organisation above branches holds: the members of the branches `taking_part`. Where a kind goes by those
    named, nobody is expected, and the members of these branches and of those in `people_from` can be named.

    Left out and listed apart are those whose membership is suspended, who float out, cannot be reached or are excused
    by decision. Members floating in may come, without a vote. A group meeting without its group
    adds nobody.

    Source: 《支部工作条例（试行）》 articles 11–13 (who belongs to which meeting).
    """
    bodies = {kind.body for kind in kinds}
    named = set(taking_part)
    branches = [organisation] if organisation.is_branch else branches_of(organisation, day, [*named, *people_from])
    everyone = members_on(branches, day) if branches else []
    members = [member for member in everyone if organisation.is_branch or member.branch.pk in named]
    committee = committee_on(organisation, day)
    visitors = in_flow_on(organisation, day) if organisation.is_branch else []
    groups = groups_on(organisation, day) if organisation.is_branch else []

    body: dict[int, Member] = {}
    if Body.MEMBERS in bodies:
        body |= {member.person.pk: member for member in members}
    if Body.COMMITTEE in bodies:
        body |= {member.person.pk: member for member in committee if member.person.pk not in body}
    if Body.GROUP in bodies:
        body |= {member.person.pk: member for member in members if member.group and member.group.pk == group_id}
    everybody = {member.person.pk: member for member in [*everyone, *committee]}
    may_be_named = everyone if Body.PARTICIPANTS in bodies else [m for m in everyone if m not in members]
    guests = [member for member in visitors if member.person.pk not in everybody]
    may_visit = bool(bodies & {Body.MEMBERS, Body.GROUP, Body.PARTICIPANTS})
    return Sheet(
        branches=tuple(branches),
        seats=tuple(_seat(member) for member in body.values() if member.is_expected),
        open_seats=tuple(
            replace(_seat(member), is_open=True)
            for member in may_be_named
            if member.is_expected and member.person.pk not in body
        ),
        visitors=tuple(_seat(member, visits=True) for member in guests) if may_visit else (),
        away=tuple(Away(member.person.name, _why_away(member)) for member in body.values() if not member.is_expected),
        candidates=tuple((member.person.pk, _label(member)) for member in [*everybody.values(), *guests]),
        groups=tuple(groups),
        chairs=_chairs(organisation, [*everybody.values()], group_id),
    )


def branches_of(organisation: Organisation, day: date, wanted: Iterable[int] | None = None) -> list[Organisation]:
    """The branches that may take part in what `organisation` holds on `day`: below it that day and today. 2 queries.

    Args:
        wanted: only these keys, and also those that stood below it only that day: a record keeps the people of a
            branch that has moved away since.
    """
    below, then = Organisation.objects.under(organisation), stood_under(organisation, day, day).ever()
    found = Organisation.objects.branches().existing_on(day).order_by("tree_id", "lft")
    if wanted is None:
        return list(found.filter(then, pk__in=below.order_by().values("pk")))
    return list(found.filter(then | Q(pk__in=below.order_by().values("pk")), pk__in=list(wanted)))


def _seat(member: Member, *, visits: bool = False) -> Seat:
    return Seat(
        person_id=member.person.pk,
        name=member.person.name,
        branch_id=member.branch.pk,
        note=_note(member, visits=visits),
        has_vote=member.has_vote and not visits,
        is_expected=not visits,
        is_probationary=member.category == Category.PROBATIONARY,
    )


def _note(member: Member, *, visits: bool) -> str:
    if visits:
        return _("floating in, no vote")
    if member.category == Category.PROBATIONARY:
        return _("probationary, no vote")
    if not member.has_vote:
        return _("no vote")
    return _(", ").join(member.post_labels) or member.office or member.person.position_title


def _label(member: Member) -> str:
    """Name and post, or office where there is no post: two people may bear one name."""
    more = _(", ").join(member.post_labels) or member.office
    return _("%(name)s (%(more)s)") % {"name": member.person.name, "more": more} if more else member.person.name


def _why_away(member: Member) -> str:
    for status in member.statuses:
        if status.kind in NOT_EXPECTED:
            label, reason = str(StatusKind(status.kind).label), member.reason_of(status)
            return _("%(kind)s: %(reason)s") % {"kind": label, "reason": reason} if reason else label
    return ""


def _chairs(organisation: Organisation, people: list[Member], group_id: int | None) -> dict[str, int | None]:
    """Who chairs by default: the secretary, else the deputy; a group meeting its leader. `recorder`: by office."""
    holders: dict[str, int] = {}
    leader = None
    for member in people:
        for post in member.posts:
            holders.setdefault(post, member.person.pk)
        if Post.GROUP_LEADER in member.posts and member.group and member.group.pk == group_id:
            leader = leader or member.person.pk
    secretary = holders.get(Post.SECRETARY) or holders.get(Post.DEPUTY_SECRETARY)
    return {
        Body.MEMBERS: secretary,
        Body.COMMITTEE: secretary,
        Body.GROUP: leader,
        "recorder": holders.get(Post.ORGANISATION) or holders.get(Post.PUBLICITY),
    }
