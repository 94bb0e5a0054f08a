"""An organ's yearly summary, and the records behind each of its figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from activities.models import Activity, Attendance, InspectedUnit, Lecture, Result
from activities.models.activities import ActivityQuerySet
from activities.queries.figures import concerning
from activities.rules.activities import COUNTING, Presence, State
from activities.rules.results import ResultKind
from branches.models import Organisation
from branches.queries.tree import StoodUnder, stood_under
from branches.rights import Access, Permission
from reports.queries.facts import is_over
from reports.queries.summary_lines import Line, activity_line, people_lines, result_line, unit_lines
from reports.rules.summaries import MODULES, Key, Shape, shape_of

Rows = QuerySet[Any]
FORUM, SERVICE = "forum", "volunteer_service"
POLITICAL, PERSONNEL = "political_inspection", "personnel_inspection"
RESULTS = {Key.BRANDS: ResultKind.BRAND, Key.PUBLICATIONS: ResultKind.PUBLICATION}


@dataclass(frozen=True)
class Summary:
    """The figures of `organisation` for `year`, counted up to `as_of`; `figures` in the order of `Key`.

    `left_out`: branches that stood there in the year, but are not in the reader's reach any more.
    """

    organisation: Organisation
    year: int
    as_of: date
    is_over: bool
    figures: dict[Key, int]
    left_out: int = 0

    @property
    def modules(self) -> list[tuple[str, list[tuple[Key, int]]]]:
        return [(str(name), [(key, self.figures[key]) for key in keys]) for name, keys in MODULES]


@dataclass(frozen=True)
class Records:
    """What a figure counts. `rows` is the query the figure is counted from; `lines` shows a part of it."""

    key: Key
    rows: Rows
    year: _Year = field(repr=False)

    @property
    def shape(self) -> Shape:
        return shape_of(self.key)

    @property
    def as_of(self) -> date:
        return self.year.last

    @property
    def left_out(self) -> int:
        return self.year.left_out

    @cached_property
    def total(self) -> int:
        """The figure. 1 query."""
        if self.shape == Shape.ACTIVITIES:
            return self.rows.aggregate(total=Sum("contribution"))["total"] or 0
        return self.rows.count()

    def lines(self, part: Iterable[Any]) -> list[Line]:
        """The lines of `part` of the rows. 3 queries at most."""
        part = list(part)
        if self.shape == Shape.PEOPLE:
            return people_lines(part, self.year.pairs(self.key, part), self.as_of, self.year.reach("branch__"))
        if self.shape == Shape.UNITS:
            return unit_lines(part, self.year.pairs(self.key, part))
        return [result_line(row) if self.shape == Shape.RESULTS else activity_line(row) for row in part]


def summary_of(organisation: Organisation, year: int, today: date, access: Access | None = None) -> Summary:
    """The figures of `organisation` and all that stood under it in `year`, each thing counted once. 11 queries.

    Records in review count while the year runs; once it is over only accepted ones do.

    Args:
        today: records of later days are left out.
        access: counts only what this reader may see; None counts everything.
    """
    of = _Year(organisation, year, today, access)
    figures = {
        **_sums(of.forums(), Key.FORUM_SESSIONS, Key.FORUM_ATTENDANCES, Key.FORUM_QUESTIONS),
        **_sums(of.lectures(), Key.LECTURES),
        Key.LECTURERS: of.lecturers().count(),
        **_sums(of.inspections(), Key.INSPECTION_PARTICIPATIONS),
        Key.INSPECTED_UNITS: of.units(POLITICAL).count(),
        Key.PERSONNEL_INSPECTION_MEMBERS: of.members(PERSONNEL).count(),
        Key.PERSONNEL_INSPECTED_UNITS: of.units(PERSONNEL).count(),
        **_sums(
            of.services(),
            Key.SERVICE_SESSIONS,
            Key.SERVICE_PARTICIPATIONS,
            Key.PROBLEMS_SOLVED,
            Key.MONEY_SAVED_YUAN,
        ),
        **of.result_counts(),
    }
    return Summary(organisation, year, of.last, of.is_over, {key: figures[key] for key in Key}, of.left_out)


def records_of(key: Key, organisation: Organisation, year: int, today: date, access: Access | None = None) -> Records:
    """What the figure `key` counts; arguments as for `summary_of`. 2 queries, and those of reading it."""
    of = _Year(organisation, year, today, access)
    return Records(key, of.rows(key), of)


def _sums(rows: ActivityQuerySet, *keys: Key) -> dict[Key, int]:
    found = rows.order_by().aggregate(**{f"sum_of_{key}": Sum(_column(key)) for key in keys})
    return {key: found[f"sum_of_{key}"] or 0 for key in keys}


class _Year:
    """The query sets of one organisation and year. A figure and its list are made of the same one."""

    def __init__(self, organisation: Organisation, year: int, today: date, access: Access | None) -> None:
        self.year = year
        self.first, self.last = date(year, 1, 1), min(today, date(year, 12, 31))
        self.is_over = is_over(year, today)
        self.access = access
        self.under: StoodUnder = stood_under(organisation, self.first, self.last)
        states = [State.ACCEPTED] if self.is_over else list(COUNTING)
        held = Activity.objects.within(access) if access else Activity.objects.all()
        self.held = held.filter(concerning(organisation, self.first, self.last), state__in=states).held_between(
            self.first, self.last
        )

    @cached_property
    def left_out(self) -> int:
        """How many branches that stood there the reader does not reach any more. 1 query in a year with moves."""
        if self.access is None or len(self.under.zones) == 1:
            return 0
        branches = Organisation.objects.branches().filter(self.under.ever(), founded_on__lte=self.last)
        standing = branches.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=self.first))
        return standing.exclude(self.reach()).count()

    def reach(self, prefix: str = "") -> Q:
        """What the reader sees today; without a reader everything."""
        return self.access.reach(Permission.VIEW, prefix) if self.access else Q()

    def rows(self, key: Key) -> Rows:
        """What `key` counts: activities with their `contribution`, people and units with `times`, or results."""
        if key in RESULTS:
            return self.results().filter(kind=RESULTS[key]).select_related("organisation").order_by("achieved_on", "pk")
        if key == Key.LECTURERS:
            return self.lecturers()
        if key == Key.PERSONNEL_INSPECTION_MEMBERS:
            return self.members(PERSONNEL)
        if key in (Key.INSPECTED_UNITS, Key.PERSONNEL_INSPECTED_UNITS):
            return self.units(POLITICAL if key == Key.INSPECTED_UNITS else PERSONNEL)
        return (
            self._activities_of(key)
            .annotate(contribution=F(_column(key)))
            .filter(contribution__gt=0)
            .select_related("organisation")
            .prefetch_related("kinds")
            .order_by("held_on", "starts_at", "pk")
        )

    def _activities_of(self, key: Key) -> ActivityQuerySet:
        if key in (Key.FORUM_SESSIONS, Key.FORUM_ATTENDANCES, Key.FORUM_QUESTIONS):
            return self.forums()
        if key == Key.LECTURES:
            return self.lectures()
        return self.inspections() if key == Key.INSPECTION_PARTICIPATIONS else self.services()

    def forums(self) -> ActivityQuerySet:
        return _counting(
            self._of_kind(FORUM),
            {
                Key.FORUM_SESSIONS: Value(1),
                Key.FORUM_ATTENDANCES: self._present(),
                Key.FORUM_QUESTIONS: Coalesce(F("forum__questions_answered"), 0),
            },
        )

    def lectures(self) -> ActivityQuerySet:
        return _counting(self.held, {Key.LECTURES: _count(Lecture.objects.all())})

    def inspections(self) -> ActivityQuerySet:
        return _counting(self._of_kind(POLITICAL), {Key.INSPECTION_PARTICIPATIONS: self._present()})

    def services(self) -> ActivityQuerySet:
        return _counting(
            self._of_kind(SERVICE),
            {
                Key.SERVICE_SESSIONS: Value(1),
                Key.SERVICE_PARTICIPATIONS: self._present(),
                Key.PROBLEMS_SOLVED: Coalesce(F("service__problems_solved"), 0),
                Key.MONEY_SAVED_YUAN: Coalesce(F("service__money_saved_yuan"), 0),
            },
        )

    def lecturers(self) -> Rows:
        given = Lecture.lecturers.through.objects.filter(lecture__activity__in=self.held)
        return _by_person(given, times=Count("lecture"))

    def members(self, kind: str) -> Rows:
        return _by_person(self._there().filter(activity__in=self._of_kind(kind)), times=Count("activity"))

    def units(self, kind: str) -> Rows:
        inspected = InspectedUnit.objects.filter(activity__in=self._of_kind(kind))
        times = Count("activity", distinct=True)
        return inspected.order_by().values("name").annotate(times=times, last=Max("activity__held_on")).order_by("name")

    def results(self) -> QuerySet[Result]:
        results = Result.objects.within(self.access) if self.access else Result.objects.all()
        return results.standing().filter(
            self.under.q("organisation__", "achieved_on"), year=self.year, achieved_on__lte=self.last
        )

    def result_counts(self) -> dict[Key, int]:
        found = dict(self.results().order_by().values_list("kind").annotate(number=Count("pk", distinct=True)))
        return {key: found.get(kind.value, 0) for key, kind in RESULTS.items()}

    def pairs(self, key: Key, part: list[dict[str, Any]]) -> QuerySet[Any, Any]:
        """In which activities the people or units of `part` stand: (person or name, activity)."""
        if shape_of(key) == Shape.UNITS:
            kind = POLITICAL if key == Key.INSPECTED_UNITS else PERSONNEL
            inspected = InspectedUnit.objects.filter(activity__in=self._of_kind(kind))
            return inspected.filter(name__in=[row["name"] for row in part]).order_by().values_list("name", "activity")
        ids = [row["person_id"] for row in part]
        if key == Key.LECTURERS:
            given = Lecture.lecturers.through.objects.filter(lecture__activity__in=self.held, person__in=ids)
            return given.values_list("person_id", "lecture__activity")
        there = self._there().filter(activity__in=self._of_kind(PERSONNEL), person__in=ids)
        return there.values_list("person_id", "activity")

    def _of_kind(self, code: str) -> ActivityQuerySet:
        # A sub-select, not a join: an activity of several kinds stays one row.
        kinds = Activity.kinds.through.objects.filter(activitykind__code=code)
        return self.held.filter(pk__in=kinds.values("activity_id"))

    def _there(self) -> QuerySet[Attendance]:
        """Who was present, of the branches that stood under the organisation that day."""
        return Attendance.objects.filter(
            self.reach("branch__"), self.under.q("branch__", "activity__held_on"), presence=Presence.PRESENT
        )

    def _present(self) -> Coalesce:
        return _count(self._there())


def _counting(activities: ActivityQuerySet, numbers: dict[Key, Any]) -> ActivityQuerySet:
    """`activities` with what each adds to some figures."""
    return activities.annotate(**{_column(key): number for key, number in numbers.items()})


def _column(key: Key) -> str:
    return f"counted_{key}"  # by its own name "lectures" would hide the activity's lectures


def _count(rows: QuerySet[Any]) -> Coalesce:
    """How many of `rows` belong to the outer activity."""
    numbers = rows.filter(activity=OuterRef("pk")).order_by().values("activity").annotate(number=Count("pk"))
    return Coalesce(Subquery(numbers.values("number"), output_field=IntegerField()), 0)


def _by_person(rows: QuerySet[Any], times: Count) -> Rows:
    return (
        rows.order_by()
        .values("person_id", "person__name")
        .annotate(times=times)
        .order_by("-times", "person__name", "person_id")
    )
