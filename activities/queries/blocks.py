"""What a stored record says in the parts its kinds open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from activities.models import Activity, Appraisal, Forum, LifeMeeting, VolunteerService
from activities.queries.attendances import Seat, Sheet
from activities.rules.activities import Block
from activities.rules.appraisals import AppraisalEntry, MemberEntry
from activities.rules.forums import ForumEntry
from activities.rules.inspections import UnitEntry
from activities.rules.life_meetings import CommitmentEntry, LifeMeetingEntry
from activities.rules.services import ServiceEntry
from activities.rules.talks import TalkEntry


def _service(activity: Activity) -> ServiceEntry:
    row = VolunteerService.objects.filter(activity=activity).first()
    if row is None:
        return ServiceEntry()
    return ServiceEntry(row.served, row.hours, row.beneficiaries, row.problems_solved, row.money_saved_yuan)


def _forum(activity: Activity) -> ForumEntry:
    row = Forum.objects.filter(activity=activity).prefetch_related("lecturers").first()
    if row is None:
        return ForumEntry()
    lecturers = tuple(sorted(person.pk for person in row.lecturers.all()))
    return ForumEntry(lecturers, row.other_lecturers, row.materials, row.questions_answered)


def _inspected(activity: Activity) -> tuple[UnitEntry, ...]:
    return tuple(UnitEntry(*row) for row in activity.inspected_units.values_list("name", "note"))


def _life_meeting(activity: Activity) -> LifeMeetingEntry:
    row = LifeMeeting.objects.filter(activity=activity).first() or LifeMeeting()
    commitments = activity.commitments.order_by("position").values_list("problem", "measure", "person_id", "due_on")
    return LifeMeetingEntry(
        row.topic, row.studied, row.opinions, row.talks, tuple(CommitmentEntry(*values) for values in commitments)
    )


def _appraisal(activity: Activity) -> AppraisalEntry:
    row = Appraisal.objects.filter(activity=activity).first() or Appraisal()
    members = activity.appraised.order_by("pk").values_list(
        "person_id", "votes_excellent", "votes_qualified", "votes_basic", "votes_unqualified", "grade"
    )
    return AppraisalEntry(
        row.ballots_issued, row.ballots_returned, row.ballots_valid, tuple(MemberEntry(*values) for values in members)
    )


def _talks(activity: Activity) -> tuple[TalkEntry, ...]:
    rows = activity.talks.order_by("position").values_list("first_id", "second_id", "held_on", "points")
    return tuple(TalkEntry(*row) for row in rows)


# field of `Content` → its reader
READERS: dict[str, tuple[str, Callable[[Activity], Any]]] = {
    Block.LIFE_MEETING: ("life_meeting", _life_meeting),
    Block.APPRAISAL: ("appraisal", _appraisal),
    Block.TALKS: ("talks", _talks),
    Block.FORUM: ("forum", _forum),
    Block.SERVICE: ("service", _service),
    Block.INSPECTION: ("inspected", _inspected),
}


def parts_of_content(activity: Activity, blocks: set[str]) -> dict[str, Any]:
    """The fields of `Content` for the open `blocks`; 1 or 2 queries each."""
    return {field: read(activity) for block, (field, read) in READERS.items() if block in blocks}


def appraised_on(sheet: Sheet) -> tuple[Seat, ...]:
    """Whom an appraisal lists: the members expected that day; where nobody is expected, those who may be named."""
    return sheet.seats or sheet.open_seats
