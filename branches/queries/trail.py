"""The trail of one part of the tree, as people read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from branches.models import Appointment, Organisation, Person
from branches.queries.changes import Change, ChangeReader
from branches.rights import Access, Permission
from branches.rules.trail import act_label
from foundation.models import AuditEntry
from foundation.queries.audit import entries_under


@dataclass(frozen=True)
class TrailRow:
    entry: AuditEntry
    act: str
    organisation: Organisation | None
    changes: list[Change]


def trail_at(
    organisation: Organisation,
    access: Access,
    *,
    person: str = "",
    act: str = "",
    first: date | None = None,
    last: date | None = None,
) -> QuerySet[AuditEntry]:
    """Entries shown at or below `organisation`, newest first; `act` is the first part of a verb, days are local.

    What was done to a draft is shown only to those who may read the draft.
    """
    below = Organisation.objects.under(organisation).within(access, Permission.SEE_TRAIL)
    entries = entries_under(below.values("pk")).filter(_readable(access))
    if person:
        entries = entries.filter(actor_name__icontains=person)
    if act:
        entries = entries.filter(verb__startswith=f"{act}.")
    if first:
        entries = entries.filter(at__gte=_midnight(first))
    if last:
        entries = entries.filter(at__lt=_midnight(last + timedelta(days=1)))
    return entries


def trail_of(person: Person, access: Access) -> QuerySet[AuditEntry]:
    """What was done to one member and the member's posts, newest first, as far as `access` may see it."""
    posts = [str(pk) for pk in person.appointments.values_list("pk", flat=True)]
    about = Q(target_type=Person._meta.label_lower, target_id=str(person.pk)) | Q(
        target_type=Appointment._meta.label_lower, target_id__in=posts
    )
    seen = Organisation.objects.within(access, Permission.SEE_TRAIL)
    return entries_under(seen.values("pk")).filter(about).filter(_readable(access))


def trail_rows(entries: list[AuditEntry]) -> list[TrailRow]:
    """The lines of one page. 1 query, and one for every model its changes point to."""
    organisations = Organisation.objects.in_bulk({entry.organisation_id for entry in entries})
    reader = ChangeReader(entries)
    return [
        TrailRow(entry, act_label(entry.verb), organisations.get(entry.organisation_id), reader.changes(entry))
        for entry in entries
    ]


def _readable(access: Access) -> Q:
    """Entries that need nothing more than the trail, or a permission the user holds where they are shown."""
    readable = Q(needs="")
    for permission in Permission:
        if access.may_anywhere(permission):
            held = Organisation.objects.within(access, permission)
            readable |= Q(needs=permission, organisation_id__in=held.values("pk"))
    return readable


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
