"""Who asked by an import about somebody out of reach."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from branches.models import Batch, BatchRow, Person
from foundation.actions.audit import Entry, record_many


@transaction.atomic
def record_look_ups(*, batch: Batch, looked_up: Collection[tuple[BatchRow, Person, int | None]]) -> None:
    """Note that rows of a plan named people who belong out of the importer's reach.

    Where the import is, the trail tells of the import and the row, and not about whom; where the person belongs, who
    looked, and not in which file.

    Args:
        looked_up: each row with the person its number led to and the branch of that person, if there is one.
    """
    asked = [
        Entry(
            verb="person.looked_up", target=batch, organisation=batch.organisation_id, changes={"row": ("", str(row))}
        )
        for row, _person, _branch in looked_up
    ]
    about = [
        Entry(verb="person.looked_up", target=person, organisation=branch)
        for _row, person, branch in looked_up
        if branch is not None
    ]
    if asked:
        record_many([*asked, *about], by=batch.uploaded_by)
