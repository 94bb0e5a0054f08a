"""What a stored record says in the parts its kinds open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from activities.models import Activity, Forum, VolunteerService
from activities.rules.activities import Block
from activities.rules.forums import ForumEntry
from activities.rules.inspections import UnitEntry
from activities.rules.services import ServiceEntry


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


# field of `Content` → its reader
READERS: dict[str, tuple[str, Callable[[Activity], Any]]] = {
    Block.FORUM: ("forum", _forum),
    Block.SERVICE: ("service", _service),
    Block.INSPECTION: ("inspected", _inspected),
}


def parts_of_content(activity: Activity, blocks: set[str]) -> dict[str, Any]:
    """The fields of `Content` for the open `blocks`; 1 or 2 queries each."""
    return {field: read(activity) for block, (field, read) in READERS.items() if block in blocks}
