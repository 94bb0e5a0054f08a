"""Acts on one person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from branches.models import Appointment, Organisation, PartyGroup, Person, Post, User
from foundation.actions.audit import record


@contextmanager
def person_lock(person: Person) -> Iterator[None]:
    """One transaction in which nobody else changes the person, the membership or what is held with it."""
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        yield


@contextmanager
def organisation_lock(organisation: Organisation) -> Iterator[None]:
    """One transaction in which nobody else enters a member or fills a post in the organisation."""
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
        yield


@transaction.atomic
def reveal_identity(*, person: Person, branch: Organisation, by: User, reason: str) -> str:
    """The identity number in clear, for a stated reason that goes on record.

    Raises:
        ValidationError: no reason given.
    """
    reason = reason.strip()
    if len(reason) < 4:
        raise ValidationError({"reason": _("Say what the number is needed for; the reason is kept on record.")})
    record(verb="person.identity_revealed", target=person, by=by, organisation=branch, reason=reason)
    return str(person.identity_number)


@transaction.atomic
def reveal_roster(*, organisation: Organisation, file_name: str, reason: str) -> None:
    """The command line shows the numbers of a roster in clear, for a stated reason that goes on record."""
    changes = {"file": ["", file_name[:200]]}
    record(
        verb="roster.reveal", target=organisation, by=None, organisation=organisation, changes=changes, reason=reason
    )


@transaction.atomic
def appoint(
    *,
    person: Person,
    organisation: Organisation,
    post: str,
    on: date,
    by: User,
    group: PartyGroup | None = None,
    document_number: str = "",
) -> Appointment:
    """Give a member a post in an organisation from a day on; a former secretary's post ends the day before.

    Raises:
        ValidationError: the person holds the post already, or a group leader has no group.
    """
    if post == Post.GROUP_LEADER and group is None:
        raise ValidationError({"group": _("Choose the party group this person leads.")})
    if post != Post.GROUP_LEADER:
        group = None
    # Where nobody holds the post there is no appointment to lock: of two at one moment the second waits here.
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    same = Appointment.objects.active_between(on, date.max).filter(organisation=organisation, post=post, group=group)
    if same.filter(person=person, ends_on__isnull=True).exists():
        raise ValidationError({"person": _("%(name)s holds this post already.") % {"name": person.name}})
    if post in (Post.SECRETARY, Post.GROUP_LEADER):
        for former in same:
            relieve(appointment=former, on=on - timedelta(days=1), by=by, document_number=document_number)
    appointment = Appointment.objects.create(
        person=person, organisation=organisation, post=post, group=group, starts_on=on, document_number=document_number
    )
    record(
        verb="appointment.begin",
        target=appointment,
        by=by,
        organisation=organisation,
        changes={"person": ["", person.name], "post": ["", post], "starts_on": ["", on.isoformat()]},
    )
    return appointment


@transaction.atomic
def relieve(*, appointment: Appointment, on: date, by: User, document_number: str = "") -> Appointment:
    """End a post; `on` is its last day.

    Raises:
        ValidationError: the day lies before the post began, or the post ends no later already.
    """
    appointment = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if appointment.ends_on is not None and appointment.ends_on <= on:
        raise ValidationError({"on": _("This post has ended already.")})
    if on < appointment.starts_on:
        raise ValidationError(
            {
                "on": _("This post began on %(day)s; it cannot end before that.")
                % {"day": date_format(appointment.starts_on)}
            }
        )
    before, appointment.ends_on = appointment.ends_on, on
    appointment.save(update_fields=["ends_on"])
    record(
        verb="appointment.end",
        target=appointment,
        by=by,
        organisation=appointment.organisation,
        changes={
            "person": [appointment.person.name, ""],
            "post": [appointment.post, ""],
            "ends_on": [before.isoformat() if before else "", on.isoformat()],
        },
        reason=document_number,
    )
    return appointment
