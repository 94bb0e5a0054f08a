"""What is still open in the records when a secretary leaves."""

from __future__ import annotations

from activities.models import Activity
from activities.rules.activities import State
from branches.models import Organisation
from branches.rights import Access

LISTED = 30


def open_records(organisation: Organisation, access: Access) -> list[Activity]:
    """The organisation's drafts and returned records, as far as the user may read them. 2 queries."""
    return list(
        Activity.objects.within(access)
        .filter(organisation=organisation, state__in=[State.DRAFT, State.RETURNED])
        .order_by("held_on", "pk")[:LISTED]
    )
