"""Transfers by letter: out of the system, into it, the receipt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from branches.actions.statuses import reopen
from branches.actions.transfers import end_membership, end_statuses, movable
from branches.models import Membership, Organisation, Person, Transfer, User
from branches.queries.effects import words_of
from branches.queries.leaving import statuses_left
from branches.queries.transfers import former_member, open_membership, open_transfer, person_of_number
from branches.rights import Access
from branches.rules import identity_numbers
from branches.rules.people import Category, StatusKind
from branches.rules.transfers import days_of_effect, valid_until
from foundation.actions.audit import record, record_many
from foundation.clock import business_date
from foundation.encryption import blind_index

_GONE_FOR_GOOD = frozenset(
    {Membership.End.LEFT, Membership.End.EXPELLED, Membership.End.REMOVED, Membership.End.DECEASED}
)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A letter of introduction: its number and day, how many days it is valid, the organisation outside."""

    number: str
    written_on: date
    valid_days: int
    elsewhere: str


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """What the letter and the file say about a member who comes; with an identity number see `by_number`."""

    name: str
    sex: str
    birth_date: date | None
    identity_number: str
    category: str
    joined_on: date
    full_on: date | None


@transaction.atomic
def send_out(*, person: Person, branch: Organisation, letter: Letter, on: date, by: User, reason: str = "") -> Transfer:
    """End a membership because the member goes to an organisation outside, by letter; the receipt comes later.

    Args:
        on: the first day outside the branch.

    Raises:
        ValidationError: the person is no member there, is suspended, or has an open transfer; a day does not fit.

    Source: 《中国共产党党员教育管理工作条例》2019, article 25.
    """
    membership = movable(person=person, branch=branch, on=on, is_inside=False)
    _check_letter(letter, on)
    left = end_membership(membership=membership, on=on, kind=Membership.End.TRANSFERRED, document_number=letter.number)
    transfer = _keep(Transfer.Direction.OUT, membership.person, letter, on, by, from_branch=branch, reason=reason)
    record_many(left, by=by)
    record(
        verb="transfer.out",
        target=transfer,
        by=by,
        organisation=branch,
        changes={"elsewhere": ("", letter.elsewhere), "letter_number": ("", letter.number), "effective_on": ("", on)},
        reason=reason,
    )
    return transfer


