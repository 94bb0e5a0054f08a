"""Writing records: save a draft, discard it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from activities.actions.blocks import write_blocks
from activities.models import Activity, ActivityKind, AgendaItem, Attendance, Guest, Lecture
from activities.queries.attendances import Sheet
from activities.queries.content import content_of, sheet_of
from activities.rules.activities import EDITABLE, Presence, State
from activities.rules.content import Content, differing, with_talkers
from activities.rules.wording import LABELS, people_in, words_of
from branches.models import Organisation, Person, User
from branches.rights import Permission
from foundation.actions.audit import record
from foundation.clock import business_date
from foundation.queries.audit import entries_for

PLAIN = (
    *("group_id", "title", "held_on", "starts_at", "ends_at", "place", "chair_id", "recorder_id", "minutes"),
    "belongs_to_year",
)
LONGEST_IN_TRAIL = 200


class RecordChanged(Exception):
    """Somebody saved the record since it was opened; nothing was written. `by` and `at` tell who and when."""

    def __init__(self, activity: Activity) -> None:
        super().__init__(activity.pk)
        self.activity = activity
        last = entries_for(activity).filter(verb__in=("activity.create", "activity.change")).first()
        self.by: str = last.actor_name if last else ""
        self.at: datetime = last.at if last else activity.changed_at


class RecordClosed(Exception):
    """The record is no longer open for writing: handed in, accepted or discarded meanwhile."""

    def __init__(self, activity: Activity) -> None:
        super().__init__(activity.pk)
        self.activity = activity


@transaction.atomic
def save_draft(
    *,
    organisation: Organisation,
    content: Content,
    by: User,
    activity: Activity | None = None,
    version: int | None = None,
    entry_key: UUID | None = None,
) -> Activity:
    """Write `content` into a new record of `organisation`, or into `activity` if nobody wrote on it since `version`.

    Who was expected, for which branch and with a vote, is taken from the roster of the day held, never from the form.

    Raises:
        RecordChanged: somebody else saved meanwhile.
        RecordClosed: the record may no longer be written.
        ValueError: the content has no day; there is no record without one.
    """
    if content.held_on is None:
        raise ValueError("A record needs the day it was held.")
    if activity is None:
        before: Content | None = None
        activity = Activity(
            organisation=organisation, entered_on=business_date(), entered_by=by, entry_key=entry_key, version=0
        )
    else:
        activity = open_record(activity)
        before = content_of(activity)
    kinds = list(ActivityKind.objects.filter(code__in=content.kinds))
    sheet = sheet_of(organisation, content, kinds)
    content = with_talkers(content, sheet.open_ids)
    if before and not differing(before, content) and _expected(activity) == _expected(sheet, content):
        return activity
    if before and not activity.written_version <= (version or 0) <= activity.version:
        raise RecordChanged(activity)
    for name in PLAIN:
        setattr(activity, name, getattr(content, name))
    activity.version += 1
    activity.written_version = activity.version
    activity.save()
    activity.writers.add(by)
    activity.kinds.set(kinds)
    activity.taking_part.set([organisation.pk, *content.taking_part])
    activity.people_from.set(content.people_from)
    _write_marks(activity, content, sheet)
    _write_parts(activity, content)
    write_blocks(activity, content, {block for kind in kinds for block in kind.blocks})
    record(
        verb="activity.change" if before else "activity.create",
        target=activity,
        by=by,
        organisation=organisation,
        changes=_changes(before or Content(), content, {seat.person_id: seat.name for seat in sheet.all_seats}),
        needs=needs_of(activity),
    )
    return activity


@transaction.atomic
def discard(*, activity: Activity, by: User) -> None:
    """Put a draft away; it is kept, out of every list.

    Raises:
        RecordClosed: it is not a draft any more.
    """
    activity = open_record(activity)
    if activity.state != State.DRAFT:
        raise RecordClosed(activity)
    needs = needs_of(activity)
    activity.state = State.DISCARDED
    activity.version += 1
    activity.save(update_fields=["state", "version", "changed_at"])
    record(verb="activity.discard", target=activity, by=by, organisation=activity.organisation_id, needs=needs)


def open_record(activity: Activity) -> Activity:
    """The record as it is now, held until the transaction ends.

    Raises:
        RecordClosed: it may not be written any more.
    """
    locked = Activity.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=activity.pk)
    if locked.state not in EDITABLE:
        raise RecordClosed(locked)
    return locked


def needs_of(activity: Activity) -> str:
    """What readers of the trail must hold: a draft is nobody's business but that of those who write it."""
    return Permission.DRAFT if activity.state == State.DRAFT else ""


