"""Who is expected at an activity of some kinds on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from activities.models import ActivityKind
from activities.rules.activities import Body, Presence
from activities.rules.attendances import Row
from branches.models import Organisation, PartyGroup, Post
from branches.queries.roster import Member, committee_on, groups_on, in_flow_on, members_on
from branches.rules.people import NOT_EXPECTED, Category, StatusKind


@dataclass(frozen=True)
class Seat:
    """One person who is to be recorded. `note` says in a word or two who they are: posts, office, probationary."""

    person_id: int
    name: str
    branch_id: int
    note: str = ""
    has_vote: bool = True
    is_expected: bool = True

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
    """The attendance sheet of a day: `seats` are expected, `visitors` float in and come without a vote."""

    seats: tuple[Seat, ...] = ()
    visitors: tuple[Seat, ...] = ()
    away: tuple[Away, ...] = ()
    candidates: tuple[tuple[int, str], ...] = ()
    groups: tuple[PartyGroup, ...] = ()
    chairs: Mapping[str, int | None] = field(default_factory=dict)

    @property
    def all_seats(self) -> tuple[Seat, ...]:
        return self.seats + self.visitors

    def rows(self, presence: Mapping[int, str]) -> list[Row]:
        """What the counts need, for attendance given by person."""
        return [
            Row(presence.get(seat.person_id, Presence.UNRECORDED), seat.has_vote, seat.is_expected)
            for seat in self.all_seats
        ]


def sheet_on(
    organisation: Organisation, day: date, kinds: Iterable[ActivityKind], group_id: int | None = None
) -> Sheet:
    """Who is expected at `organisation` on `day`: the union of the bodies of the chosen kinds.

    Left out and listed apart are those whose membership is suspended, who float out, cannot be reached or are excused
    by decision. Members floating in may come, without a vote. A group meeting without its group
    adds nobody.

    Source: 《支部工作条例（试行）》 articles 11–13 (who belongs to which meeting).
    """
    bodies = {kind.body for kind in kinds}
    members = members_on([organisation], day) if organisation.is_branch else []
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
    everybody = {member.person.pk: member for member in [*members, *committee]}
    guests = [member for member in visitors if member.person.pk not in everybody]
    may_visit = Body.MEMBERS in bodies or Body.GROUP in bodies
    return Sheet(
        seats=tuple(_seat(member) for member in body.values() if member.is_expected),
        visitors=tuple(_seat(member, visits=True) for member in guests) if may_visit else (),
        away=tuple(Away(member.person.name, _why_away(member)) for member in body.values() if not member.is_expected),
        candidates=tuple((member.person.pk, _label(member)) for member in [*everybody.values(), *guests]),
        groups=tuple(groups),
        chairs=_chairs(organisation, [*everybody.values()], group_id),
    )


def _seat(member: Member, *, visits: bool = False) -> Seat:
    return Seat(
        person_id=member.person.pk,
        name=member.person.name,
        branch_id=member.branch.pk,
        note=_note(member, visits=visits),
        has_vote=member.has_vote and not visits,
        is_expected=not visits,
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
