"""Who is on record in the branches of a roster and absent from it."""

from __future__ import annotations

import json

from django.db.models import Q, QuerySet

from branches.models import Batch, BatchEffect, BatchRow, Membership, Organisation, Person
from foundation.clock import business_date

# With more refused rows than this the list says little anyway.
_MOST_NAMES = 2000


def leavers_of(batch: Batch) -> QuerySet[Membership]:
    """Members of the branches a roster lists who are not in it, by branch: perhaps they have left. 2 queries.

    Whoever the import itself has added is in the file, though the plan did not know the record yet.
    Somebody of the name of a refused row is no leaver: that row may be about them. Nor is who has left since.
    """
    rows = BatchRow.objects.filter(batch=batch)
    entered = BatchEffect.objects.filter(batch=batch, person__isnull=False).values("person")
    listed = rows.filter(person__isnull=False).values("person")
    merged = Person.objects.filter(Q(pk__in=listed) | Q(pk__in=entered), merged_into__isnull=False)
    refused = rows.filter(action=BatchRow.Action.REFUSED, organisation__isnull=False).order_by("position")
    payloads = refused.values_list("payload", flat=True)[:_MOST_NAMES]
    names = {json.loads(payload).get("name", "") for payload in payloads if payload}
    covered = rows.filter(organisation__isnull=False).exclude(action=BatchRow.Action.REFUSED)
    return (
        Membership.objects.active_on(batch.as_of)
        .filter(pk__in=Membership.objects.active_on(business_date()).values("pk"))
        .filter(branch__in=covered.values("organisation"))
        .filter(branch__in=Organisation.objects.under(batch.organisation))
        .filter(person__is_void=False, person__merged_into__isnull=True)
        .exclude(person__in=listed)
        # Nor who has taken in the record a row is about.
        .exclude(person__in=merged.values("merged_into"))
        .exclude(person__in=entered)
        .exclude(person__name__in=names)
        .select_related("person", "branch")
        .order_by("branch__lft", "pk")
    )
