"""What a record says, as plain values: the same shape for the form, the stored record, the checks and a comparison."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, time

from activities.rules.activities import LectureMethod, Presence, VoteRule
from activities.rules.appraisals import AppraisalEntry
from activities.rules.forums import ForumEntry
from activities.rules.inspections import UnitEntry
from activities.rules.life_meetings import LifeMeetingEntry
from activities.rules.services import ServiceEntry
from activities.rules.talks import TalkEntry


@dataclass(frozen=True)
class Mark:
    """How one person attended. Whether they were expected and vote is not written by hand: see `Seat`."""

    person_id: int
    presence: str = Presence.UNRECORDED
    reason: str = ""


@dataclass(frozen=True)
class GuestEntry:
    name: str
    title: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.name


@dataclass(frozen=True)
class Item:
    """One agenda item. Votes are numbers of people; None: not filled in."""

    title: str = ""
    is_first_item: bool = False
    minutes: str = ""
    resolution: str = ""
    vote_rule: str = VoteRule.NONE
    votes_for: int | None = None
    votes_against: int | None = None
    abstentions: int | None = None

    @property
    def is_blank(self) -> bool:
        """Nothing was written; the tick “first item” alone, set beforehand, is nothing."""
        return self in (Item(), Item(is_first_item=True))


@dataclass(frozen=True)
class LectureEntry:
    """One lecture; `duration` in minutes. `other_lecturers` names those who are not on the branch's roster."""

    topic: str = ""
    method: str = LectureMethod.LECTURE
    duration: int | None = None
    lecturer_ids: tuple[int, ...] = ()
    other_lecturers: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.topic or self.lecturer_ids or self.other_lecturers or self.duration)


@dataclass(frozen=True)
class Content:
    """Everything a person writes into a record. `kinds` are codes, the fields below `lectures` those of `Block`.

    `taking_part`: branches named as taking part in what an organisation above them held; `people_from`: further
    branches of which single people came.

    While it is typed, `agenda` and `lectures` may hold blank rows, so that their places are those of the page.
    """

    kinds: tuple[str, ...] = ()
    group_id: int | None = None
    title: str = ""
    held_on: date | None = None
    starts_at: time | None = None
    ends_at: time | None = None
    place: str = ""
    chair_id: int | None = None
    recorder_id: int | None = None
    minutes: str = ""
    marks: tuple[Mark, ...] = ()
    guests: tuple[GuestEntry, ...] = ()
    agenda: tuple[Item, ...] = ()
    lectures: tuple[LectureEntry, ...] = ()
    belongs_to_year: int | None = None
    taking_part: tuple[int, ...] = ()
    people_from: tuple[int, ...] = ()
    life_meeting: LifeMeetingEntry = field(default_factory=LifeMeetingEntry)
    appraisal: AppraisalEntry = field(default_factory=AppraisalEntry)
    talks: tuple[TalkEntry, ...] = ()
    forum: ForumEntry = field(default_factory=ForumEntry)
    service: ServiceEntry = field(default_factory=ServiceEntry)
    inspected: tuple[UnitEntry, ...] = ()

    @property
    def text(self) -> str:
        """All that was written down of the course, as one text."""
        parts = [self.minutes, *(f"{item.minutes}\n{item.resolution}" for item in self.agenda)]
        parts += [talk.points for talk in self.talks]
        return "\n".join(part.strip() for part in parts if part.strip())


def with_talkers(content: Content, open_seats: Collection[int]) -> Content:
    """`content` with everybody of `open_seats` who talked marked as present.

    Whoever another kind of the record expects is left as marked: a talk does not show that they came to the meeting.
    """
    said = {mark.person_id for mark in content.marks if mark.presence != Presence.UNRECORDED}
    talkers = dict.fromkeys(pk for talk in content.talks for pk in (talk.first_id, talk.second_id) if pk is not None)
    missing = [pk for pk in talkers if pk in open_seats and pk not in said]
    if not missing:
        return content
    kept = tuple(mark for mark in content.marks if mark.person_id not in missing)
    return replace(content, marks=(*kept, *(Mark(pk, Presence.PRESENT) for pk in missing)))


def differing(before: Content, after: Content) -> list[str]:
    """The names of the fields in which two contents differ, in the order of the form.

    Marks are compared person by person and without regard to order: an unrecorded person is the same as none.
    """
    names = [name for name in Content.__dataclass_fields__ if name != "marks"]
    found = [name for name in names if getattr(before, name) != getattr(after, name)]
    if _recorded(before) != _recorded(after):
        found.append("marks")
    return found


def _recorded(content: Content) -> frozenset[Mark]:
    return frozenset(mark for mark in content.marks if mark.presence != Presence.UNRECORDED)
