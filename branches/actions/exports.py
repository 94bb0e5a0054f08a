"""What is taken out of the system goes on record."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from branches.models import Batch, Organisation, User
from foundation.actions.audit import record

_VERBS = {
    Batch.Subject.MEMBERS: "roster.export",
    Batch.Subject.ORGANISATIONS: "organisation.export",
    Batch.Subject.ACCOUNTS: "account.export",
}


@transaction.atomic
def note_export(*, organisation: Organisation, subject: str, day: date, purpose: str, by: User) -> None:
    """Put on record who takes a table out, and what for."""
    record(
        verb=_VERBS[Batch.Subject(subject)],
        target=organisation,
        by=by,
        organisation=organisation,
        changes={"on": ["", day.isoformat()]},
        reason=purpose,
    )


@transaction.atomic
def note_passwords(*, batch: Batch, number: int, by: User) -> None:
    """Put on record who takes out the one-time passwords of the accounts an import opened."""
    record(
        verb="account.fetch_passwords",
        target=batch,
        by=by,
        organisation=batch.organisation_id,
        changes={"accounts": ["", number]},
    )
