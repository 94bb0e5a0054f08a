"""Giving branches their contact leaders, for a time."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from branches.actions.accounts import end_role, grant_role
from branches.models import Organisation, Role, RoleAssignment, User
from foundation.clock import business_date

LONGEST_AHEAD = timedelta(days=366)


@transaction.atomic
def assign(
    *, account: User, organisation: Organisation, starts_on: date, ends_on: date | None, by: User
) -> RoleAssignment:
    """Let `account` guide `organisation` from a day, perhaps to a day, both included.

    Raises:
        ValidationError: by field, a day that cannot be; or the account guides it in these days already.
    """
    today = business_date()
    if starts_on < organisation.founded_on:
        raise ValidationError(
            {
                "starts_on": _("The branch was founded on %(day)s; choose a later day.")
                % {"day": date_format(organisation.founded_on)}
            }
        )
    if starts_on > today + LONGEST_AHEAD:
        raise ValidationError({"starts_on": _("Choose a day within the next year.")})
    if ends_on is not None and ends_on < starts_on:
        raise ValidationError({"ends_on": _("This is before the first day.")})
    return grant_role(
        account=account,
        role=Role.CONTACT_LEADER,
        organisation=organisation,
        by=by,
        starts_on=starts_on,
        ends_on=ends_on,
    )


@transaction.atomic
def end(*, assignment: RoleAssignment, by: User, last_day: date | None = None) -> None:
    """End it with `last_day`, or at once with yesterday; it stays in the history. Twice is once.

    Raises:
        ValidationError: by field, a day that cannot be.
    """
    if last_day is not None and last_day > business_date() + LONGEST_AHEAD:
        raise ValidationError({"last_day": _("Choose a day within the next year.")})
    end_role(assignment=assignment, by=by, last_day=last_day)
