"""The parts of a demo activity that are neither agenda nor lecture: forum, service, ballots, talks, units inspected."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from activities.models import (
    Activity,
    Appraisal,
    AppraisedMember,
    Commitment,
    Forum,
    InspectedUnit,
    LifeMeeting,
    Talk,
    VolunteerService,
)
from activities.rules.activities import Block
from activities.rules.appraisals import Grade
from branches.queries.roster import Member
from config.loading.files import Entry

if TYPE_CHECKING:
    from config.loading.activities import Rows

FORUM_KEYS = ("by", "elsewhere", "materials", "questions")
SERVICE_KEYS = ("served", "hours", "beneficiaries", "problems", "saved")
UNIT_KEYS = ("name", "note")
LIFE_KEYS = ("topic", "studied", "opinions", "talks", "problems")
PROBLEM_KEYS = ("problem", "measure", "by", "due")
APPRAISAL_KEYS = ("issued", "returned", "valid", "votes")
TALK_KEYS = ("first", "second", "on", "points")
Here = Callable[[str], Member]
# Which key a part of the form is written under.
KEY_OF = {Block.FORUM: "forum", Block.SERVICE: "service", Block.INSPECTION: "units"} | {
    Block.LIFE_MEETING: "life_meeting",
    Block.APPRAISAL: "appraisal",
    Block.TALKS: "talks",
}


def check_parts(entry: Entry, blocks: set[str]) -> None:
    """Raise a FixtureError if a part the kinds open is missing, or one they do not open is there."""
    for block, key in KEY_OF.items():
        if (block in blocks) != (key in entry.values):
            problem = _("%(key)s is missing.") if block in blocks else _("%(key)s is not asked of these kinds.")
            raise entry.error(problem % {"key": key})


def add_parts(rows: Rows, activity: Activity, entry: Entry, blocks: set[str], here: Here) -> None:
    """Put what the open parts say into `rows`; everybody named in them must have been `here`."""
    if Block.FORUM in blocks:
        session, lecturers = forum(activity, entry, here)
        rows.forums.append(session)
        rows.forum_lecturers += [Forum.lecturers.through(forum=session, person=one.person) for one in lecturers]
    if Block.SERVICE in blocks:
        rows.services.append(service(activity, entry))
    if Block.INSPECTION in blocks:
        rows.units += units(activity, entry)
    if Block.LIFE_MEETING in blocks:
        meeting, commitments = life_meeting(activity, entry, here)
        rows.life_meetings.append(meeting)
        rows.commitments += commitments
    if Block.APPRAISAL in blocks:
        ballots, appraised = appraisal(activity, entry, here)
        rows.appraisals.append(ballots)
        rows.appraised += appraised
    if Block.TALKS in blocks:
        rows.talks += talks(activity, entry, here)


def forum(activity: Activity, entry: Entry, here: Here) -> tuple[Forum, list[Member]]:
    """Who lectured, on what, and how many questions were answered; lecturers must have been `here`."""
    values = _table(entry, "forum", FORUM_KEYS)
    row = Forum(
        activity=activity,
        other_lecturers=values.text("elsewhere", ""),
        materials=values.text("materials", ""),
        questions_answered=_count(values, "questions"),
    )
    lecturers = [here(str(name)) for name in values.list("by")]
    if not lecturers and not row.other_lecturers:
        raise entry.error(_("%(key)s is missing.") % {"key": "forum.by"})
    return row, lecturers


def service(activity: Activity, entry: Entry) -> VolunteerService:
    values = _table(entry, "service", SERVICE_KEYS)
    return VolunteerService(
        activity=activity,
        served=values.text("served"),
        hours=_hours(values),
        beneficiaries=_count(values, "beneficiaries"),
        problems_solved=_count(values, "problems"),
        money_saved_yuan=_count(values, "saved"),
    )


def units(activity: Activity, entry: Entry) -> list[InspectedUnit]:
    """The units inspected, each a name or a table of name and note."""
    rows: list[InspectedUnit] = []
    for position, unit in enumerate(entry.list("units"), start=1):
        table = unit if isinstance(unit, dict) else {"name": unit}
        values = Entry(entry.path, entry.name, table, UNIT_KEYS)
        name = values.text("name")
        if any(row.name == name for row in rows):
            raise entry.error(_("%(name)s is named twice.") % {"name": name})
        rows.append(InspectedUnit(activity=activity, position=position, name=name, note=values.text("note", "")))
    if not rows:
        raise entry.error(_("%(key)s is missing.") % {"key": "units"})
    return rows


def life_meeting(activity: Activity, entry: Entry, here: Here) -> tuple[LifeMeeting, list[Commitment]]:
    """What went before the meeting and the problems with their measures; `by` names whose, else the branch's."""
    values = _table(entry, "life_meeting", LIFE_KEYS)
    meeting = LifeMeeting(
        activity=activity,
        topic=values.text("topic"),
        studied=values.text("studied", ""),
        opinions=_count(values, "opinions"),
        talks=_count(values, "talks"),
    )
    rows = []
    for position, table in enumerate(values.list("problems"), start=1):
        problem = Entry(entry.path, entry.name, table, PROBLEM_KEYS)
        name = problem.text("by", "")
        rows.append(
            Commitment(
                activity=activity,
                position=position,
                person=here(name).person if name else None,
                problem=problem.text("problem"),
                measure=problem.text("measure"),
                due_on=problem.optional_day("due"),
            )
        )
    return meeting, rows


