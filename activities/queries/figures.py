"""Figures of an organisation over a time: distinct counts over activities and attendance, never sums of sheets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import ExtractMonth

from activities.models import Activity, Attendance, Lecture
from activities.models.activities import ActivityQuerySet
from activities.rules.activities import Presence
from activities.rules.attendances import Tally
from branches.models import Membership, Organisation
from branches.rules.people import Category


@dataclass(frozen=True)
class Figures:
    """What an organisation and everything below it did from `first` to `last`; members as of `last`."""

    members: int
    full_members: int
    activities: int
    lectures: int
    lecturers: int
    attendance: Tally

    @property
    def probationary_members(self) -> int:
        return self.members - self.full_members


def figures(organisation: Organisation, first: date, last: date) -> Figures:
    """The figures of `organisation` and below: each activity, lecture and lecturer once. 4 queries."""
    held = activities_below(organisation, first, last)
    lectures = Lecture.objects.filter(activity__in=held).aggregate(
        number=Count("pk", distinct=True), lecturers=Count("lecturers", distinct=True)
    )
    members = _members(organisation, last)
    return Figures(
        members=members["number"],
        full_members=members["full"],
        activities=held.count(),
        lectures=lectures["number"],
        lecturers=lectures["lecturers"],
        attendance=attendance_of(organisation, first, last),
    )


def activities_below(organisation: Organisation, first: date, last: date) -> ActivityQuerySet:
    """Records handed in of what `organisation` or any below it held or took part in from `first` to `last`, each once."""
    return Activity.objects.counting().held_between(first, last).filter(concerning(organisation, first, last))


def concerning(organisation: Organisation, first: date, last: date) -> Q:
    """The condition for activities that `organisation` or any that stood under it that day held or took part in.

    It says who, not when: days before `first` or after `last` are to be left out by the caller.
    """
    # Sub-selects that do not look at the outer row: SQLite then reads each once instead of once for every activity.
    below = Organisation.objects.under(organisation).order_by().values("pk")
    taking_part = Activity.taking_part.through.objects.filter(organisation__in=below).values("activity_id")
    return Q(organisation__in=below) | Q(pk__in=taking_part)


def attendance_of(organisation: Organisation, first: date, last: date) -> Tally:
    """Attendance of the members of `organisation` and below at everything held in the time. 1 query.

    Who counts where is the person's branch of that day; whoever was not expected is left out.
    """
    return _tally(dict(_presences(organisation, first, last).values_list("presence").annotate(number=Count("pk"))))


def attendance_by_node(
    organisation: Organisation, nodes: Iterable[Organisation], first: date, last: date
) -> list[tuple[Organisation, Tally]]:
    """Attendance below `organisation`, summed for each of `nodes` (branches, or what stands above them). 1 query."""
    rows = list(
        _presences(organisation, first, last).values_list("branch__lft", "presence").annotate(number=Count("pk"))
    )
    found = []
    for node in nodes:
        of_kind: Counter[str] = Counter()
        for lft, presence, number in rows:
            if node.lft <= lft <= node.rght:
                of_kind[presence] += number
        found.append((node, _tally(of_kind)))
    return found


def _presences(organisation: Organisation, first: date, last: date) -> QuerySet[Attendance]:
    return Attendance.objects.filter(
        activity__in=Activity.objects.counting().held_between(first, last),
        is_expected=True,
        **_interval(organisation, "branch__"),
    ).order_by()


def _tally(of_kind: Mapping[str, int]) -> Tally:
    return Tally(
        expected=sum(of_kind.values()),
        present=of_kind.get(Presence.PRESENT, 0),
        leave=of_kind.get(Presence.LEAVE, 0),
        absent=of_kind.get(Presence.ABSENT, 0),
        unrecorded=of_kind.get(Presence.UNRECORDED, 0),
    )


def monthly_counts(organisation: Organisation, year: int) -> dict[int, int]:
    """How many activities were held in each month of `year`, by month number. 1 query."""
    rows = (
        activities_below(organisation, date(year, 1, 1), date(year, 12, 31))
        .order_by()
        .annotate(month=ExtractMonth("held_on"))
        .values_list("month")
        .annotate(number=Count("pk"))
    )
    return dict(rows)


def _members(organisation: Organisation, day: date) -> dict[str, int]:
    is_full = Q(person__full_on__lte=day) | Q(person__full_on__isnull=True, person__category=Category.FULL)
    return (
        Membership.objects.active_on(day)
        .filter(person__is_void=False, person__merged_into__isnull=True, **_interval(organisation, "branch__"))
        .aggregate(number=Count("person", distinct=True), full=Count("person", distinct=True, filter=is_full))
    )


def _interval(organisation: Organisation, prefix: str = "organisation__") -> dict[str, int]:
    return {
        f"{prefix}tree_id": organisation.tree_id,
        f"{prefix}lft__gte": organisation.lft,
        f"{prefix}rght__lte": organisation.rght,
    }
