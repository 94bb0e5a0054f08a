"""The parts of a demo activity that are neither agenda nor lecture: forum, service, units inspected."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from activities.models import Activity, Forum, InspectedUnit, VolunteerService
from activities.rules.activities import Block
from branches.queries.roster import Member
from config.loading.files import Entry

FORUM_KEYS = ("by", "elsewhere", "materials", "questions")
SERVICE_KEYS = ("served", "hours", "beneficiaries", "problems", "saved")
UNIT_KEYS = ("name", "note")
# Which key a part of the form is written under.
KEY_OF = {Block.FORUM: "forum", Block.SERVICE: "service", Block.INSPECTION: "units"}


def check_parts(entry: Entry, blocks: set[str]) -> None:
    """Raise a FixtureError if a part the kinds open is missing, or one they do not open is there."""
    for block, key in KEY_OF.items():
        if (block in blocks) != (key in entry.values):
            problem = _("%(key)s is missing.") if block in blocks else _("%(key)s is not asked of these kinds.")
            raise entry.error(problem % {"key": key})


def forum(activity: Activity, entry: Entry, here: Callable[[str], Member]) -> tuple[Forum, list[Member]]:
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