@transaction.atomic
def take_in(
    *, branch: Organisation, newcomer: Newcomer, letter: Letter, on: date, by: User, access: Access
) -> Transfer:
    """Begin a membership of somebody who comes from outside the system by letter.

    Somebody the system knows from a membership that ended is the same person again; blanks are filled in.

    Raises:
        ValidationError: the person is a member somewhere, or was and cannot be again; a day does not fit.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=branch.pk)
    _check_letter(letter, on)
    first, final = days_of_effect(business_date())
    if not first <= on <= final or not branch.existed_on(on):
        raise ValidationError(
            {"on": _("Choose a day from %(first)s to %(last)s.") % {"first": words_of(first), "last": words_of(final)}}
        )
    person = known_newcomer(newcomer=newcomer, branch=branch, on=on, access=access)
    person = _filled(person, by_number(newcomer))
    Membership.objects.create(
        person=person,
        branch=branch,
        starts_on=on,
        start_kind=Membership.Start.TRANSFERRED,
        document_number=letter.number,
    )
    end_statuses(statuses_left(person.pk, on, [StatusKind.FLOW_IN]), on)
    transfer = _keep(Transfer.Direction.IN, person, letter, on, by, to_branch=branch)
    record(
        verb="transfer.in",
        target=transfer,
        by=by,
        organisation=branch,
        changes={"elsewhere": ("", letter.elsewhere), "letter_number": ("", letter.number), "effective_on": ("", on)},
    )
    return transfer


@transaction.atomic
def enter_receipt(*, transfer: Transfer, on: date, by: User) -> Transfer:
    """Note the day the receipt of a letter out came back.

    Raises:
        ValidationError: it is no letter out without receipt, or the day does not fit.
    """
    locked = _letter_out(transfer)
    if locked.receipt_on is not None:
        raise ValidationError(_("The receipt has been entered already."))
    assert locked.letter_on is not None
    if not locked.letter_on <= on <= business_date():
        raise ValidationError(
            {
                "on": _("Choose a day from %(first)s to %(last)s.")
                % {"first": words_of(locked.letter_on), "last": words_of(business_date())}
            }
        )
    return _write_receipt(locked, on, by)


@transaction.atomic
def remove_receipt(*, transfer: Transfer, by: User) -> Transfer:
    """Take back a receipt entered by mistake."""
    locked = _letter_out(transfer)
    if locked.receipt_on is None:
        raise ValidationError(_("No receipt has been entered."))
    return _write_receipt(locked, None, by)


@transaction.atomic
def take_back(*, transfer: Transfer, by: User) -> Transfer:
    """Treat a letter out, entered by mistake, as revoked; the membership holds again.

    Raises:
        ValidationError: it is no letter out, or the person has become a member again since.
    """
    locked = _letter_out(transfer)
    membership = (
        Membership.objects.valid()
        .filter(
            person=locked.person_id,
            branch=locked.from_branch_id,
            end_kind=Membership.End.TRANSFERRED,
            ends_on=locked.effective_on - timedelta(days=1),
        )
        .first()
    )
    if membership is None or locked.receipt_on is not None:
        raise ValidationError(_("The receipt has come back: the member has been taken in elsewhere."))
    reopen(membership=membership, by=by)
    locked.state, locked.answered_on, locked.answered_by = Transfer.State.REVOKED, business_date(), by
    locked.version += 1
    locked.save()
    record(verb="transfer.revoke", target=locked, by=by, organisation=locked.from_branch_id)
    return locked


def by_number(newcomer: Newcomer) -> Newcomer:
    """The newcomer with sex and birth from a sound identity number, whatever was typed; without a number unchanged."""
    if not (number := newcomer.identity_number):
        return newcomer
    return replace(newcomer, sex=identity_numbers.sex(number), birth_date=identity_numbers.birth_date(number))


def known_newcomer(*, newcomer: Newcomer, branch: Organisation, on: date, access: Access) -> Person | None:
    """The person the system knows already, free to become a member from `on`; None: somebody new. Locks the person.

    Raises:
        ValidationError: a member of an organisation of the system, or one whose membership ended for good. Which
            organisation is not said. Or the day of joining does not come after the birth.
    """
    newcomer = by_number(newcomer)
    if newcomer.birth_date and newcomer.joined_on <= newcomer.birth_date:
        raise ValidationError({"joined_on": _("This day does not come after the date of birth.")})
    person = person_of_number(newcomer.identity_number) or former_member(
        access, name=newcomer.name, birth=newcomer.birth_date, joined=newcomer.joined_on
    )
    if person is None:
        here = branch.memberships.valid().filter(ends_on__isnull=True, person__name=newcomer.name)
        if not newcomer.identity_number and here.filter(person__joined_on=newcomer.joined_on).exists():
            raise ValidationError(_("%(name)s is a member of this branch already.") % {"name": newcomer.name})
        return None
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if person.name != newcomer.name:
        raise ValidationError(
            {"identity_number": _("Name and identity number do not belong together. Compare both with the papers.")}
        )
    latest = person.memberships.valid().order_by("-starts_on").first()
    if open_membership(person) is not None or (latest and latest.holds_on(on)) or open_transfer(person):
        if latest and latest.branch_id == branch.pk and latest.ends_on is None:
            raise ValidationError(_("%(name)s is a member of this branch already.") % {"name": person.name})
        raise ValidationError(_("This member belongs to another party organisation. Arrange the transfer first."))
    if latest and latest.end_kind in _GONE_FOR_GOOD:
        raise ValidationError(
            _("The records say that this person's membership of the Party has ended; it cannot be transferred.")
        )
    if latest and latest.ends_on and latest.ends_on >= on:
        raise ValidationError({"on": _("The former membership lasted longer than that; choose a later day.")})
    return person


def _filled(person: Person | None, newcomer: Newcomer) -> Person:
    known = person or Person(name=newcomer.name)
    fields: dict[str, Any] = {
        "birth_date": newcomer.birth_date,
        "joined_on": newcomer.joined_on,
        "full_on": newcomer.full_on,
        "identity_number": newcomer.identity_number,
    }
    for name, value in fields.items():
        if value and not getattr(known, name):
            setattr(known, name, value)
    known.identity_hash = blind_index(known.identity_number) if known.identity_number else None
    if person is None:
        known.sex, known.category = newcomer.sex, newcomer.category
    elif newcomer.category == Category.FULL:
        known.category = newcomer.category
    if person is not None:
        known.version += 1
    known.save()
    return known


def _check_letter(letter: Letter, on: date) -> None:
    today = business_date()
    if letter.written_on > today:
        raise ValidationError({"written_on": _("This day has not come yet.")})
    until = valid_until(letter_on=letter.written_on, valid_days=letter.valid_days)
    if on > until:
        raise ValidationError(
            {"on": _("The letter is valid until %(day)s; choose an earlier day.") % {"day": words_of(until)}}
        )


def _keep(direction: str, person: Person, letter: Letter, on: date, by: User, **ends: Any) -> Transfer:
    today = business_date()
    return Transfer.objects.create(
        person=person,
        direction=direction,
        state=Transfer.State.ACCEPTED,
        elsewhere=letter.elsewhere,
        letter_number=letter.number,
        letter_on=letter.written_on,
        valid_days=letter.valid_days,
        effective_on=on,
        asked_on=today,
        asked_by=by,
        answered_on=today,
        answered_by=by,
        **ends,
    )


def _letter_out(transfer: Transfer) -> Transfer:
    Person.objects.select_for_update(no_key=True).get(pk=transfer.person_id)
    locked = Transfer.objects.select_for_update(of=("self",)).select_related("person").get(pk=transfer.pk)
    if locked.direction != Transfer.Direction.OUT or locked.state != Transfer.State.ACCEPTED:
        raise ValidationError(_("This is no letter on its way."))
    return locked


def _write_receipt(transfer: Transfer, on: date | None, by: User) -> Transfer:
    before, transfer.receipt_on = transfer.receipt_on, on
    transfer.version += 1
    transfer.save()
    record(
        verb="transfer.receipt",
        target=transfer,
        by=by,
        organisation=transfer.from_branch_id,
        changes={"receipt_on": (before, on)},
    )
    return transfer
