"""The demo's activities: one TOML file an organisation, everybody named resolved on the roster of the day held."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from activities.models import (
    Activity,
    ActivityKind,
    AgendaItem,
    Appraisal,
    AppraisedMember,
    Attendance,
    Commitment,
    Forum,
    Guest,
    InspectedUnit,
    Lecture,
    LifeMeeting,
    ReviewStep,
    Talk,
    VolunteerService,
)
from activities.rules.activities import Block, Body, LectureMethod, Presence, State, VoteRule
from activities.rules.years import year_of
from branches.models import Organisation
from branches.queries.roster import Member, committee_on, members_on
from config.loading import parts
from config.loading.files import Entry, FixtureError, read_toml
from config.loading.participants import EVERYBODY, branches_of, participants
from config.loading.review import check_reviewer, review
from config.loading.world import World

# What a file says once and an entry may say otherwise.
SHARED = ("chair", "recorder", "place", "first_item", "entered_by", "submitted_by", "reviewed_by")
KEYS = (
    *SHARED,
    *("on", "time", "kinds", "group", "title", "minutes", "first_minutes", "items", "lectures"),
    *("participants", "taking_part", "leave", "absent", "unrecorded", "guests"),
    *parts.KEY_OF.values(),
    "belongs_to_year",
    *("state", "entered", "submitted", "returned", "accepted"),
)
ITEM_KEYS = ("title", "minutes", "resolution", "votes", "vote")
LECTURE_KEYS = ("topic", "by", "method", "minutes")


@dataclass
class Rows:
    """Everything to be written, in the order it must be."""

    activities: list[Activity] = field(default_factory=list)
    kinds: list[models.Model] = field(default_factory=list)
    taking_part: list[models.Model] = field(default_factory=list)
    people_from: list[models.Model] = field(default_factory=list)
    attendances: list[Attendance] = field(default_factory=list)
    guests: list[Guest] = field(default_factory=list)
    items: list[AgendaItem] = field(default_factory=list)
    lectures: list[Lecture] = field(default_factory=list)
    lecturers: list[models.Model] = field(default_factory=list)
    forums: list[Forum] = field(default_factory=list)
    forum_lecturers: list[models.Model] = field(default_factory=list)
    services: list[VolunteerService] = field(default_factory=list)
    units: list[InspectedUnit] = field(default_factory=list)
    life_meetings: list[LifeMeeting] = field(default_factory=list)
    commitments: list[Commitment] = field(default_factory=list)
    appraisals: list[Appraisal] = field(default_factory=list)
    appraised: list[AppraisedMember] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)
    steps: list[ReviewStep] = field(default_factory=list)
    writers: list[models.Model] = field(default_factory=list)

    def write(self) -> None:
        for rows in vars(self).values():
            if rows:
                type(rows[0])._meta.default_manager.bulk_create(rows, batch_size=500)


def load_activities(directory: Path, world: World) -> int:
    """Read every file of `directory`; returns the number of activities."""
    kinds = {kind.code: kind for kind in ActivityKind.objects.all()}
    rows = Rows()
    records: list[Record] = []
    for path in sorted(directory.glob("*.toml")):
        content = read_toml(path)
        head = Entry(path, "", content, (*SHARED, "branch", "activity"))
        shared = {key: content[key] for key in SHARED if key in content}
        branch = world.organisation(head, "branch")
        for table in head.list("activity"):
            name = f"{table.get('on', '?')} {table.get('title', '?')}"
            records.append(Record(Entry(path, name, shared | table, KEYS), branch, kinds, world))
            records[-1].add_to(rows)
    if not rows.activities:
        raise FixtureError(directory, "", _("there are no activities."))
    rows.write()
    check_reviewer([(record.activity, record.entry) for record in records], world.as_of)
    return len(rows.activities)


class Record:
    """One entry of a file on its way to becoming an activity."""

    def __init__(self, entry: Entry, branch: Organisation, kinds: dict[str, ActivityKind], world: World) -> None:
        self.entry = entry
        self.branch = branch
        self.world = world
        self.on = entry.day("on")
        self.kinds = [kinds[code] for code in self._codes(kinds)]
        self.state = State(entry.choice("state", State.values, State.ACCEPTED))
        if self.on > world.as_of and self.state != State.DRAFT:
            raise entry.error(_("lies after %(day)s; only a draft may.") % {"day": world.as_of})
        members = members_on([branch], self.on) if branch.is_branch else committee_on(branch, self.on)
        self.roster = {member.person.name: member for member in members}
        self.group = world.group(entry, branch, entry.text("group")) if "group" in entry.values else None
        self.blocks = {block for kind in self.kinds for block in kind.blocks}
        parts.check_parts(entry, self.blocks)
        self.expected = self._expected()
        self.marks = self._marks()
        self.activity = self._activity()

    def add_to(self, rows: Rows) -> None:
        activity = self.activity
        rows.activities.append(activity)
        rows.kinds += [Activity.kinds.through(activity=activity, activitykind=kind) for kind in self.kinds]
        together, from_ = branches_of(self.entry, self.branch, self.expected.values(), self.world)
        for organisation in (self.branch, *together):
            rows.taking_part.append(Activity.taking_part.through(activity=activity, organisation=organisation))
        for organisation in from_:
            rows.people_from.append(Activity.people_from.through(activity=activity, organisation=organisation))
        for name, member in self.expected.items():
            presence, reason = self.marks.get(name, (Presence.PRESENT, ""))
            rows.attendances.append(
                Attendance(
                    activity=activity,
                    person=member.person,
                    branch=member.branch,
                    presence=presence,
                    reason=reason,
                    has_vote=member.has_vote,
                )
            )
        for name, title in self._table("guests").items():
            rows.guests.append(Guest(activity=activity, name=name, title=title))
        rows.items += self._items()
        for position, table in enumerate(self.entry.list("lectures"), start=1):
            lecture, lecturers = self._lecture(position, table)
            rows.lectures.append(lecture)
            rows.lecturers += [Lecture.lecturers.through(lecture=lecture, person=one.person) for one in lecturers]
        parts.add_parts(rows, activity, self.entry, self.blocks, self._here)
        steps = review(activity, self.entry, self.world)
        rows.steps += steps
        writers = {activity.entered_by, *(step.by for step in steps if step.step == ReviewStep.Step.SUBMITTED)}
        rows.writers += [Activity.writers.through(activity=activity, user=user) for user in writers]

    def _codes(self, kinds: dict[str, ActivityKind]) -> list[str]:
        codes = self.entry.list("kinds")
        if not codes or not set(codes) <= set(kinds):
            raise self.entry.error(_("kinds must be some of %(kinds)s.") % {"kinds": ", ".join(kinds)})
        return codes

    def _expected(self) -> dict[str, Member]:
        bodies = {kind.body for kind in self.kinds}
        members: list[Member] = []
        if Body.MEMBERS in bodies:
            members = list(self.roster.values())
        elif Body.COMMITTEE in bodies:
            members = committee_on(self.branch, self.on)
        elif Body.GROUP in bodies:
            if self.group is None:
                raise self.entry.error(_("a group meeting needs its group."))
            members = [member for member in self.roster.values() if member.group == self.group]
        expected = {member.person.name: member for member in members if member.is_expected}
        if Body.PARTICIPANTS in bodies:
            expected |= participants(self.entry, self.branch, self.world, self.on)
        elif "participants" in self.entry.values:
            raise self.entry.error(_("%(key)s is not asked of these kinds.") % {"key": "participants"})
        if not expected:
            raise self.entry.error(_("nobody was expected that day."))
        return expected

    def _marks(self) -> dict[str, tuple[Presence, str]]:
        marks = {}
        unrecorded = self.entry.list("unrecorded")
        if unrecorded == [EVERYBODY]:
            unrecorded = list(self.expected)
        for name in unrecorded:
            marks[name] = (Presence.UNRECORDED, "")
        for presence in (Presence.LEAVE, Presence.ABSENT):
            for name, reason in self._table(presence.value).items():
                marks[name] = (presence, reason)
        strangers = [name for name in marks if name not in self.expected]
        if strangers:
            raise self.entry.error(_("not expected that day: %(names)s.") % {"names": "、".join(strangers)})
        return marks

    def _here(self, name: str) -> Member:
        """A member of the branch who may have come that day."""
        member = self.expected.get(name) or self.roster.get(name)
        if member is None:
            raise self.entry.error(_("%(name)s was not a member of the branch that day.") % {"name": name})
        if self.marks.get(name, (Presence.PRESENT,))[0] in (Presence.LEAVE, Presence.ABSENT):
            raise self.entry.error(_("%(name)s has a task, but did not come.") % {"name": name})
        return member

    def _activity(self) -> Activity:
        entry = self.entry
        starts_at, ends_at = self._times()
        return Activity(
            organisation=self.branch,
            group=self.group,
            title=entry.text("title"),
            held_on=self.on,
            starts_at=starts_at,
            ends_at=ends_at,
            place=entry.text("place", ""),
            chair=self._here(entry.text("chair")).person,
            recorder=self._here(entry.text("recorder")).person,
            minutes=entry.text("minutes", ""),
            state=self.state,
            belongs_to_year=self._belongs_to_year(),
        )

    def _belongs_to_year(self) -> int | None:
        if not any(kind.is_annual for kind in self.kinds):
            return None
        return self.entry.number("belongs_to_year", year_of(self.on))

    def _times(self) -> tuple[time | None, time | None]:
        text = self.entry.text("time", "")
        if not text:
            return None, None
        try:
            starts_at, ends_at = (time.fromisoformat(part) for part in text.split("-"))
        except ValueError:
            raise self.entry.error(_("time must read like 15:00-16:40, not “%(time)s”.") % {"time": text}) from None
        return starts_at, ends_at

    def _items(self) -> list[AgendaItem]:
        if Block.AGENDA not in self.blocks:
            return []
        items = []
        if first := self.entry.text("first_item", ""):
            minutes = self.entry.text("first_minutes", "")
            items.append(
                AgendaItem(activity=self.activity, position=1, title=first, is_first_item=True, minutes=minutes)
            )
        for position, table in enumerate(self.entry.list("items"), start=len(items) + 1):
            items.append(self._item(position, self._sub(table, ITEM_KEYS)))
        return items

    def _item(self, position: int, item: Entry) -> AgendaItem:
        votes = item.list("votes")
        rule = item.choice("vote", VoteRule.values, VoteRule.DECISION if votes else VoteRule.NONE)
        row = AgendaItem(
            activity=self.activity,
            position=position,
            title=item.text("title"),
            minutes=item.text("minutes", ""),
            resolution=item.text("resolution", ""),
            vote_rule=rule,
        )
        if votes:
            if len(votes) != 3 or sum(votes) > self._voters_present():
                problem = _("votes must be three numbers (for, against, abstaining), together at most %(voters)d.")
                raise self.entry.error(problem % {"voters": self._voters_present()})
            row.votes_for, row.votes_against, row.abstentions = votes
        return row

    def _voters_present(self) -> int:
        return sum(member.has_vote and name not in self.marks for name, member in self.expected.items())

    def _lecture(self, position: int, table: Any) -> tuple[Lecture, list[Member]]:
        values = self._sub(table, LECTURE_KEYS)
        lecture = Lecture(
            activity=self.activity,
            position=position,
            topic=values.text("topic"),
            method=values.choice("method", LectureMethod.values),
            duration=values.number("minutes"),
        )
        return lecture, [self._here(name) for name in values.list("by")]

    def _sub(self, table: Any, keys: tuple[str, ...]) -> Entry:
        if not isinstance(table, dict):
            raise self.entry.error(_("each item and lecture must be a table in braces."))
        return Entry(self.entry.path, self.entry.name, table, keys)

    def _table(self, key: str) -> dict[str, str]:
        table = self.entry.values.get(key, {})
        if not isinstance(table, dict):
            raise self.entry.error(_("%(key)s must be a table of names and reasons in braces.") % {"key": key})
        return table
