"""Confirming what is required, at the end of setting up."""

from django.db import transaction

from branches.models import Organisation, User
from foundation.actions.audit import record
from foundation.models import AuditEntry


@transaction.atomic
def confirm_duties(*, organisation: Organisation, year: int, by: User) -> None:
    """Put on record that the rules in force were read and are to hold as they are. Twice is once."""
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    verb = "duty_rule.confirm"
    if AuditEntry.objects.filter(verb=verb, organisation_id=organisation.pk).exists():
        return
    changes = {"year": (None, year)}
    record(verb=verb, target=organisation, by=by, organisation=organisation, changes=changes)
