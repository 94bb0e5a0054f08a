"""What an organ did in a year, each activity counted once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from activities.models import Activity, Attendance, Lecture
from activities.rules.activities import COUNTING, Presence, State
from branches.models import Organisation
from branches.queries.tree import stood_under
from reports.queries.facts import is_over, of_year


@dataclass(frozen=True)
class Figure:
    """`distinct` counts each thing once; `summed` adds up the sheets of the branches."""

    distinct: int
    summed: int

    @property
    def differs(self) -> bool:
        return self.distinct != self.summed


@dataclass(frozen=True)
class Figures:
    activities: Figure
    lectures: Figure
    attendances: int
    lecturers: int


def figures_of(organisation: Organisation, branches: Iterable[Organisation], year: int, today: date) -> Figures:
    """The figures of `organisation` with its `branches` in `year`: its own activities and those of the branches.

    A joint activity is on the sheet of every branch taking part, but happened once; what the organ or committee held
    itself is on no branch's sheet unless the branch took part. What a branch held before it came or after it went
    belongs to where it stood that day; its sheet is one whole, judged where it stands last. The year is that of the day
    held; on the sheets a yearly meeting is in the year it belongs to. 7 queries.
    """
    ids = [branch.pk for branch in branches]
    states = [State.ACCEPTED] if is_over(year, today) else list(COUNTING)
    under = stood_under(organisation, date(year, 1, 1), date(year, 12, 31))
    counting = Activity.objects.filter(state__in=states)
    held = counting.held_between(date(year, 1, 1), date(year, 12, 31))
    joined = Activity.taking_part.through.objects.filter(
        organisation__in=ids, activity__in=counting.filter(of_year(year))
    )
    taking_part = Activity.taking_part.through.objects.filter(under.q("organisation__", "activity__held_on"))
    all_held = held.filter(under.q("organisation__", "held_on") | Q(pk__in=taking_part.values("activity_id")))
    lectures = Lecture.objects.filter(activity__in=all_held)
    present = Attendance.objects.filter(
        under.q("branch__", "activity__held_on"), activity__in=all_held, presence=Presence.PRESENT
    )
    return Figures(
        activities=Figure(all_held.count(), joined.count()),
        lectures=Figure(lectures.count(), joined.filter(activity__lectures__isnull=False).count()),
        attendances=present.count(),
        lecturers=Lecture.lecturers.through.objects.filter(lecture__in=lectures).values("person_id").distinct().count(),
    )
