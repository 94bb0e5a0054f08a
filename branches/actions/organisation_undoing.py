"""Undoes what a table of organisations did, chunk by chunk, each one transaction under the tree's lock: see
`undoing`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from branches.actions import organisations as acts
from branches.actions.tree import lock_to_end, tree_lock
from branches.actions.tree_growth import remove_many
from branches.actions.undoing import reasons_to_keep, settle
from branches.models import Batch, BatchEffect, Organisation, OrganisationName, Placement
from foundation.actions.audit import Entry, record_many

CHUNK = 500
CODE_LENGTH = 40
NAMES = ("name", "short_name")


def undo_chunk(batch: Batch) -> int:
    """Undo the next effects of the batch; returns how many were settled, 0 when all have their outcome.

    What was changed since, or has records, is kept whatever anybody decides: they would belong to nothing.
    """
    with tree_lock():
        Batch.objects.select_for_update().get(pk=batch.pk)
        waiting = BatchEffect.objects.filter(batch=batch, outcome="")
        # What was founded last stands lowest and goes first.
        effects = list(waiting.order_by("-pk")[:CHUNK])
        if not effects:
            return 0
        # Whoever enters a record of one of these this moment comes first, and the record is seen.
        lock_to_end([effect.organisation_id for effect in effects if effect.is_new and effect.organisation_id])
        kept = reasons_to_keep(batch, effects)
        undone = [effect for effect in effects if effect.pk not in kept]
        organisations = Organisation.objects.select_related("parent").in_bulk(
            [effect.organisation_id for effect in undone if effect.organisation_id]
        )
        _withdraw([organisations[effect.organisation_id or 0] for effect in undone if effect.is_new], batch)
        for effect in undone:
            if not effect.is_new:
                _give_back(organisations[effect.organisation_id or 0], json.loads(effect.details), batch)
        settle(kept, [effect.pk for effect in undone])
    return len(effects)


def _withdraw(organisations: Sequence[Organisation], batch: Batch) -> None:
    """They never were: out of the tree, their codes free again. The entry is shown where they stood."""
    entries = [
        Entry(
            verb="organisation.withdraw",
            target=organisation,
            organisation=batch.organisation_id,
            changes={"name": (organisation.name, ""), "parent": (str(organisation.parent), "")},
        )
        for organisation in organisations
    ]
    remove_many(organisations)
    for organisation in organisations:
        suffix = f"~{organisation.pk}"
        organisation.code = organisation.code[: CODE_LENGTH - len(suffix)] + suffix
        organisation.is_void = True
    Organisation.objects.bulk_update(organisations, ["code", "is_void"], batch_size=CHUNK)
    for dated in (Placement, OrganisationName):
        dated.objects.filter(organisation__in=[organisation.pk for organisation in organisations]).update(is_void=True)
    record_many(entries, by=batch.undone_by)


def _give_back(organisation: Organisation, details: dict[str, Any], batch: Batch) -> None:
    """The former name as if it had never changed, and what was corrected."""
    before: dict[str, Any] = details["before"]
    if before.keys() & set(NAMES):
        names = {key: before.get(key, getattr(organisation, key)) for key in NAMES}
        acts.take_back_renaming(organisation=organisation, on=batch.as_of, by=batch.undone_by, **names)
    others = {key: value for key, value in before.items() if key not in NAMES}
    acts.correct(organisation=organisation, values=others, by=batch.undone_by)
