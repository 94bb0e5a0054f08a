"""Writes a confirmed table of organisations in chunks, each one transaction under the tree's lock that leaves a sound
tree behind; a row that has its outcome is never written again."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from branches.actions import organisations as acts
from branches.actions.tree import tree_lock
from branches.actions.tree_growth import insert_many
from branches.models import Batch, BatchEffect, BatchRow, Organisation, OrganisationName, Placement
from branches.queries.batches import chosen
from branches.queries.organisation_tables import names_beside, taken_codes
from branches.rules.organisations import may_stand_under
from foundation.actions.audit import Entry, record_many
from foundation.actions.bulk import insert_rows
from foundation.clock import business_date
from foundation.collecting import no_collecting

# On SQLite everybody who writes waits for a chunk, elsewhere only who changes the tree: half a second. A large chunk
# moves aside what stands further on in the tree less often, which takes as long however small the chunk is.
CHUNK = 1500
NAMES = ("name", "short_name")
Action, Outcome = BatchRow.Action, BatchRow.Outcome
Plans = Mapping[int, Mapping[str, Any]]


@dataclass
class _Standing:
    """What must still hold when a chunk is written: parents, codes and names as they are now."""

    parents: Mapping[int | str, Organisation]
    codes: set[str]
    names: set[tuple[int, str, str]] = field(default_factory=set)


def write_chunk(batch: Batch) -> int:
    """Write the next rows of the plan; returns how many were settled, 0 when all have their outcome.

    A row that no longer fits what stands now is not written but marked "changed", and so is what hangs on it.
    """
    with tree_lock(), no_collecting():
        # When one of two workers was taken for dead and is not, the other waits here, then finds the rows settled.
        Batch.objects.select_for_update().get(pk=batch.pk)
        waiting = BatchRow.objects.filter(batch=batch, outcome="", action__in=(Action.CREATE, Action.UPDATE))
        rows = list(waiting.order_by("position")[:CHUNK])
        if not rows:
            return 0
        plans = {row.pk: chosen(row, json.loads(row.payload)).get("fields", {}) for row in rows}
        written = _found(batch, [row for row in rows if row.action == Action.CREATE], plans)
        written |= _change(batch, [row for row in rows if row.action == Action.UPDATE], plans)
        _settle(batch, rows, written)
    return len(rows)


def _settle(batch: Batch, rows: list[BatchRow], written: Collection[int]) -> None:
    settled = BatchRow.objects.filter(batch=batch, outcome="", action__in=(Action.CREATE, Action.UPDATE))
    settled = settled.filter(position__range=(rows[0].position, rows[-1].position))
    settled.filter(pk__in=[row.pk for row in rows if row.pk not in written]).update(outcome=Outcome.CHANGED)
    settled.update(outcome=Outcome.WRITTEN)


def _found(batch: Batch, rows: list[BatchRow], plans: Plans) -> set[int]:
    standing = _look_up(batch, [plans[row.pk] for row in rows])
    top = Organisation.objects.get(pk=batch.organisation_id)
    today = business_date()
    found: dict[int, Organisation] = {}
    new: dict[str, Organisation] = {}
    for row in rows:
        fields = plans[row.pk]
        parent = new.get(fields["parent_code"]) if "parent_code" in fields else None
        parent = parent or standing.parents.get(fields.get("parent") or fields["parent_code"])
        organisation = _new(fields)
        if parent is None or not _fits(organisation, parent, top, standing, today):
            continue
        organisation.parent = parent
        found[row.pk] = new[organisation.code] = organisation
    insert_many(list(found.values()))
    _keep_dated(found.values())
    insert_rows(
        BatchEffect,
        [
            {"batch_id": batch.pk, "row_id": pk, "is_new": True, "organisation_id": node.pk}
            for pk, node in found.items()
        ],
    )
    record_many((_entry(organisation) for organisation in found.values()), by=batch.applied_by)
    return set(found)


def _look_up(batch: Batch, plans: list[Mapping[str, Any]]) -> _Standing:
    """The parents that stand already, by number, or by code where this import founded them."""
    codes = {fields["parent_code"] for fields in plans if "parent_code" in fields}
    effects = BatchEffect.objects.filter(batch=batch, is_new=True, organisation__code__in=codes)
    founded = Organisation.objects.filter(pk__in=effects.values("organisation"), is_void=False)
    parents: dict[int | str, Organisation] = {organisation.code: organisation for organisation in founded}
    parents |= Organisation.objects.in_bulk({fields["parent"] for fields in plans if "parent" in fields})
    standing = _Standing(parents, taken_codes([fields["code"] for fields in plans]))
    for parent_id, name, short_name, ended_on in names_beside({parent.pk for parent in parents.values()}):
        if ended_on is None:
            standing.names |= {(parent_id, "name", name.casefold()), (parent_id, "short_name", short_name.casefold())}
    return standing


def _new(fields: Mapping[str, Any]) -> Organisation:
    values = {key: value for key, value in fields.items() if key not in ("parent", "parent_code", "founded_on")}
    return Organisation(**values, founded_on=date.fromisoformat(fields["founded_on"]))


def _fits(
    organisation: Organisation, parent: Organisation, top: Organisation, standing: _Standing, today: date
) -> bool:
    """Whether what `organisations.found` asks for still holds; claims the name and code if so."""
    on = organisation.founded_on
    if organisation.code.casefold() in standing.codes or on > today:
        return False
    if parent.ended_on is not None or parent.founded_on > on or not may_stand_under(organisation.kind, parent.kind):
        return False
    if parent.pk is not None:
        if parent.tree_id != top.tree_id or not top.lft <= parent.lft < parent.rght <= top.rght:
            return False
        names = {(parent.pk, key, getattr(organisation, key).casefold()) for key in NAMES}
        if names & standing.names:
            return False
        standing.names |= names
    standing.codes.add(organisation.code.casefold())
    return True


def _keep_dated(organisations: Collection[Organisation]) -> None:
    """Where each one stands and what it is called, from its founding on."""
    since = [
        {
            "organisation_id": organisation.pk,
            "starts_on": organisation.founded_on,
            "document_number": organisation.founding_document,
        }
        for organisation in organisations
    ]
    both = list(zip(organisations, since, strict=True))
    insert_rows(Placement, [{**dated, "parent_id": node.parent_id} for node, dated in both])
    insert_rows(OrganisationName, [{**dated, "name": node.name, "short_name": node.short_name} for node, dated in both])


def _entry(organisation: Organisation) -> Entry:
    return Entry(
        verb="organisation.found",
        target=organisation,
        organisation=organisation.pk,
        changes={
            "name": ("", organisation.name),
            "parent": ("", str(organisation.parent)),
            "founded_on": ("", organisation.founded_on.isoformat()),
        },
    )


def _change(batch: Batch, rows: Collection[BatchRow], plans: Plans) -> set[int]:
    """Names by the dated act, the rest as corrections; few of a table's rows change anything."""
    written: dict[int, dict[str, Any]] = {}
    organisations = Organisation.objects.in_bulk([row.organisation_id for row in rows if row.organisation_id])
    for row in rows:
        organisation = organisations.get(row.organisation_id or 0)
        if organisation is None or organisation.ended_on is not None:
            continue
        fields = plans[row.pk]
        before = {key: getattr(organisation, key) for key in fields}
        try:
            _change_one(organisation, fields, batch)
        except ValidationError:
            continue
        written[row.pk] = {"before": before, "after": dict(fields)}
    by_pk = {row.pk: row for row in rows}
    BatchEffect.objects.bulk_create(
        [
            BatchEffect(
                batch=batch,
                row_id=pk,
                organisation_id=by_pk[pk].organisation_id,
                details=json.dumps(details, ensure_ascii=False),
            )
            for pk, details in written.items()
        ]
    )
    return set(written)


def _change_one(organisation: Organisation, fields: Mapping[str, Any], batch: Batch) -> None:
    if fields.keys() & NAMES:
        names = {key: fields.get(key, getattr(organisation, key)) for key in NAMES}
        acts.rename(organisation=organisation, on=batch.as_of, by=batch.applied_by, **names)
    acts.correct(
        organisation=organisation,
        values={key: value for key, value in fields.items() if key not in NAMES},
        by=batch.applied_by,
    )
