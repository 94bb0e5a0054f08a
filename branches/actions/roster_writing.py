"""Writes a confirmed roster in chunks, each one transaction; a row that has its outcome is never written again."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from time import perf_counter
from typing import Any

from django.db import transaction

from branches.actions.leaving import leave
from branches.actions.pacing import Pace
from branches.actions.tree import keep_standing
from branches.models import Batch, BatchEffect, BatchRow, Membership, MemberStatus, Organisation, Person
from branches.queries.batches import chosen
from branches.queries.leaving import groups_left, offices_left, posts_left
from branches.queries.rosters import Held, held_memberships, hindrances, namesakes
from branches.rights import Access, Permission, access_of
from branches.rules.statuses import ENDED_BY_TRANSFER
from foundation.actions.audit import Entry, record_many
from foundation.actions.bulk import insert_many
from foundation.clock import business_date
from foundation.collecting import no_collecting
from foundation.encryption import blind_index

Action, Outcome = BatchRow.Action, BatchRow.Outcome
_DATES = ("birth_date", "joined_on", "full_on")
_CODES = ("nation", "education")
pace = Pace()


@dataclass
class _Write:
    """One row with what is to be written: the person as it is to be, a membership that begins and the one before it."""

    row: BatchRow
    plan: Mapping[str, Any]
    branch: Organisation | None
    person: Person
    came_from: int | None = None  # the branch of a member who moves
    before: dict[str, Any] = field(default_factory=dict)
    begins: Membership | None = None
    former: Membership | None = None

    @property
    def fields(self) -> Mapping[str, Any]:
        return self.plan.get("fields", {})


@dataclass
class _Records:
    """What the records say now of the people and branches of a chunk."""

    people: Mapping[int, Person]
    held: Mapping[int, Held]
    branches: Mapping[int, Organisation]  # as far as the importer keeps their members today
    taken: set[str]  # hashes of identity numbers
    twins: Collection[tuple[Any, ...]]


@no_collecting()
@transaction.atomic
def write_chunk(batch: Batch) -> int:
    """Write the next rows of the plan; returns how many were settled, 0 when all have their outcome.

    A row whose person, membership or branch is no longer what the plan saw, or no longer in reach of whoever confirmed
    it, is not written but marked "changed".
    """
    begun = perf_counter()
    # When one of two workers was taken for dead and is not, the other waits here, then finds the rows settled.
    Batch.objects.select_for_update().get(pk=batch.pk)
    rows = list(
        BatchRow.objects.filter(batch=batch, outcome="", action__in=BatchRow.WRITTEN_ACTIONS).order_by("position")[
            : pace.size
        ]
    )
    if not rows:
        return 0
    writes = _prepare(rows, batch.as_of, access_of(batch.applied_by))
    _write_people(writes)
    left = _leave_former(writes, batch.as_of)
    _begin_memberships(writes, batch.as_of)
    _keep_effects(batch, writes)
    written = {write.row.pk for write in writes}
    BatchRow.objects.filter(pk__in=written).update(outcome=Outcome.WRITTEN)
    BatchRow.objects.filter(pk__in=[row.pk for row in rows if row.pk not in written]).update(outcome=Outcome.CHANGED)
    record_many([*(entry for write in writes for entry in _entries(write)), *left], by=batch.applied_by)
    pace.note(len(rows), perf_counter() - begun)
    return len(rows)


def _prepare(rows: Sequence[BatchRow], as_of: date, access: Access) -> list[_Write]:
    """The rows that still fit the records, with the people they are about; locks what will be written."""
    plans = {row.pk: chosen(row, json.loads(row.payload)) for row in rows}
    records = _look(rows, plans, access)
    writes = []
    for row in rows:
        plan = plans[row.pk]
        if not (_is_new(row, plan, records, as_of) if row.person_id is None else _still_fits(row, plan, records)):
            continue
        write = _Write(
            row,
            plan,
            records.branches.get(row.organisation_id or 0),
            records.people.get(row.person_id or 0) or Person(),
            records.held[row.person_id or 0].branch_id if row.action == Action.MOVE else None,
        )
        _fill(write)
        if write.person.identity_hash:
            records.taken.add(write.person.identity_hash)
        writes.append(write)
    return _without_hindered(writes, records, as_of)


def _look(rows: Sequence[BatchRow], plans: Mapping[int, Mapping[str, Any]], access: Access) -> _Records:
    keep_standing({row.organisation_id for row in rows if row.organisation_id is not None})
    ids = [row.person_id for row in rows if row.person_id is not None]
    people = {
        person.pk: person for person in Person.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    }
    hashes = {blind_index(number) for plan in plans.values() if (number := _number(plan))}
    taken = Person.objects.filter(is_void=False, identity_hash__in=hashes).values_list("identity_hash", flat=True)
    named = {
        (row.organisation_id, plans[row.pk]["fields"]["name"])
        for row in rows
        if row.organisation_id is not None and _is_told_apart_by_dates(row, plans[row.pk])
    }
    held = held_memberships(people, business_date()) if people else {}
    places = {row.organisation_id for row in rows} | {one.branch_id for one in held.values()}
    branches = Organisation.objects.filter(is_void=False).in_bulk(places)
    return _Records(
        people=people,
        held=held,
        branches={pk: branch for pk, branch in branches.items() if access.may(Permission.MANAGE_PEOPLE, branch)},
        taken={number for number in taken if number is not None},
        twins={
            (branch, name, _plain(person.birth_date), _plain(person.joined_on))
            for (branch, name), found in namesakes(named, business_date()).items()
            for person in found
        },
    )


def _is_told_apart_by_dates(row: BatchRow, plan: Mapping[str, Any]) -> bool:
    """Somebody new without a number of whom nobody has decided that it is another person of the same name."""
    return row.action == Action.CREATE and not row.decision and not _number(plan)


def _is_new(row: BatchRow, plan: Mapping[str, Any], records: _Records, as_of: date) -> bool:
    """Whether nobody has entered the person meanwhile."""
    fields, number = plan["fields"], _number(plan)
    if number and blind_index(number) in records.taken:
        return False
    told = (row.organisation_id, fields["name"], fields.get("birth_date"), fields.get("joined_on"))
    if _is_told_apart_by_dates(row, plan) and told in records.twins:
        return False
    return _takes_in(records.branches.get(row.organisation_id or 0), as_of)


def _still_fits(row: BatchRow, plan: Mapping[str, Any], records: _Records) -> bool:
    """Whether the person, and the membership, are what the plan saw, and both branches in reach."""
    person, held = records.people.get(row.person_id or 0), records.held.get(row.person_id or 0)
    if person is None or person.is_void or person.merged_into_id is not None or person.version != row.person_version:
        return False
    if held is None or held.pk != plan.get("membership"):
        return False
    if held.branch_id not in records.branches or row.organisation_id not in records.branches:
        return False
    number = _number(plan)
    return not (number and blind_index(number) in records.taken)


def _takes_in(branch: Organisation | None, as_of: date) -> bool:
    return branch is not None and branch.founded_on <= as_of and branch.ended_on is None


def _without_hindered(writes: list[_Write], records: _Records, as_of: date) -> list[_Write]:
    """Drop the moves that cannot be made any more; of the others, the membership that ends."""
    moves = {
        write.person.pk: (records.held[write.person.pk], write.branch)
        for write in writes
        if write.row.action == Action.MOVE
    }
    if not moves:
        return writes
    hindered = {pk for pk, (held, branch) in moves.items() if held.later is not None or not _takes_in(branch, as_of)}
    opened = {pk: move for pk, move in moves.items() if move[0].ends_on is None}
    hindered |= hindrances(opened, as_of).keys()
    # One that had ended before stays as it is, also when the import is undone.
    former = Membership.objects.select_related("person").in_bulk([held.pk for held, _branch in opened.values()])
    for write in writes:
        if write.person.pk in opened and write.person.pk not in hindered:
            write.former = former[records.held[write.person.pk].pk]
    return [write for write in writes if write.person.pk is None or write.person.pk not in hindered]


def _fill(write: _Write) -> None:
    person, fields = write.person, write.fields
    is_known = person.pk is not None
    for key, value in fields.items():
        attribute = f"{key}_id" if key in _CODES else key
        if is_known:
            write.before[key] = _plain(getattr(person, attribute))
        setattr(person, attribute, date.fromisoformat(value) if key in _DATES else value)
    if fields.get("identity_number"):
        person.identity_hash = blind_index(fields["identity_number"])
    if fields.get("phone"):
        person.phone_hash = blind_index(fields["phone"])
    if is_known:
        person.version += 1


def _write_people(writes: Sequence[_Write]) -> None:
    insert_many([write.person for write in writes if write.row.person_id is None])
    known = [write for write in writes if write.row.person_id is not None]
    if known:
        filled = {key for write in known for key in write.fields}
        hashes = {"identity_number": "identity_hash", "phone": "phone_hash"}
        columns = filled | {hashes[key] for key in filled & hashes.keys()} | {"version"}
        insert_many([write.person for write in known], updating=sorted(columns))


def _leave_former(writes: Sequence[_Write], as_of: date) -> list[Entry]:
    """End the memberships people leave, and what was held in those branches as in a transfer."""
    moves = [(write.former, write.branch) for write in writes if write.former is not None]
    if not moves:
        return []
    left = {former.person_id: (former, to) for former, to in moves}
    statuses = list(
        MemberStatus.objects.active_between(as_of, date.max).filter(person__in=left, kind__in=ENDED_BY_TRANSFER)
    )
    Membership.objects.filter(pk__in=[former.pk for former, _to in moves]).update(
        ends_on=as_of - timedelta(days=1), end_kind=Membership.End.TRANSFERRED, ended_with=[]
    )
    ended: dict[int, Membership] = {}
    for former, _to in moves:
        former.ended_with = []
    held: list[Any] = [*groups_left(left, as_of), *offices_left(left, as_of), *posts_left(left, as_of), *statuses]
    for row in held:
        former = left[row.person_id][0]
        former.ended_with.append([row._meta.model_name, row.pk, row.ends_on and row.ends_on.isoformat()])
        ended[former.pk] = former
    Membership.objects.bulk_update(ended.values(), ["ended_with"])
    for status in statuses:
        status.end_before(as_of)
    MemberStatus.objects.bulk_update(statuses, MemberStatus.END_FIELDS)
    return leave(moves=moves, on=as_of)


def _begin_memberships(writes: Sequence[_Write], as_of: date) -> None:
    for write in writes:
        if write.row.action == Action.UPDATE or write.branch is None:
            continue
        is_move = write.row.action == Action.MOVE
        write.begins = Membership(
            person_id=write.person.pk,
            branch_id=write.branch.pk,
            starts_on=as_of,
            start_kind=Membership.Start.TRANSFERRED if is_move else Membership.Start.ENTERED,
        )
    insert_many([write.begins for write in writes if write.begins is not None])


def _keep_effects(batch: Batch, writes: Sequence[_Write]) -> None:
    """What was made and changed, so that the batch can be undone."""
    insert_many(
        [
            BatchEffect(
                batch_id=batch.pk,
                row_id=write.row.pk,
                is_new=write.row.person_id is None,
                person_id=write.person.pk,
                version=write.person.version,
                membership_id=write.begins.pk if write.begins else None,
                former_id=write.former.pk if write.former else None,
                details=json.dumps({"before": write.before, "after": dict(write.fields)}, ensure_ascii=False)
                if write.before
                else "",
            )
            for write in writes
        ]
    )


def _number(plan: Mapping[str, Any]) -> str:
    return str(plan.get("fields", {}).get("identity_number", ""))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _entries(write: _Write) -> list[Entry]:
    """What the trail says: the same before and after, masked, that the preview showed.

    Of somebody who moves, what was before is told where that person was, what is now where that person is.
    """
    row = write.row
    changes = {key: (before, after) for key, before, after in write.plan.get("changes", ())}
    left = []
    if write.came_from is not None:
        told = {key: (before, "") for key, (before, _after) in changes.items() if before}
        if write.former is not None:
            told["ends_on"] = ("", str(write.begins.starts_on - timedelta(days=1)) if write.begins else "")
        left = [Entry(verb="person.roster_leave", target=write.person, organisation=write.came_from, changes=told)]
        changes = {key: ("", after) for key, (_before, after) in changes.items()}
    if write.begins is not None:
        changes |= {"branch": ("", str(write.branch)), "starts_on": ("", str(write.begins.starts_on))}
    verb = f"person.roster_{row.action}"
    return [Entry(verb=verb, target=write.person, organisation=row.organisation_id, changes=changes), *left]
