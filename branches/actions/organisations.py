"""The only writer of the tree."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from branches.actions.leaving import end_what_is_held
from branches.actions.tree import lock_to_end, tree_lock
from branches.models import Organisation, OrganisationName, Placement, User
from branches.queries.effects import words_of
from branches.queries.tree import stood_under
from branches.rules.organisations import may_stand_under
from foundation.actions.audit import record, record_many
from foundation.clock import business_date


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
    replaced: Collection[Organisation] = (),
) -> Organisation:
    """Found an organisation on a day, as the last child of `parent` (`None`: the top of a new tree).

    Args:
        replaced: branches about to be merged into it; it may take over a name of theirs.

    Raises:
        ValidationError: the code or, beside it, the name is taken, the kind may not stand there, or the parent does
            not exist on that day.
    """
    with tree_lock():
        parent = _fresh(parent)
        check_day(on)
        _check_place(kind, parent, on)
        if Organisation.objects.filter(code__iexact=code).exists():
            raise ValidationError({"code": _("The code “%(code)s” is already taken.") % {"code": code}})
        _check_names(name, short_name, parent.pk if parent else None, on, besides=replaced)
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
    """Give an organisation a new name from a day on; the old one stays in its history.

    Raises:
        ValidationError: a sibling bears the name, the day does not fit, or it was renamed later than that.
    """
    with tree_lock():
        organisation = Organisation.objects.get(pk=organisation.pk)
        before = {"name": organisation.name, "short_name": organisation.short_name}
        current = organisation.names.active_on(on).order_by("starts_on").last()
        check_day(on)
        check_existing(organisation, on)
        if organisation.names.valid().filter(starts_on__gt=on).exists():
            raise ValidationError({"on": _("It was renamed later than that; choose a later day.")})
        _check_names(name, short_name, organisation.parent_id, on, besides=[organisation])
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


def take_back_renaming(
    *, organisation: Organisation, name: str, short_name: str, on: date, by: User | None
) -> Organisation:
    """Take back a name that was given by mistake from `on`: it never held, and the former one holds on.

    Args:
        organisation: read since the tree's lock was taken; its present name is the one of that day.
        name: the former full name.
        short_name: the former short name.
    """
    before = {"name": organisation.name, "short_name": organisation.short_name}
    organisation.names.valid().filter(starts_on=on, ends_on__isnull=True).update(is_void=True)
    former = organisation.names.filter(name=name, short_name=short_name, starts_on__lte=on).order_by(
        "-starts_on", "-pk"
    )
    if (last := former.first()) is not None:
        OrganisationName.objects.filter(pk=last.pk).update(ends_on=None, is_void=False)
    Organisation.objects.filter(pk=organisation.pk).update(name=name, short_name=short_name)
    record(
        verb="organisation.rename",
        target=organisation,
        by=by,
        organisation=organisation,
        changes={"name": [before["name"], name], "short_name": [before["short_name"], short_name]},
    )
    return organisation


def correct(*, organisation: Organisation, values: Mapping[str, Any], by: User | None) -> Organisation:
    """Put right what was entered wrongly: traits and the founding document.

    Args:
        organisation: read since the tree's lock was taken.
        values: the fields to be changed.
    """
    changes = {
        key: (getattr(organisation, key), value) for key, value in values.items() if getattr(organisation, key) != value
    }
    if changes:
        Organisation.objects.filter(pk=organisation.pk).update(
            **{key: after for key, (_before, after) in changes.items()}
        )
        record(verb="organisation.correct", target=organisation, by=by, organisation=organisation, changes=changes)
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
        check_day(on)
        check_existing(organisation, on)
        _check_place(organisation.kind, parent, on)
        if parent is not None:
            _check_no_ring(organisation, parent, on)
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
    """End an organisation with what is held and given there; `on` is its last day.

    Raises:
        ValidationError: organisations or members still belong to it after that day.

    Source: 《中国共产党支部工作条例（试行）》, article 7 (approved by the committee above).
    """
    with tree_lock():
        organisation = Organisation.objects.get(pk=organisation.pk)
        check_day(on)
        check_existing(organisation, on)
        after = on + timedelta(days=1)
        lock_to_end([organisation.pk])
        _check_nothing_below(organisation, after)
        if organisation.memberships.active_between(after, date.max).exists():
            raise ValidationError(_("Members still belong to it. Transfer them first."))
        entries = end_what_is_held([organisation], after)
        end_organisation(organisation, on, document_number)
        record_many(entries, by=by)
        record(
            verb="organisation.revoke",
            target=organisation,
            by=by,
            organisation=organisation,
            changes={"ended_on": ["", on.isoformat()], "ending_document": ["", document_number]},
        )
    return organisation


def end_organisation(organisation: Organisation, on: date, document_number: str) -> None:
    """Let `on` be the last day of an organisation, of its place and of its name; call under the tree's lock.

    Raises:
        ValidationError: it was moved or renamed after that day.
    """
    places, names = (
        rows.valid().filter(ends_on__isnull=True) for rows in (organisation.placements, organisation.names)
    )
    late = max((row.starts_on for row in (*places, *names) if row.starts_on > on), default=None)
    if late is not None:
        words = _("%(name)s was moved or renamed on %(day)s; choose a later day.")
        raise ValidationError({"on": words % {"name": organisation, "day": words_of(late)}})
    organisation.ended_on = on
    organisation.ending_document = document_number
    organisation.save(update_fields=["ended_on", "ending_document"])
    places.update(ends_on=on)
    names.update(ends_on=on)


def check_day(on: date) -> None:
    """Today's tree and rights change at once, so an act may not be entered before its day has come."""
    today = business_date()
    if on > today:
        raise ValidationError(
            {
                "on": _(
                    "The tree changes at once, so the day may be %(today)s at the latest. Enter it when it has come."
                )
                % {"today": words_of(today)}
            }
        )


