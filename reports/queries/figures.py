"""What an organ did in a year, each activity counted once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from activities.models import Activity, Attendance, Lecture
from activities.rules.activities import COUNTING, Presence, State
from branches.models import Organisation
from branches.rights import Access, Permission
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


def figures_of(
    organisation: Organisation, branches: Iterable[Organisation], year: int, today: date, access: Access
) -> Figures:
    """The figures of `organisation` with its `branches` in `year`: its own activities and those of the branches.

    A joint activity is on the sheet of every branch taking part, but happened once; what the organ or committee held
    itself is on no branch's sheet unless the branch took part. 6 queries.
    """
    ids = [branch.pk for branch in branches]
    states = [State.ACCEPTED] if is_over(year, today) else list(COUNTING)
    leading = (
        Organisation.objects.under(organisation).within(access, Permission.VIEW).exclude(kind=Organisation.Kind.BRANCH)
    )
    held = Activity.objects.filter(of_year(year), state__in=states)
    joined = Activity.taking_part.through.objects.filter(organisation__in=ids, activity__in=held)
    all_held = held.filter(
        Q(organisation__in=leading) | Q(organisation__in=ids) | Q(pk__in=joined.values("activity_id"))
    )
    lectures = Lecture.objects.filter(activity__in=all_held)
    return Figures(
        activities=Figure(all_held.count(), joined.count()),
        lectures=Figure(lectures.count(), joined.filter(activity__lectures__isnull=False).count()),
        attendances=Attendance.objects.filter(branch__in=ids, activity__in=all_held, presence=Presence.PRESENT).count(),
        lecturers=Lecture.lecturers.through.objects.filter(lecture__in=lectures).values("person_id").distinct().count(),
    )
