"""The only writer of the tree."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from branches.actions.tree import tree_lock
from branches.models import Organisation, OrganisationName, Placement, User
from branches.rules.organisations import may_stand_under
from foundation.actions.audit import record


def found(
    *,
    code: str,
    kind: str,
    name: str,
    short_name: str,
    parent: Organisation | None,
    on: date,
    by: User | None,
    document_number: str = "",
    is_joint: bool = False,
    is_temporary: bool = False,
    is_retired: bool = False,
) -> Organisation:
    """Found an organisation on a day, as the last child of `parent` (`None`: the top of a new tree).

    Raises:
        ValidationError: the code is taken, the kind may not stand there, or the parent does not exist on that day.
    """
    with tree_lock():
        parent = _fresh(parent)
        _check_place(kind, parent, on)
        if Organisation.objects.filter(code__iexact=code).exists():
            raise ValidationError({"code": _("The code “%(code)s” is already taken.") % {"code": code}})
        organisation = Organisation(
            code=code,
            kind=kind,
            name=name,
            short_name=short_name,
            founded_on=on,
            founding_document=document_number,
            is_joint=is_joint,
            is_temporary=is_temporary,
            is_retired=is_retired,
        )
        organisation.insert_at(parent, position="last-child", save=True)
        Placement.objects.create(
            organisation=organisation, parent=parent, starts_on=on, document_number=document_number
        )
        OrganisationName.objects.create(
            organisation=organisation, name=name, short_name=short_name, starts_on=on, document_number=document_number
        )
        record(
            verb="organisation.found",
            target=organisation,
            by=by,
            organisation=organisation,
            changes={"name": ["", name], "parent": ["", str(parent or "")], "founded_on": ["", on.isoformat()]},
        )
    return organisation


def rename(
    *, organisation: Organisation, name: str, short_name: str, on: date, by: User | None, document_number: str = ""
) -> Organisation:
    """Give an organisation a new name from a day on; the old one stays in its history."""
    with tree_lock():
        organisation = Organisation.objects.get(pk=organisation.pk)
        before = {"name": organisation.name, "short_name": organisation.short_name}
        current = organisation.names.active_on(on).order_by("starts_on").last()
        _check_existing(organisation, on)
        if current is not None:
            current.end_before(on)
            current.save(update_fields=current.END_FIELDS)
        OrganisationName.objects.create(
            organisation=organisation, name=name, short_name=short_name, starts_on=on, document_number=document_number
        )
        organisation.name, organisation.short_name = name, short_name
        organisation.save(update_fields=["name", "short_name"])
        record(
            verb="organisation.rename",
            target=organisation,
            by=by,
            organisation=organisation,
            changes={key: [before[key], getattr(organisation, key)] for key in before},
        )
    return organisation


def move(
    *, organisation: Organisation, parent: Organisation | None, on: date, by: User | None, document_number: str = ""
) -> Organisation:
    """Place an organisation under another parent from a day on; past statistics keep the old placement.

    Raises:
        ValidationError: the kind may not stand there, or the new parent lies inside the organisation itself.
    """
    with tree_lock():
        organisation = Organisation.objects.get(pk=organisation.pk)
        parent = _fresh(parent)
        _check_existing(organisation, on)
        _check_place(organisation.kind, parent, on)
        if parent is not None and parent.is_descendant_of(organisation, include_self=True):
            raise ValidationError({"parent": _("An organisation cannot stand under itself.")})
        before = str(organisation.parent or "")
        current = organisation.placements.valid().filter(ends_on__isnull=True).first()
        if current is not None and current.starts_on > on:
            raise ValidationError(
                {
                    "on": _("It was placed where it stands on %(day)s; choose a later day.")
                    % {"day": date_format(current.starts_on)}
                }
            )
        if current is not None:
            current.end_before(on)
            current.save(update_fields=current.END_FIELDS)
        organisation.move_to(parent, position="last-child")
        Placement.objects.create(
            organisation=organisation, parent=parent, starts_on=on, document_number=document_number
        )
        record(
            verb="organisation.move",
            target=organisation,
            by=by,
            organisation=organisation,
            changes={"parent": [before, str(parent or "")], "on": ["", on.isoformat()]},
        )
    return organisation


def revoke(*, organisation: Organisation, on: date, by: User | None, document_number: str) -> Organisation:
    """End an organisation; `on` is its last day.

    Raises:
        ValidationError: organisations or members still belong to it after that day.
    """
    with tree_lock():
        organisation = Organisation.objects.get(pk=organisation.pk)
        _check_existing(organisation, on)
        after = on + timedelta(days=1)
        if organisation.get_children().existing_on(after).exists():
            raise ValidationError(_("Organisations still stand under it. Move or revoke them first."))
        if organisation.memberships.active_on(after).exists():
            raise ValidationError(_("Members still belong to it. Transfer them first."))
        organisation.ended_on = on
        organisation.ending_document = document_number
        organisation.save(update_fields=["ended_on", "ending_document"])
        organisation.placements.valid().filter(ends_on__isnull=True).update(ends_on=on)
        organisation.names.valid().filter(ends_on__isnull=True).update(ends_on=on)
        record(
            verb="organisation.revoke",
            target=organisation,
            by=by,
            organisation=organisation,
            changes={"ended_on": ["", on.isoformat()], "ending_document": ["", document_number]},
        )
    return organisation


def _fresh(parent: Organisation | None) -> Organisation | None:
    """The parent as it is now that the lock is held: its interval may have moved since it was read."""
    return None if parent is None else Organisation.objects.get(pk=parent.pk)


def _check_place(kind: str, parent: Organisation | None, on: date) -> None:
    if not may_stand_under(kind, parent.kind if parent else None):
        raise ValidationError({"parent": _("An organisation of this kind cannot stand there.")})
    if parent is not None and not parent.existed_on(on):
        raise ValidationError({"parent": _("The organisation above does not exist on that day.")})


def _check_existing(organisation: Organisation, on: date) -> None:
    if not organisation.existed_on(on):
        raise ValidationError({"on": _("The organisation does not exist on that day.")})
