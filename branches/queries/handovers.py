"""Who is secretary of an organisation, by post and by account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from branches.models import Appointment, Organisation, Person, Post, Role, RoleAssignment, User
from branches.queries.accounts import accounts_in_charge, holders
from branches.rights import Access


@dataclass(frozen=True)
class RolePart:
    """What handing the role over takes: the successor's account, if there is one, and who has the role now.

    `problem`: "" or why it cannot be done, as a code: closed, own, higher (an account of a higher administrator).
    """

    account: User | None
    present: list[RoleAssignment]
    problem: str

    @property
    def former(self) -> list[RoleAssignment]:
        """The roles that end."""
        return [row for row in self.present if self.account is None or row.user_id != self.account.pk]

    @property
    def is_settled(self) -> bool:
        """The successor's account has the role already, and nobody else has."""
        return self.account is not None and bool(self.present) and not self.former


def secretaries(organisation: Organisation, day: date) -> list[Appointment]:
    """Who holds the secretary's post on `day` or later, also where an end has been entered."""
    return list(
        Appointment.objects.active_between(day, date.max)
        .filter(organisation=organisation, post=Post.SECRETARY)
        .select_related("person")
        .order_by("starts_on")
    )


def role_part(organisation: Organisation, successor: Person, access: Access) -> RolePart:
    """How the account's role of secretary goes over to `successor`."""
    account = successor.accounts.order_by("-is_active", "pk").first()
    present = holders(organisation, Role.SECRETARY, access.day)
    touched = {row.user_id for row in present} | ({account.pk} if account else set())
    problem = ""
    if account is not None and not account.is_active:
        problem = "closed"
    elif access.user.pk in touched:
        problem = "own"
    elif _with_roles(touched) - set(accounts_in_charge(access).filter(pk__in=touched).values_list("pk", flat=True)):
        problem = "higher"
    return RolePart(account, present, problem)


def _with_roles(accounts: set[int]) -> set[int]:
    """Those that have or had a role: an account without any is nobody's to keep from an administrator."""
    return set(RoleAssignment.objects.filter(user__in=accounts).values_list("user_id", flat=True))
