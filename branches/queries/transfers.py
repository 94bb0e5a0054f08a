"""Transfers as the pages list them, and what waits for an answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from branches.models import Membership, Organisation, Person, Transfer
from branches.queries.errands import Errand, named
from branches.rights import Access, Permission
from branches.rules.transfers import LetterState, letter_state, valid_until
from foundation.encryption import blind_index

ASKED, ACCEPTED = Transfer.State.ASKED, Transfer.State.ACCEPTED


@dataclass(frozen=True)
class TransferRow:
    """A transfer as one reader may see it: an end out of reach is what was typed or where it was asked from."""

    transfer: Transfer
    origin: str
    destination: str
    may_answer: bool
    may_revoke: bool
    may_open: bool
    until: date | None = None
    letter: LetterState | None = None


@dataclass(frozen=True)
class TransferPage:
    """The list of an organisation: what waits for its answer, what it asked, letters out without receipt."""

    waiting: list[TransferRow]
    asked: list[TransferRow]
    letters: list[TransferRow]


def waiting_for(access: Access) -> QuerySet[Transfer]:
    """The open transfers that wait for an answer of this user."""
    return Transfer.objects.filter(access.reach(Permission.TRANSFER, "to_branch__"), state=ASKED)


def waiting_at(organisation: Organisation, access: Access) -> QuerySet[Transfer]:
    """Those of `waiting_for` into a branch at or below `organisation`."""
    return waiting_for(access).filter(_below(organisation, "to_branch__"))


def errands_of_transfers(organisation: Organisation, access: Access) -> list[Errand]:
    """What waits for an answer, as a line of the first page. 1 query."""
    names = list(waiting_at(organisation, access).order_by("asked_on", "pk").values_list("person__name", flat=True))
    if not names:
        return []
    title = ngettext(
        "%(number)s member asked to be taken in", "%(number)s members asked to be taken in", len(names)
    ) % {"number": len(names)}
    return [Errand("soon", title, named(names), reverse("branches:transfers", args=[organisation.code]), _("Handle"))]


def transfers_at(organisation: Organisation, access: Access, today: date) -> TransferPage:
    """The open matters of the list. 3 queries."""
    waiting = _listed(Transfer.objects.filter(_comes(organisation, access), state=ASKED))
    asked = _listed(
        Transfer.objects.filter(_goes(organisation, access), state=ASKED).exclude(pk__in=[row.pk for row in waiting])
    )
    letters = _listed(
        Transfer.objects.filter(
            _goes(organisation, access), direction=Transfer.Direction.OUT, state=ACCEPTED, receipt_on__isnull=True
        ).order_by("letter_on", "pk")
    )
    return TransferPage(*(rows_of(rows, access, today) for rows in (waiting, asked, letters)))


def settled_at(organisation: Organisation, access: Access) -> QuerySet[Transfer]:
    """What is answered, revoked or done, latest first."""
    is_letter = Q(direction=Transfer.Direction.OUT, state=ACCEPTED, receipt_on__isnull=True)
    return _listed(
        Transfer.objects.filter(_comes(organisation, access) | _goes(organisation, access))
        .exclude(state=ASKED)
        .exclude(is_letter)
        .order_by("-answered_on", "-pk")
    )


def rows_of(transfers: Iterable[Transfer], access: Access, today: date) -> list[TransferRow]:
    """The transfers as `access` may see them. No query."""
    return [_row(transfer, access, today) for transfer in transfers]


def transfer_or_404(access: Access, pk: int, *, end: str, directions: Collection[str]) -> Transfer:
    """The transfer of one of `directions` whose `end` ("from_branch" or "to_branch") the user may act for.

    Raises:
        Http404: there is none, or that end is out of reach.
    """
    reach = access.reach(Permission.TRANSFER, f"{end}__")
    found = _listed(Transfer.objects.filter(reach, pk=pk, direction__in=directions)).first()
    if found is None:
        raise Http404
    return found


def branches_to_choose(access: Access, former: Organisation, day: date) -> QuerySet[Organisation]:
    """The branches a member of `former` may be asked into by choosing: those in view."""
    return (
        Organisation.objects.branches()
        .existing_on(day)
        .filter(access.reach(Permission.VIEW))
        .exclude(pk=former.pk)
        .order_by("tree_id", "lft")
    )


def branch_of_code(code: str, day: date) -> Organisation | None:
    """The branch with a typed code, wherever it stands; the caller shows nobody whether there is one."""
    return Organisation.objects.branches().existing_on(day).filter(code__iexact=code).first()


def open_membership(person: Person) -> Membership | None:
    """The membership without an end; None when it has ended or its end is entered already."""
    return person.memberships.valid().filter(ends_on__isnull=True).select_related("branch", "person").first()


def membership_or_404(access: Access, pk: int, permission: Permission) -> Membership:
    """The membership without an end of a person, where the user may act for the branch.

    Raises:
        Http404: there is none, or it is out of reach.
    """
    found = (
        Membership.objects.valid()
        .filter(access.reach(permission, "branch__"), person_id=pk, ends_on__isnull=True)
        .filter(person__is_void=False, person__merged_into__isnull=True)
        .select_related("branch__parent", "person")
        .first()
    )
    if found is None:
        raise Http404
    return found


def open_transfer(person: Person) -> Transfer | None:
    return person.transfers.filter(state=ASKED).first()


def person_of_number(number: str) -> Person | None:
    """The person with an identity number, anywhere in the system."""
    return Person.objects.valid().filter(identity_hash=blind_index(number)).first() if number else None


def former_member(access: Access, *, name: str, birth: date | None, joined: date) -> Person | None:
    """The one former member in reach whose name, joining day and birth fit; None where none or several do."""
    people = (
        Person.objects.valid()
        .filter(name=name, joined_on=joined)
        .filter(Q(birth_date=birth) | Q(birth_date__isnull=True) if birth else Q())
        .filter(pk__in=Membership.objects.valid().filter(access.reach(Permission.VIEW, "branch__")).values("person_id"))
        .exclude(pk__in=Membership.objects.valid().filter(ends_on__isnull=True).values("person_id"))
    )
    found = list(people[:2])
    return found[0] if len(found) == 1 else None


def _row(transfer: Transfer, access: Access, today: date) -> TransferRow:
    former, new = transfer.from_branch, transfer.to_branch
    sees_new = new is not None and access.may(Permission.VIEW, new)
    is_open = transfer.state == ASKED
    until = None
    if transfer.letter_on:
        until = valid_until(letter_on=transfer.letter_on, valid_days=transfer.valid_days)
    return TransferRow(
        transfer=transfer,
        # Who is asked has to know by whom.
        origin=former.short_name if former and access.may(Permission.VIEW, former) else _name_of(former, transfer),
        destination=new.short_name if new and sees_new else transfer.elsewhere,
        may_answer=is_open and new is not None and access.may(Permission.TRANSFER, new),
        may_revoke=is_open and former is not None and access.may(Permission.TRANSFER, former),
        may_open=bool((former and access.may(Permission.VIEW, former)) or (sees_new and transfer.state == ACCEPTED)),
        until=until,
        letter=letter_state(until=until, today=today) if until and not transfer.receipt_on else None,
    )


def _name_of(former: Organisation | None, transfer: Transfer) -> str:
    return former.name if former else transfer.elsewhere


def _below(organisation: Organisation, prefix: str) -> Q:
    return Q(
        **{
            f"{prefix}tree_id": organisation.tree_id,
            f"{prefix}lft__gte": organisation.lft,
            f"{prefix}rght__lte": organisation.rght,
        }
    )


def _comes(organisation: Organisation, access: Access) -> Q:
    return access.reach(Permission.VIEW, "to_branch__") & _below(organisation, "to_branch__")


def _goes(organisation: Organisation, access: Access) -> Q:
    return access.reach(Permission.VIEW, "from_branch__") & _below(organisation, "from_branch__")


def _listed(transfers: QuerySet[Transfer]) -> QuerySet[Transfer]:
    return transfers.select_related("person", "from_branch", "to_branch", "asked_by")