def check_existing(organisation: Organisation, on: date) -> None:
    if organisation.ended_on is not None:
        raise ValidationError(_("%(name)s has been revoked.") % {"name": organisation})
    if not organisation.existed_on(on):
        raise ValidationError({"on": _("The organisation does not exist on that day.")})


def _fresh(parent: Organisation | None) -> Organisation | None:
    """The parent as it is now that the lock is held: its interval may have moved since it was read."""
    return None if parent is None else Organisation.objects.get(pk=parent.pk)


def _check_place(kind: str, parent: Organisation | None, on: date) -> None:
    if not may_stand_under(kind, parent.kind if parent else None):
        raise ValidationError({"parent": _("An organisation of this kind cannot stand there.")})
    if parent is not None and parent.ended_on is not None:
        raise ValidationError({"parent": _("%(name)s has been revoked.") % {"name": parent}})
    if parent is not None and not parent.existed_on(on):
        raise ValidationError({"parent": _("The organisation above does not exist on that day.")})


def _check_names(
    name: str, short_name: str, parent_id: int | None, on: date, *, besides: Collection[Organisation]
) -> None:
    """Of those standing under one parent at once, no two bear the same name."""
    siblings = Organisation.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=on), parent=parent_id)
    siblings = siblings.exclude(pk__in=[organisation.pk for organisation in besides])
    for field, value in (("name", name), ("short_name", short_name)):
        if (other := siblings.filter(**{f"{field}__iexact": value}).first()) is not None:
            words = {"value": value, "name": other, "code": other.code}
            text = _("“%(value)s” is the name of %(name)s (code %(code)s), which stands here already; choose another.")
            raise ValidationError({field: text % words})


def _check_no_ring(organisation: Organisation, parent: Organisation, on: date) -> None:
    """Neither today nor, by an act entered late, on a day before may an organisation stand under itself."""
    if parent.is_descendant_of(organisation, include_self=True):
        raise ValidationError({"parent": _("An organisation cannot stand under itself.")})
    if stood_under(organisation, on, business_date()).among([parent]):
        words = _("%(above)s itself stood under %(name)s after that day; choose a later day.")
        raise ValidationError({"on": words % {"above": parent, "name": organisation}})


def _check_nothing_below(organisation: Organisation, after: date) -> None:
    below = Placement.objects.active_between(after, date.max).filter(parent=organisation).select_related("organisation")
    if any(row.ends_on is None for row in below):
        raise ValidationError(_("Organisations still stand under it. Move or revoke them first."))
    late = max(((row.ends_on, str(row.organisation)) for row in below if row.ends_on), default=None)
    if late is not None:
        words = _("%(name)s stood under it until %(day)s; choose a later day.")
        raise ValidationError({"on": words % {"name": late[1], "day": words_of(late[0])}})