def _expected(source: Activity | Sheet, content: Content | None = None) -> set[int]:
    if isinstance(source, Sheet):
        recorded = {mark.person_id for mark in (content or Content()).marks if mark.presence != Presence.UNRECORDED}
        named = {seat.person_id for seat in source.open_seats} & recorded
        return {seat.person_id for seat in source.seats} | named
    return set(source.attendances.filter(is_expected=True).values_list("person_id", flat=True))


def _write_marks(activity: Activity, content: Content, sheet: Sheet) -> None:
    """One row for everybody expected and for others who came or were named; standing rows keep what links to them."""
    marks = {mark.person_id: mark for mark in content.marks}
    standing = {row.person_id: row for row in activity.attendances.all()}
    wanted: list[Attendance] = []
    for seat in sheet.all_seats:
        mark = marks.get(seat.person_id)
        presence = mark.presence if mark else Presence.UNRECORDED
        if (seat.is_open or not seat.is_expected) and presence == Presence.UNRECORDED:
            continue
        row = standing.get(seat.person_id) or Attendance(activity=activity, person_id=seat.person_id)
        row.branch_id, row.has_vote, row.is_expected = seat.branch_id, seat.has_vote, seat.is_expected
        row.presence = presence
        row.reason = mark.reason if mark and presence in (Presence.LEAVE, Presence.ABSENT) else ""
        wanted.append(row)
    kept = [row for row in wanted if row.pk]
    activity.attendances.exclude(pk__in=[row.pk for row in kept]).delete()
    Attendance.objects.bulk_update(kept, ["branch_id", "has_vote", "is_expected", "presence", "reason"])
    Attendance.objects.bulk_create([row for row in wanted if not row.pk])


def _write_parts(activity: Activity, content: Content) -> None:
    activity.guests.all().delete()
    activity.agenda.all().delete()
    activity.lectures.all().delete()
    Guest.objects.bulk_create(
        [Guest(activity=activity, name=guest.name, title=guest.title) for guest in content.guests]
    )
    AgendaItem.objects.bulk_create(
        [AgendaItem(activity=activity, position=number, **vars(item)) for number, item in enumerate(content.agenda, 1)]
    )
    for number, entry in enumerate(content.lectures, 1):
        lecture = Lecture.objects.create(
            activity=activity,
            position=number,
            topic=entry.topic,
            method=entry.method,
            duration=entry.duration,
            other_lecturers=entry.other_lecturers,
        )
        lecture.lecturers.set(entry.lecturer_ids)


def _changes(before: Content, after: Content, names: Mapping[int, str]) -> dict[str, tuple[Any, Any]]:
    """The changed fields as the trail shows them; attendance person by person, long texts cut."""
    changes: dict[str, tuple[Any, Any]] = {}
    for name in differing(before, after):
        if name == "marks":
            changes |= _changed_marks(before, after, names)
        elif name in LABELS:
            people = dict(Person.objects.filter(pk__in=people_in(before) | people_in(after)).values_list("pk", "name"))
            changes[name] = (_short(words_of(before, name, people)), _short(words_of(after, name, people)))
        elif name == "taking_part":
            codes = dict(
                Organisation.objects.filter(pk__in=before.taking_part + after.taking_part).values_list("pk", "code")
            )
            changes[name] = ([codes[pk] for pk in before.taking_part], [codes[pk] for pk in after.taking_part])
        else:
            changes[name.removesuffix("_id")] = (_short(getattr(before, name)), _short(getattr(after, name)))
    return changes


def _changed_marks(before: Content, after: Content, names: Mapping[int, str]) -> dict[str, tuple[Any, Any]]:
    old = {mark.person_id: mark for mark in before.marks}
    new = {mark.person_id: mark for mark in after.marks}
    changed = [pk for pk in {**old, **new} if old.get(pk) != new.get(pk)]
    return {f"attendance.{names.get(pk, pk)}": (_spoken(old.get(pk)), _spoken(new.get(pk))) for pk in changed}


def _spoken(mark: Any) -> str | None:
    if mark is None or mark.presence == Presence.UNRECORDED:
        return None
    label = str(Presence(mark.presence).label)
    return _("%(presence)s: %(reason)s") % {"presence": label, "reason": mark.reason} if mark.reason else label


def _short(value: Any) -> Any:
    if isinstance(value, str) and len(value) > LONGEST_IN_TRAIL:
        return f"{value[:LONGEST_IN_TRAIL]}…"
    if isinstance(value, tuple):
        return [_short(vars(row)) if hasattr(row, "__dataclass_fields__") else row for row in value]
    if isinstance(value, dict):
        return {name: _short(part) for name, part in value.items() if part not in (None, "", False, ())}
    return value
