"""Writes a confirmed roster in chunks, each one transaction; a row that has its outcome is never written again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from branches.actions.leaving import leave
from branches.models import Membership, Person, RosterBatch, RosterRow
from foundation.actions.audit import Entry, record_many
from foundation.encryption import blind_index

CHUNK = 500
WRITTEN, CHANGED = "written", "changed"
_DATES = ("birth_date", "joined_on", "full_on")
_CODES = ("nation", "education")


@dataclass
class _Write:
    """One row with what is to be written: the person as it is to be, a membership that begins and the one before it."""

    row: RosterRow
    person: Person
    begins: Membership | None = None
    former: Membership | None = None


@transaction.atomic
def write_chunk(*, batch: RosterBatch) -> int:
    """Write the next rows of the plan; returns how many were settled, 0 when all have their outcome.

    A row whose person or membership is no longer what the plan saw is not written but marked "changed".
    """
    # When one of two workers was taken for dead and is not, the other waits here, then finds the rows settled.
    RosterBatch.objects.select_for_update().get(pk=batch.pk)
    rows = list(
        RosterRow.objects.filter(batch=batch, outcome="")
        .exclude(action__in=[RosterRow.Action.REFUSED, RosterRow.Action.UNCHANGED])
        .select_related("branch")
        .order_by("sheet", "number")[:CHUNK]
    )
    if not rows:
        return 0
    writes = _prepare(rows, batch.as_of)
    for row in rows:
        row.outcome = CHANGED
    for write in writes:
        write.row.outcome = WRITTEN
    _write_people(writes)
    _write_memberships(writes, batch.as_of)
    RosterRow.objects.bulk_update(rows, ["outcome", "person"])
    left = _leave_former(writes, batch.as_of)
    record_many([*(_entry(write) for write in writes), *left], by=batch.applied_by)
    return len(rows)


def count_outcomes(*, batch: RosterBatch) -> tuple[int, int]:
    """(written, changed meanwhile)."""
    rows = RosterRow.objects.filter(batch=batch)
    return rows.filter(outcome=WRITTEN).count(), rows.filter(outcome=CHANGED).count()


def _prepare(rows: list[RosterRow], as_of: date) -> list[_Write]:
    """The rows that still fit the records, with the people they are about; locks what will be written."""
    plans = {row.pk: json.loads(row.values or "{}") for row in rows}
    people = Person.objects.select_for_update().in_bulk([row.person_id for row in rows if row.person_id])
    memberships = {
        membership.person_id: membership
        for membership in Membership.objects.valid()
        .filter(person__in=people)
        .select_related("person")
        .order_by("starts_on", "pk")
    }
    numbers = {blind_index(number) for plan in plans.values() if (number := plan["fields"].get("identity_number"))}
    taken = set(Person.objects.filter(is_void=False, identity_hash__in=numbers).values_list("identity_hash", flat=True))
    writes = []
    for row in rows:
        plan = plans[row.pk]
        number = plan["fields"].get("identity_number")
        if number and blind_index(number) in taken:
            continue
        person = people.get(row.person_id) if row.person_id else Person()
        if person is None or (row.person_id and not _still_fits(row, person, memberships.get(person.pk), plan)):
            continue
        _fill(person, plan["fields"])
        writes.append(_with_membership(_Write(row, person), memberships.get(person.pk), as_of))
    return writes


def _still_fits(row: RosterRow, person: Person, membership: Membership | None, plan: Mapping[str, Any]) -> bool:
    if person.is_void or person.merged_into_id is not None or person.version != row.person_version:
        return False
    return membership is not None and membership.pk == plan["membership"]


def _fill(person: Person, fields: Mapping[str, Any]) -> None:
    for key, value in fields.items():
        if key in _DATES:
            value = date.fromisoformat(value)
        setattr(person, f"{key}_id" if key in _CODES else key, value)
    if fields.get("identity_number"):
        person.identity_hash = blind_index(fields["identity_number"])
    if fields.get("phone"):
        person.phone_hash = blind_index(fields["phone"])
    if person.pk:
        person.version += 1


def _with_membership(write: _Write, membership: Membership | None, as_of: date) -> _Write:
    row = write.row
    if row.action == RosterRow.Action.CREATE:
        start_kind = Membership.Start.ENTERED
    elif row.action == RosterRow.Action.MOVE:
        start_kind = Membership.Start.TRANSFERRED
        write.former = membership
    else:
        return write
    assert row.branch is not None
    write.begins = Membership(branch=row.branch, starts_on=as_of, start_kind=start_kind)
    return write


def _write_people(writes: list[_Write]) -> None:
    new = [write for write in writes if write.row.person_id is None]
    known = [write for write in writes if write.row.person_id is not None]
    Person.objects.bulk_create([write.person for write in new])
    for write in new:
        write.row.person = write.person
    if known:
        filled = {key for write in known for key in json.loads(write.row.values)["fields"]}
        hashes = {"identity_number": "identity_hash", "phone": "phone_hash"}
        columns = filled | {hashes[key] for key in filled & hashes.keys()} | {"version"}
        Person.objects.bulk_update([write.person for write in known], sorted(columns))


def _leave_former(writes: list[_Write], as_of: date) -> list[Entry]:
    """Party groups, offices and posts of the branches people leave end with the membership."""
    moves = [
        (write.former, write.row.branch)
        for write in writes
        if write.former is not None and write.row.branch is not None
    ]
    return leave(moves=moves, on=as_of) if moves else []


def _write_memberships(writes: list[_Write], as_of: date) -> None:
    ended = [write.former for write in writes if write.former is not None and write.former.ends_on is None]
    for membership in ended:
        membership.ends_on, membership.end_kind = as_of - timedelta(days=1), Membership.End.TRANSFERRED
    if ended:
        Membership.objects.bulk_update(ended, ["ends_on", "end_kind"])
    begun = [write.begins for write in writes if write.begins is not None]
    for write in writes:
        if write.begins is not None:
            write.begins.person = write.person
    Membership.objects.bulk_create(begun)


def _entry(write: _Write) -> Entry:
    """What the trail says: the same before and after, masked, that the preview showed."""
    row = write.row
    changes = {key: (before, after) for key, before, after in json.loads(row.changes)}
    if write.begins is not None:
        former = changes.get("branch", ("", ""))[0]
        changes |= {"branch": (former, str(row.branch)), "starts_on": ("", str(write.begins.starts_on))}
    return Entry(verb=f"person.roster_{row.action}", target=write.person, organisation=row.branch_id, changes=changes)
