"""The yearly summary taken out of the system."""

from __future__ import annotations

from django.db import transaction

from branches.models import Organisation, User
from foundation.actions.audit import record


@transaction.atomic
def note_export(*, organisation: Organisation, year: int, by: User) -> None:
    """Put on record who takes the year's summary of an organisation, with the names behind it, out as a file."""
    record(
        verb="sheet.export_summary",
        target=organisation,
        by=by,
        organisation=organisation,
        changes={"year": (None, year)},
    )
