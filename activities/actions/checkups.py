"""Recording a monthly check together with the problems found at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from activities.actions.findings import Content, raise_finding
from activities.models import Activity, Check
from activities.queries.findings import Origin
from activities.rules.findings import FindingSource
from branches.models import Organisation, User
from foundation.actions.audit import record
from foundation.clock import business_date


@dataclass(frozen=True, kw_only=True)
class Checkup:
    """What was looked at on a day, with the records read and what else there is to say."""

    on: date
    looked_at: str
    remarks: str = ""
    activities: Sequence[Activity] = field(default=())


@transaction.atomic
def record_check(
    *,
    checked: Organisation,
    organisation: int,
    checkup: Checkup,
    problems: Sequence[Content] = (),
    by: User,
    entry_key: UUID | None = None,
) -> Check:
    """Record a check at `checked` by the organisation numbered `organisation`; each problem becomes a finding.

    The same `entry_key` again finds the first entry.

    Raises:
        ValidationError: by field, what is wrong with the day or with one of the problems.
    """
    checked = Organisation.objects.select_for_update(no_key=True).get(pk=checked.pk)
    known = Check.objects.filter(organisation=organisation, entry_key=entry_key).first() if entry_key else None
    if known is not None:
        return known
    check(checked=checked, on=checkup.on, today=business_date())
    made = Check.objects.create(
        organisation_id=organisation,
        checked=checked,
        on=checkup.on,
        looked_at=checkup.looked_at,
        remarks=checkup.remarks,
        by=by,
        entered_on=business_date(),
        entry_key=entry_key,
    )
    made.activities.set(checkup.activities)
    changes = {"on": checkup.on, "looked_at": checkup.looked_at, "activity": len(checkup.activities)}
    record(
        verb="check.record",
        target=made,
        by=by,
        organisation=checked,
        changes={name: (None, value) for name, value in changes.items() if value},
    )
    origin = Origin(source=FindingSource.CHECK, check=made)
    for content in problems:
        raise_finding(organisation=checked, raised_by=organisation, origin=origin, content=content, by=by)
    return made


def check(*, checked: Organisation, on: date, today: date) -> None:
    """Hold the day to the rules.

    Raises:
        ValidationError: it has not come yet, or the organisation did not stand on it.
    """
    if on > today:
        raise ValidationError({"on": _("This day has not come yet.")})
    if not checked.existed_on(on):
        raise ValidationError(
            {"on": _("%(organisation)s did not exist on this day.") % {"organisation": checked.short_name}}
        )
