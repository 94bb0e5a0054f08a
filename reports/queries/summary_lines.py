"""The lines of the list behind a figure of the yearly summary."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from activities.models import Activity, Result
from branches.models import Membership


@dataclass(frozen=True)
class Line:
    """One row of the list: what it is, what it adds to the figure, and the records it stands in."""

    name: str
    contribution: int = 1
    times: int = 1
    day: date | None = None
    place: str = ""
    kind: str = ""
    activities: tuple[Activity, ...] = ()
    result_id: int | None = None


def activity_line(row: Any) -> Line:
    """An activity annotated with its `contribution`."""
    return Line(
        row.title,
        contribution=row.contribution,
        day=row.held_on,
        place=row.organisation.short_name,
        kind=" · ".join(kind.short_label for kind in row.kinds.all()),
        activities=(row,),
    )


def result_line(row: Result) -> Line:
    kind = row.get_kind_display()
    return Line(row.title, day=row.achieved_on, place=row.organisation.short_name, kind=kind, result_id=row.pk)


def people_lines(part: list[dict[str, Any]], pairs: Iterable[tuple[int, int]], day: date, reach: Q) -> list[Line]:
    """People with their branch on `day`, where it is in `reach`; `pairs` of person and activity. 3 queries.

    Of who has moved out of reach since, the branch on the day of their last record here.
    """
    records = _records(pairs)
    ids = [row["person_id"] for row in part]
    branch_of: dict[int, str] = {}
    memberships = Membership.objects.filter(reach, person__in=ids).select_related("branch")
    for membership in memberships.order_by("starts_on"):
        last = max((one.held_on for one in records[membership.person_id]), default=day)
        if membership.holds_on(day) or membership.holds_on(last):
            branch_of[membership.person_id] = membership.branch.short_name
    return [
        Line(
            row["person__name"],
            times=row["times"],
            place=branch_of.get(row["person_id"], ""),
            activities=records[row["person_id"]],
        )
        for row in part
    ]


def unit_lines(part: list[dict[str, Any]], pairs: Iterable[tuple[str, int]]) -> list[Line]:
    """Units inspected; `pairs` of name and activity. 2 queries."""
    records = _records(pairs)
    return [Line(row["name"], times=row["times"], day=row["last"], activities=records[row["name"]]) for row in part]


def _records(pairs: Iterable[tuple[Any, int]]) -> dict[Any, tuple[Activity, ...]]:
    """The activities of `pairs` (what, activity id), by what, in order of time."""
    ids: dict[Any, set[int]] = defaultdict(set)
    for what, pk in pairs:
        ids[what].add(pk)
    everything = Activity.objects.filter(pk__in={pk for found in ids.values() for pk in found})
    activities = list(everything.order_by("held_on", "pk"))
    found = {what: tuple(one for one in activities if one.pk in pks) for what, pks in ids.items()}
    return defaultdict(tuple, found)
