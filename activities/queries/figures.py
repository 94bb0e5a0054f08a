"""Figures of an organisation over a time: distinct counts over activities and attendance, never sums of sheets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Case, Count, DateField, Q, QuerySet, Value, When
from django.db.models.functions import ExtractMonth

from activities.models import Activity, Attendance, Lecture
from activities.models.activities import ActivityQuerySet
from activities.rules.activities import Presence
from activities.rules.attendances import Tally
from branches.models import Membership, Organisation
from branches.queries.intervals import start_of
from branches.queries.tree import StoodUnder, moves_since, stood_under
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
    """The figures of `organisation` and below: each activity, lecture and lecturer once. 5 queries."""
    moves = moves_since(first)
    under = moves.under(organisation, first, last)
    held = _held(under)
    lectures = Lecture.objects.filter(activity__in=held).aggregate(
        number=Count("pk", distinct=True), lecturers=Count("lecturers", distinct=True)
    )
    members = _members(moves.under(organisation, last, last))
    return Figures(
        members=members["number"],
        full_members=members["full"],
        activities=held.count(),
        lectures=lectures["number"],
        lecturers=lectures["lecturers"],
        attendance=_tally_of(under),
    )


def activities_below(organisation: Organisation, first: date, last: date) -> ActivityQuerySet:
    """Records handed in of what `organisation` or any that stood under it held or took part in, each once. 1 query."""
    return _held(stood_under(organisation, first, last))


def concerning(organisation: Organisation, first: date, last: date) -> Q:
    """The condition for activities that `organisation` or any that stood under it that day held or took part in.

    It says who, not when: days before `first` or after `last` are to be left out by the caller. 1 query.
    """
    return _concerning(stood_under(organisation, first, last))


def _held(under: StoodUnder) -> ActivityQuerySet:
    return Activity.objects.counting().held_between(under.first, under.last).filter(_concerning(under))


def _concerning(under: StoodUnder) -> Q:
    taking_part = Activity.taking_part.through.objects.filter(under.q("organisation__", "activity__held_on"))
    return under.q("organisation__", "held_on") | Q(pk__in=taking_part.values("activity_id"))


def attendance_of(organisation: Organisation, first: date, last: date) -> Tally:
    """Attendance of the members of `organisation` and below at everything held in the time. 2 queries.

    Who counts where is the person's branch of that day; whoever was not expected is left out.
    """
    return _tally_of(stood_under(organisation, first, last))


def _tally_of(under: StoodUnder) -> Tally:
    return _tally(dict(_presences(under).values_list("presence").annotate(number=Count("pk"))))


def attendance_by_node(
    organisation: Organisation, nodes: Iterable[Organisation], first: date, last: date
) -> list[tuple[Organisation, Tally]]:
    """Attendance below `organisation`, summed for each of `nodes` (branches, or what stands above them). 2 queries."""
    moves = moves_since(first)
    # Grouped by stretches without a move, not by days: one line for each branch and presence in most years.
    stretches = [When(activity__held_on__lte=until, then=Value(since)) for since, until in moves.spells(first, last)]
    rows = [
        (_Place(*place), since, presence, number)
        for *place, since, presence, number in _presences(moves.under(organisation, first, last))
        .annotate(since=Case(*stretches, output_field=DateField()))
        .values_list("branch__tree_id", "branch__lft", "branch__rght", "since", "presence")
        .annotate(number=Count("pk"))
    ]
    rows.sort(key=lambda row: start_of(row[0]))
    starts = [start_of(row[0]) for row in rows]
    found = []
    for node in nodes:
        under = moves.under(node, first, last)
        of_kind: Counter[str] = Counter()
        for part in under.nest.slices(starts):
            for place, since, presence, number in rows[part]:
                if under.covers(place, since):
                    of_kind[presence] += number
        found.append((node, _tally(of_kind)))
    return found


class _Place(NamedTuple):
    tree_id: int
    lft: int
    rght: int


def _presences(under: StoodUnder) -> QuerySet[Attendance]:
    return Attendance.objects.filter(
        under.q("branch__", "activity__held_on"),
        activity__in=Activity.objects.counting().held_between(under.first, under.last),
        is_expected=True,
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
    """How many activities were held in each month of `year`, by month number. 2 queries."""
    rows = (
        activities_below(organisation, date(year, 1, 1), date(year, 12, 31))
        .order_by()
        .annotate(month=ExtractMonth("held_on"))
        .values_list("month")
        .annotate(number=Count("pk"))
    )
    return dict(rows)


def _members(under: StoodUnder) -> dict[str, int]:
    """The members on the last day."""
    day = under.last
    is_full = Q(person__full_on__lte=day) | Q(person__full_on__isnull=True, person__category=Category.FULL)
    standing = Organisation.objects.filter(under.ever()).order_by().values("pk")
    return (
        Membership.objects.active_on(day)
        .filter(person__is_void=False, person__merged_into__isnull=True, branch__in=standing)
        .aggregate(number=Count("person", distinct=True), full=Count("person", distinct=True, filter=is_full))
    )
