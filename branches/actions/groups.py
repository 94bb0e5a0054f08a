"""Party groups of a branch and who is in them."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from branches.models import GroupMembership, Organisation, PartyGroup, Person, User
from foundation.actions.audit import record


@transaction.atomic
def form_group(*, branch: Organisation, name: str, on: date, by: User) -> PartyGroup:
    """Form a party group inside a branch from a day on.

    Raises:
        ValidationError: a group of that name stands already.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=branch.pk)
    if branch.groups.active_on(on).filter(name=name).exists():
        raise ValidationError({"name": _("The branch already has a group of this name.")})
    position = branch.groups.count() + 1
    group = PartyGroup.objects.create(branch=branch, name=name, starts_on=on, position=position)
    record(
        verb="group.form",
        target=group,
        by=by,
        organisation=branch,
        changes={"name": ["", name], "starts_on": ["", on.isoformat()]},
    )
    return group


@transaction.atomic
def change_group(*, person: Person, branch: Organisation, group: PartyGroup | None, on: date, by: User) -> None:
    """Put a member into another party group of the branch from a day on (`None`: into no group).

    Raises:
        ValidationError: the member is in that group already, or entered the present one later than that day.
    """
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    current = (
        GroupMembership.objects.valid()
        .filter(person=person, group__branch=branch, ends_on__isnull=True)
        .select_related("group")
        .first()
    )
    if (current.group if current else None) == group:
        raise ValidationError({"group": _("%(name)s is there already.") % {"name": person.name}})
    if current is not None and current.starts_on > on:
        day = date_format(current.starts_on)
        raise ValidationError({"on": _("The present group holds from %(day)s; choose a later day.") % {"day": day}})
    if not person.memberships.active_on(on).filter(branch=branch).exists():
        raise ValidationError({"on": _("On this day the person was not yet a member of the branch.")})
    if current is not None:
        current.end_before(on)
        current.save(update_fields=current.END_FIELDS)
    if group is not None:
        GroupMembership.objects.create(person=person, group=group, starts_on=on)
    record(
        verb="group.change",
        target=person,
        by=by,
        organisation=branch,
        changes={"group": [str(current.group) if current else "", str(group or "")], "on": ["", on.isoformat()]},
    )
