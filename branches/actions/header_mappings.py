"""Somebody says which column of a table holds what: for the import at hand, and for later files of the same shape."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from branches.actions.batches import State, start, turn
from branches.models import Batch, HeaderMapping, User
from branches.rules.layouts import Layout, columns_of
from foundation.actions.audit import record

# A file without a header is mended by pointing it out; other damage is not.
NO_HEADER = ("no_header", "no_table_header")


@transaction.atomic
def choose_columns(*, batch: Batch, layouts: Sequence[Layout], by: User) -> Batch:
    """Plan an import anew with the columns somebody chose, and remember them at the top of its tree.

    Args:
        batch: it waits for its columns or for the confirmation, or failed because no header was found.
        layouts: every sheet of the file.

    Raises:
        ValidationError: the columns cannot be right, or the import is past the stage where they could be chosen.
    """
    batch = Batch.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=batch.pk)
    if not may_choose_columns(batch):
        raise ValidationError(
            _("The columns of this import can no longer be chosen. Reload the page to see where it stands.")
        )
    _check(batch, layouts)
    chosen = [replace(layout, is_remembered=False).as_json() for layout in layouts]
    turn(batch, batch.state, State.PLANNING, layouts=chosen, problem="", plan_version=batch.plan_version + 1)
    top = batch.organisation.get_root()
    for layout in layouts:
        if layout.is_used and any(layout.headings):
            HeaderMapping.objects.update_or_create(
                organisation=top,
                subject=batch.subject,
                shape=layout.shape,
                defaults={"columns": dict(layout.columns), "changed_by": by},
            )
    start(batch, by)
    used = ", ".join(layout.sheet for layout in layouts if layout.is_used)
    record(
        verb="batch.columns", target=batch, by=by, organisation=batch.organisation_id, changes={"sheets": ["", used]}
    )
    return batch


def may_choose_columns(batch: Batch) -> bool:
    """Whether the columns of an import can (still) be chosen."""
    if batch.file_id is None or batch.purged_at is not None:
        return False
    if batch.state == State.FAILED:
        return bool(batch.problem) and json.loads(batch.problem)["code"] in NO_HEADER
    return batch.state in (State.MAPPING, State.PLANNED)


def _check(batch: Batch, layouts: Sequence[Layout]) -> None:
    fields = {column.key for column in columns_of(batch.subject)}
    used = [layout for layout in layouts if layout.is_used]
    if not used:
        raise ValidationError(_("Every sheet is left out. Keep at least the one that has the table."))
    for layout in used:
        places = list(layout.columns.values())
        if "name" not in layout.columns:
            raise ValidationError(
                _("“%(sheet)s”: choose the column of the name, or leave the sheet out.") % {"sheet": layout.sheet}
            )
        if not layout.columns.keys() <= fields or not all(0 <= at < len(layout.headings) for at in places):
            raise ValidationError(_("“%(sheet)s” has no such column.") % {"sheet": layout.sheet})
        if len(set(places)) < len(places):
            raise ValidationError(_("“%(sheet)s”: the same column is chosen for two things.") % {"sheet": layout.sheet})
