"""Transfers of membership inside the system: ask, accept, refuse, revoke. Letters are in `letters`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from branches.actions.leaving import leave
from branches.actions.tree import keep_standing
from branches.models import Dated, Membership, MemberStatus, Organisation, Person, Transfer, User
from branches.queries.effects import words_of
from branches.queries.leaving import groups_left, offices_left, posts_left, statuses_left
from branches.queries.transfers import open_membership, open_transfer
from branches.rules.people import StatusKind
from branches.rules.statuses import ENDED_BY_TRANSFER
from branches.rules.transfers import days_of_effect
from foundation.actions.audit import Entry, record, record_many
from foundation.clock import business_date


@transaction.atomic
def ask(
    *,
    person: Person,
    from_branch: Organisation,
    to_branch: Organisation | None,
    elsewhere: str,
    on: date,
    by: User,
    reason: str = "",
) -> Transfer:
    """Ask for a member's transfer; nothing changes until the other branch accepts.

    Args:
        to_branch: the branch asked, None where the typed code names none.
        elsewhere: what the asker chose or typed; all that is ever shown to those who cannot see `to_branch`.
        on: the first day in the new branch.

    Raises:
        ValidationError: the person is no member there, is suspended, or has an open transfer; the day does not fit.

    Source: 《中国共产党党员教育管理工作条例》2019, article 25.
    """
    membership = movable(person=person, branch=from_branch, on=on)
    if to_branch is not None and to_branch.pk == from_branch.pk:
        raise ValidationError(_("%(name)s is a member of this branch already.") % {"name": person.name})
    transfer = Transfer.objects.create(
        person=membership.person,
        direction=Transfer.Direction.INSIDE,
        from_branch=from_branch,
        to_branch=to_branch,
        elsewhere=elsewhere,
        effective_on=on,
        reason=reason,
        asked_on=business_date(),
        asked_by=by,
    )
    record(
        verb="transfer.ask",
        target=transfer,
        by=by,
        organisation=from_branch,
        changes={"elsewhere": ("", elsewhere), "effective_on": ("", on)},
        reason=reason,
    )
    return transfer


@transaction.atomic
def accept(*, transfer: Transfer, by: User, on: date | None = None) -> Transfer:
    """Take the member in: the membership at the old branch ends the day before, the new one begins.

    Args:
        on: the first day in the new branch; None: the day asked for.

    Raises:
        ValidationError: it was answered or revoked meanwhile, or the membership has changed since.
    """
    keep_standing([transfer.to_branch_id] if transfer.to_branch_id else [])
    transfer = _open(transfer)
    on = on or transfer.effective_on
    former, to = transfer.from_branch, transfer.to_branch
    assert former is not None and to is not None
    membership = movable(person=transfer.person, branch=former, on=on, transfer=transfer)
    if not to.existed_on(on):
        raise ValidationError({"on": _("%(branch)s does not exist on this day.") % {"branch": to.short_name}})
    left = end_membership(membership=membership, on=on, kind=Membership.End.TRANSFERRED, to=to)
    Membership.objects.create(person=transfer.person, branch=to, starts_on=on, start_kind=Membership.Start.TRANSFERRED)
    transfer.effective_on = on
    _settle(transfer, Transfer.State.ACCEPTED, by)
    record_many(
        [
            *left,
            _entry("transfer.accept", transfer, to, {"from_branch": ("", former.short_name), "effective_on": ("", on)}),
            # The branch left reads that it was done, not more about where than it asked for itself.
            _entry(
                "transfer.done", transfer, former, {"elsewhere": ("", transfer.elsewhere), "effective_on": ("", on)}
            ),
        ],
        by=by,
    )
    return transfer


@transaction.atomic
def ask_and_accept(
    *, person: Person, from_branch: Organisation, to_branch: Organisation, on: date, by: User, reason: str = ""
) -> Transfer:
    """Both at once, for somebody who acts for both branches."""
    asked = ask(
        person=person,
        from_branch=from_branch,
        to_branch=to_branch,
        elsewhere=to_branch.short_name,
        on=on,
        by=by,
        reason=reason,
    )
    return accept(transfer=asked, by=by)


@transaction.atomic
def refuse(*, transfer: Transfer, reason: str, by: User) -> Transfer:
    """Send the request back; the asker reads the reason."""
    transfer = _open(transfer)
    transfer.answer = reason
    _settle(transfer, Transfer.State.REFUSED, by)
    record(verb="transfer.refuse", target=transfer, by=by, organisation=transfer.to_branch_id, reason=reason)
    return transfer


@transaction.atomic
def revoke(*, transfer: Transfer, by: User, reason: str = "") -> Transfer:
    """Take the request back while nobody has answered it."""
    transfer = _open(transfer)
    transfer.answer = reason
    _settle(transfer, Transfer.State.REVOKED, by)
    record(verb="transfer.revoke", target=transfer, by=by, organisation=transfer.from_branch_id, reason=reason)
    return transfer


def movable(
    *, person: Person, branch: Organisation, on: date, transfer: Transfer | None = None, is_inside: bool = True
) -> Membership:
    """The membership at `branch` that may end the day before `on`; locks the person.

    Raises:
        ValidationError: there is none, it is suspended, the day does not fit, or an open transfer other than
            `transfer` stands in the way.
    """
    membership = endable(person=person, branch=branch, transfer=transfer)
    if statuses_left(person.pk, on, [StatusKind.SUSPENDED]):
        raise ValidationError(_("The membership is suspended; it is transferred only after it is restored."))
    check_day(membership=membership, on=on, is_inside=is_inside)
    return membership


def endable(*, person: Person, branch: Organisation, transfer: Transfer | None = None) -> Membership:
    """The membership at `branch` with no end entered; locks the person.

    Raises:
        ValidationError: there is none, or an open transfer other than `transfer` stands in the way.
    """
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    membership = open_membership(person)
    if membership is None or membership.branch_id != branch.pk:
        raise ValidationError(
            _("%(name)s is not a member of %(branch)s, or the day of leaving is entered already.")
            % {"name": person.name, "branch": branch.short_name}
        )
    waiting = open_transfer(person)
    if waiting is not None and waiting != transfer:
        raise ValidationError(
            _("A transfer of %(name)s already waits for an answer; revoke that one first.") % {"name": person.name}
        )
    return membership


def check_day(*, membership: Membership, on: date, is_inside: bool) -> None:
    """Hold the first day outside the branch to what is recorded.

    Args:
        is_inside: whether the member stays in the system: then posts elsewhere do not end.

    Raises:
        ValidationError: it is far from today, or something held in the branch began on that day or later.
    """
    first, final = days_of_effect(business_date())
    if not first <= on <= final:
        raise ValidationError(
            {"on": _("Choose a day from %(first)s to %(last)s.") % {"first": words_of(first), "last": words_of(final)}}
        )
    left = {membership.person_id: (membership, membership.branch if is_inside else None)}
    rows = [membership, *groups_left(left, on), *offices_left(left, on), *posts_left(left, on)]
    latest = max(row.starts_on for row in rows)
    if latest >= on:
        raise ValidationError(
            {
                "on": _("The membership there, or a post, party group or office, began on %(day)s; choose a later day.")
                % {"day": words_of(latest)}
            }
        )


def end_membership(
    *, membership: Membership, on: date, kind: str, to: Organisation | None = None, document_number: str = ""
) -> list[Entry]:
    """End a membership the day before `on` with all that was held in it; call inside the transaction, person locked.

    Returns:
        The audit entries of what ended with it, for the caller to record with its own.
    """
    kinds = ENDED_BY_TRANSFER if kind == Membership.End.TRANSFERRED else frozenset(StatusKind)
    statuses = statuses_left(membership.person_id, on, kinds)
    moves = {membership.person_id: (membership, to)}
    held: list[Dated] = [*groups_left(moves, on), *offices_left(moves, on), *posts_left(moves, on), *statuses]
    membership.ended_with = [[row._meta.model_name, row.pk, row.ends_on and row.ends_on.isoformat()] for row in held]
    left = leave(moves=[(membership, to)], on=on)
    membership.ends_on, membership.end_kind, membership.end_document = on - timedelta(days=1), kind, document_number
    membership.save(update_fields=["ends_on", "end_kind", "end_document", "ended_with"])
    end_statuses(statuses, on)
    # A roster planned before does not fit any more.
    Person.objects.filter(pk=membership.person_id).update(version=F("version") + 1)
    return left


def end_statuses(statuses: Iterable[MemberStatus], on: date) -> None:
    """The day before `on` is the last of these circumstances; what has no day left never held."""
    for status in statuses:
        status.end_before(on)
        status.save(update_fields=status.END_FIELDS)


def _open(transfer: Transfer) -> Transfer:
    """The transfer, locked after its person, as long as nobody has answered or revoked it."""
    Person.objects.select_for_update(no_key=True).get(pk=transfer.person_id)
    locked = (
        Transfer.objects.select_for_update(of=("self",))
        .select_related("person", "from_branch", "to_branch")
        .get(pk=transfer.pk)
    )
    if locked.state != Transfer.State.ASKED:
        raise ValidationError(_("This transfer has been answered or revoked meanwhile."))
    return locked


def _settle(transfer: Transfer, state: str, by: User) -> None:
    transfer.state, transfer.answered_on, transfer.answered_by = state, business_date(), by
    transfer.version += 1
    transfer.save()


def _entry(
    verb: str, transfer: Transfer, organisation: Organisation, changes: dict[str, tuple[object, object]]
) -> Entry:
    return Entry(verb=verb, target=transfer, organisation=organisation, changes=changes, reason=transfer.reason)
