"""Writes a confirmed roster in chunks, each one transaction; a row that has its outcome is never written again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from branches.actions.leaving import leave
from branches.models import Batch, BatchEffect, BatchRow, Membership, MemberStatus, Person
from branches.queries.batches import chosen
from branches.queries.leaving import groups_left, offices_left, posts_left
from branches.rules.statuses import ENDED_BY_TRANSFER
from foundation.actions.audit import Entry, record_many
from foundation.encryption import blind_index

CHUNK = 500
Action, Outcome = BatchRow.Action, BatchRow.Outcome
_DATES = ("birth_date", "joined_on", "full_on")
_CODES = ("nation", "education")


@dataclass
class _Write:
    """One row with what is to be written: the person as it is to be, a membership that begins and the one before it."""

    row: BatchRow
    plan: Mapping[str, Any]
    person: Person
    before: dict[str, Any] = field(default_factory=dict)
    begins: Membership | None = None
    former: Membership | None = None

    @property
    def fields(self) -> Mapping[str, Any]:
        return self.plan.get("fields", {})


@transaction.atomic
def write_chunk(batch: Batch) -> int:
    """Write the next rows of the plan; returns how many were settled, 0 when all have their outcome.

    A row whose person or membership is no longer what the plan saw is not written but marked "changed".
    """
    # When one of two workers was taken for dead and is not, the other waits here, then finds the rows settled.
    Batch.objects.select_for_update().get(pk=batch.pk)
    rows = list(
        BatchRow.objects.filter(batch=batch, outcome="", action__in=BatchRow.WRITTEN_ACTIONS)
        .select_related("organisation")
        .order_by("position")[:CHUNK]
    )
    if not rows:
        return 0
    writes = _prepare(rows, batch.as_of)
    _write_people(writes)
    _write_memberships(writes, batch.as_of)
    left = _leave_former(writes, batch.as_of)
    _keep_effects(batch, writes)
    written = {write.row.pk for write in writes}
    BatchRow.objects.filter(pk__in=written).update(outcome=Outcome.WRITTEN)
    BatchRow.objects.filter(pk__in=[row.pk for row in rows if row.pk not in written]).update(outcome=Outcome.CHANGED)
    record_many([*(_entry(write) for write in writes), *left], by=batch.applied_by)
    return len(rows)


def _prepare(rows: list[BatchRow], as_of: date) -> list[_Write]:
    """The rows that still fit the records, with the people they are about; locks what will be written."""
    plans = {row.pk: chosen(row, json.loads(row.payload)) for row in rows}
    people = Person.objects.select_for_update().in_bulk([row.person_id for row in rows if row.person_id])
    memberships = {
        membership.person_id: membership
        for membership in Membership.objects.valid()
        .filter(person__in=people)
        .select_related("person")
        .order_by("starts_on", "pk")
    }
    numbers = {
        blind_index(number) for plan in plans.values() if (number := plan.get("fields", {}).get("identity_number"))
    }
    taken = set(Person.objects.filter(is_void=False, identity_hash__in=numbers).values_list("identity_hash", flat=True))
    writes = []
    for row in rows:
        plan = plans[row.pk]
        number = plan.get("fields", {}).get("identity_number")
        if number and blind_index(number) in taken:
            continue
        person = people.get(row.person_id) if row.person_id else Person()
        if person is None or (row.person_id and not _still_fits(row, person, memberships.get(person.pk), plan)):
            continue
        write = _Write(row, plan, person)
        _fill(write)
        _plan_membership(write, memberships.get(person.pk), as_of)
        writes.append(write)
    return writes


def _still_fits(row: BatchRow, person: Person, membership: Membership | None, plan: Mapping[str, Any]) -> bool:
    if person.is_void or person.merged_into_id is not None or person.version != row.person_version:
        return False
    return membership is not None and membership.pk == plan.get("membership")


def _fill(write: _Write) -> None:
    person = write.person
    for key, value in write.fields.items():
        attribute = f"{key}_id" if key in _CODES else key
        if person.pk:
            write.before[key] = _plain(getattr(person, attribute))
        setattr(person, attribute, date.fromisoformat(value) if key in _DATES else value)
    if write.fields.get("identity_number"):
        person.identity_hash = blind_index(write.fields["identity_number"])
    if write.fields.get("phone"):
        person.phone_hash = blind_index(write.fields["phone"])
    if person.pk:
        person.version += 1


def _plan_membership(write: _Write, membership: Membership | None, as_of: date) -> None:
    row = write.row
    if row.action == Action.CREATE:
        start_kind = Membership.Start.ENTERED
    elif row.action == Action.MOVE:
        start_kind = Membership.Start.TRANSFERRED
        # One that had ended before stays as it is, also when the import is undone.
        write.former = membership if membership is not None and membership.ends_on is None else None
    else:
        return
    assert row.organisation is not None
    write.begins = Membership(branch=row.organisation, starts_on=as_of, start_kind=start_kind)


def _write_people(writes: list[_Write]) -> None:
    Person.objects.bulk_create([write.person for write in writes if write.row.person_id is None])
    known = [write for write in writes if write.row.person_id is not None]
    if known:
        filled = {key for write in known for key in write.fields}
        hashes = {"identity_number": "identity_hash", "phone": "phone_hash"}
        columns = filled | {hashes[key] for key in filled & hashes.keys()} | {"version"}
        Person.objects.bulk_update([write.person for write in known], sorted(columns))


def _leave_former(writes: list[_Write], as_of: date) -> list[Entry]:
    """What was held in the branches people leave ends with the membership, as in a transfer."""
    moves = [
        (write.former, write.row.organisation)
        for write in writes
        if write.former is not None and write.row.organisation is not None
    ]
    if not moves:
        return []
    left = {former.person_id: (former, to) for former, to in moves}
    statuses = list(
        MemberStatus.objects.active_between(as_of, date.max).filter(person__in=left, kind__in=ENDED_BY_TRANSFER)
    )
    for row in (*groups_left(left, as_of), *offices_left(left, as_of), *posts_left(left, as_of), *statuses):
        left[row.person_id][0].ended_with.append(
            [row._meta.model_name, row.pk, row.ends_on and row.ends_on.isoformat()]
        )
    Membership.objects.bulk_update([former for former, _to in moves], ["ended_with"])
    for status in statuses:
        status.end_before(as_of)
    MemberStatus.objects.bulk_update(statuses, MemberStatus.END_FIELDS)
    return leave(moves=moves, on=as_of)


def _write_memberships(writes: list[_Write], as_of: date) -> None:
    ended = [write.former for write in writes if write.former is not None]
    for membership in ended:
        membership.ends_on, membership.end_kind = as_of - timedelta(days=1), Membership.End.TRANSFERRED
    if ended:
        Membership.objects.bulk_update(ended, ["ends_on", "end_kind"])
    begun = [write.begins for write in writes if write.begins is not None]
    for write in writes:
        if write.begins is not None:
            write.begins.person = write.person
    Membership.objects.bulk_create(begun)


def _keep_effects(batch: Batch, writes: list[_Write]) -> None:
    """What was made and changed, so that the batch can be undone."""
    BatchEffect.objects.bulk_create(
        [
            BatchEffect(
                batch=batch,
                row=write.row,
                is_new=write.row.person_id is None,
                person=write.person,
                version=write.person.version,
                membership=write.begins,
                former=write.former,
                details=json.dumps({"before": write.before, "after": dict(write.fields)}, ensure_ascii=False)
                if write.before
                else "",
            )
            for write in writes
        ]
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _entry(write: _Write) -> Entry:
    """What the trail says: the same before and after, masked, that the preview showed."""
    row = write.row
    changes = {key: (before, after) for key, before, after in write.plan.get("changes", ())}
    if write.begins is not None:
        former = changes.get("branch", ("", ""))[0]
        changes |= {"branch": (former, str(row.organisation)), "starts_on": ("", str(write.begins.starts_on))}
    return Entry(
        verb=f"person.roster_{row.action}", target=write.person, organisation=row.organisation_id, changes=changes
    )
