"""A member's file: what the member did in the reader's reach, by kind and year, and the records behind each number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce, ExtractYear

from activities.models import Activity, ActivityKind, Attendance, Forum, Lecture, Talk
from activities.models.activities import ActivityQuerySet
from activities.rules.activities import Presence
from branches.models import GroupMembership, Person
from branches.rights import Access, Permission
from reports.rules.person_files import ATTENDING, FORUMS, SERVICES, Part

# Whoever floats in or comes as a guest was not expected and enters no number.
ATTENDED: dict[str, Q] = {
    Part.EXPECTED: Q(is_expected=True),
    Part.PRESENT: Q(is_expected=True, presence=Presence.PRESENT),
    Part.LEAVE: Q(is_expected=True, presence=Presence.LEAVE),
    Part.ABSENT: Q(is_expected=True, presence=Presence.ABSENT),
    Part.UNRECORDED: Q(is_expected=True, presence=Presence.UNRECORDED),
    Part.MADE_UP: Q(is_expected=True, made_up_by__isnull=False),
}


@dataclass(frozen=True)
class Line:
    """Numbers of one year: of one kind of activity, or of all kinds, where an activity of several counts once."""

    year: int
    kind: ActivityKind | None
    numbers: dict[str, int]

    @property
    def cells(self) -> list[tuple[str, int]]:
        return [(part, self.numbers.get(part, 0)) for part in ATTENDING]


@dataclass(frozen=True)
class LeadingLine:
    """How many activities of one year the member chaired and recorded."""

    year: int
    cells: list[tuple[str, int]]


def readable(access: Access) -> ActivityQuerySet:
    """Records handed in that the reader may open: nothing else enters a file."""
    return Activity.objects.within(access).counting()


def attendance_of(person: Person, access: Access) -> list[Line]:
    """Attendance by year, newest first: all kinds together, then kind by kind. 3 queries."""
    numbers = {part.value: Count("activity_id", filter=ATTENDED[part], distinct=True) for part in ATTENDING}
    attended: QuerySet[Any, Any] = (
        Attendance.objects.filter(person=person, is_expected=True, activity__in=readable(access))
        .annotate(year=year_of("activity__"))
        .order_by()
    )
    kinds = ActivityKind.objects.in_bulk()
    by_year: Iterable[Any] = attended.values("year").annotate(**numbers)
    by_kind: Iterable[Any] = attended.values("year", "activity__kinds").annotate(**numbers)
    lines = [Line(row["year"], None, row) for row in by_year]
    lines += [Line(row["year"], kinds[row["activity__kinds"]], row) for row in by_kind if row["activity__kinds"]]
    return sorted(lines, key=_line_order)


def led_by(person: Person, access: Access) -> list[LeadingLine]:
    """Activities chaired and recorded by year, newest first. 2 queries."""
    held = readable(access).annotate(year=year_of()).order_by()
    chaired = _by_year(held.filter(chair=person))
    recorded = _by_year(held.filter(recorder=person))
    return [
        LeadingLine(year, [(Part.CHAIRED, chaired.get(year, 0)), (Part.RECORDED, recorded.get(year, 0))])
        for year in sorted({*chaired, *recorded}, reverse=True)
    ]


def lectures_of(person: Person, access: Access) -> QuerySet[Lecture]:
    """The lectures the member gave, newest first."""
    return (
        Lecture.objects.filter(lecturers=person, activity__in=readable(access))
        .select_related("activity__organisation")
        .order_by("-activity__held_on", "-activity_id", "position")
    )


def groups_of(person: Person, access: Access) -> QuerySet[GroupMembership]:
    """The party groups, of branches in reach, the member belonged to, newest first."""
    return (
        GroupMembership.objects.valid()
        .filter(access.reach(Permission.VIEW, "group__branch__"), person=person)
        .select_related("group__branch")
        .order_by("-starts_on", "-pk")
    )


def records_of(
    person: Person, access: Access, *, part: str = "", kind: ActivityKind | None = None, year: int | None = None
) -> ActivityQuerySet:
    """The records in which the member had `part`, or any part; each with the member's attendance in `own`."""
    own = Attendance.objects.filter(person=person)
    records = readable(access).annotate(year=year_of())
    if part == Part.CHAIRED:
        records = records.filter(chair=person)
    elif part == Part.RECORDED:
        records = records.filter(recorder=person)
    elif part == Part.SPOKE:
        records = records.filter(forum__lecturers=person)
    elif part == Part.TALKED:
        records = records.filter(_talked(person))
    elif part in (Part.SERVED, Part.STUDIED):
        codes = SERVICES if part == Part.SERVED else FORUMS
        of_kind = Activity.kinds.through.objects.filter(activity=OuterRef("pk"), activitykind__code__in=codes)
        present = own.filter(ATTENDED[Part.PRESENT], activity=OuterRef("pk"))
        records = records.filter(Exists(of_kind), Exists(present))
    elif part:
        records = records.filter(Exists(own.filter(ATTENDED[part], activity=OuterRef("pk"))))
    else:
        lectured = Lecture.objects.filter(lecturers=person, activity=OuterRef("pk"))
        attended = own.filter(is_expected=True, activity=OuterRef("pk"))
        spoke = Q(pk__in=Forum.objects.filter(lecturers=person).values("pk"))
        had_part = Exists(attended) | Exists(lectured) | _talked(person) | spoke
        records = records.filter(had_part | Q(chair=person) | Q(recorder=person))
    if kind is not None:
        records = records.filter(kinds=kind)
    if year is not None:
        records = records.filter(year=year)
    return (
        records.select_related("organisation", "group", "service")
        .prefetch_related("kinds", Prefetch("attendances", own, to_attr="own"))
        .order_by("-held_on", "-pk")
    )


def _talked(person: Person) -> Exists:
    return Exists(Talk.objects.filter(Q(first=person) | Q(second=person), activity=OuterRef("pk")))


def year_of(prefix: str = "") -> Coalesce:
    """The year an activity belongs to where it carries one, else that of the day held."""
    return Coalesce(f"{prefix}belongs_to_year", ExtractYear(f"{prefix}held_on"))


def _by_year(activities: QuerySet[Any]) -> dict[int, int]:
    return dict(activities.values_list("year").annotate(number=Count("pk")))


def _line_order(line: Line) -> tuple[int, int, int, str]:
    kind = line.kind
    return (-line.year, int(kind is not None), kind.position if kind else 0, kind.code if kind else "")
