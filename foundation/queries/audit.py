from collections.abc import Iterable

from django.db.models import Model, QuerySet

from foundation.models import AuditEntry


def entries_for(target: Model) -> QuerySet[AuditEntry]:
    """What was done to one object, newest first."""
    return AuditEntry.objects.filter(target_type=target._meta.label_lower, target_id=str(target.pk))


def entries_under(organisation_ids: Iterable[int] | QuerySet) -> QuerySet[AuditEntry]:
    """What is shown at any of the organisations, newest first; the caller has checked the reach."""
    return AuditEntry.objects.filter(organisation_id__in=organisation_ids)
