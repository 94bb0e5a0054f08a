"""Confirming what is required, at the end of setting up."""

from django.db import transaction

from branches.models import Organisation, User
from foundation.actions.audit import record


@transaction.atomic
def confirm_duties(*, organisation: Organisation, year: int, by: User) -> None:
    """Put on record that the rules in force were read and are to hold as they are."""
    changes = {"year": (None, year)}
    record(verb="duty_rule.confirm", target=organisation, by=by, organisation=organisation, changes=changes)
