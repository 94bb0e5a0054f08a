"""Rows that hang on another row of the same file: what stands under an organisation it founds, further roles of an
account it opens. Without that row they cannot be written either."""

from __future__ import annotations

import json
from typing import Any

from branches.models import Batch, BatchRow
from branches.queries.batches import chosen
from branches.rules.decisions import SKIP
from foundation.actions.bulk import insert_many

Action, Subject = BatchRow.Action, Batch.Subject


def skip_hanging(batch: Batch) -> dict[int, BatchRow]:
    """Skip every row that hangs on a skipped one, directly or over others; call it under the batch's lock.

    Returns:
        By the position of each row skipped the row it hangs on.
    """
    if batch.subject == Subject.MEMBERS:
        return {}
    rows = BatchRow.objects.filter(batch=batch, proposed__in=BatchRow.WRITTEN_ACTIONS).order_by("position")
    if not rows.filter(decision=SKIP).exists():
        return {}
    left: dict[str, BatchRow] = {}
    hanging: dict[int, BatchRow] = {}
    skipped = []
    for row in rows.iterator(chunk_size=2000):  # what others hang on comes first
        fields = chosen(row, json.loads(row.payload or "{}")).get("fields", {})
        above = left.get(_needed(batch, row, fields))
        if above is not None and row.decision != SKIP:
            row.decision, row.action, row.is_warned = SKIP, Action.SKIP, False
            hanging[row.position] = above
            skipped.append(row)
        if row.decision == SKIP and row.proposed == Action.CREATE:
            left[str(fields["code" if batch.subject == Subject.ORGANISATIONS else "username"])] = row
    insert_many(skipped, updating=("decision", "action", "is_warned"))
    return hanging


def _needed(batch: Batch, row: BatchRow, fields: dict[str, Any]) -> str:
    """The code or user name of what another row has to make first; "" for none."""
    if batch.subject == Subject.ORGANISATIONS:
        return str(fields.get("parent_code", ""))
    return str(fields["username"]) if row.proposed == Action.UPDATE and "user" not in fields else ""