def appraisal(activity: Activity, entry: Entry, here: Here) -> tuple[Appraisal, list[AppraisedMember]]:
    """Ballots and, by name, the four numbers of votes; behind them the grade, none of a probationary member."""
    values = _table(entry, "appraisal", APPRAISAL_KEYS)
    valid = _count(values, "valid")
    row = Appraisal(
        activity=activity,
        ballots_issued=_count(values, "issued"),
        ballots_returned=_count(values, "returned"),
        ballots_valid=valid,
    )
    members = []
    votes = values.values.get("votes", {})
    for name, numbers in votes.items() if isinstance(votes, dict) else ():
        *cast, grade = numbers if len(numbers) == len(Grade) + 1 else [*numbers, ""]
        if len(cast) != len(Grade) or sum(cast) > valid or grade not in ("", *Grade.values):
            raise entry.error(
                _("%(name)s: four numbers of votes, together at most %(valid)d, and a grade.")
                % {"name": name, "valid": valid}
            )
        members.append(
            AppraisedMember(
                activity=activity,
                person=here(name).person,
                votes_excellent=cast[0],
                votes_qualified=cast[1],
                votes_basic=cast[2],
                votes_unqualified=cast[3],
                grade=grade,
            )
        )
    return row, members


def talks(activity: Activity, entry: Entry, here: Here) -> list[Talk]:
    rows = []
    for position, table in enumerate(entry.list("talks"), start=1):
        values = Entry(entry.path, entry.name, table, TALK_KEYS)
        rows.append(
            Talk(
                activity=activity,
                position=position,
                first=here(values.text("first")).person,
                second=here(values.text("second")).person,
                held_on=values.optional_day("on"),
                points=values.text("points"),
            )
        )
    return rows


def _table(entry: Entry, key: str, keys: tuple[str, ...]) -> Entry:
    table = entry.values[key]
    if not isinstance(table, dict):
        raise entry.error(_("%(key)s must be a table in braces.") % {"key": key})
    return Entry(entry.path, entry.name, table, keys)


def _count(values: Entry, key: str) -> int:
    number = values.number(key, 0)
    if number < 0:
        raise values.error(_("%(key)s must not be negative.") % {"key": key})
    return number


def _hours(values: Entry) -> Decimal | None:
    if "hours" not in values.values:
        return None
    try:
        hours = Decimal(str(values.values["hours"]))
    except InvalidOperation:
        hours = Decimal(-1)
    if not 0 < hours <= 24:
        raise values.error(_("hours must be a number up to 24."))
    return hours
