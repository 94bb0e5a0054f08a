"""Accounts and their roles as administrators see them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from branches.models import Appointment, Membership, Organisation, Person, Post, RoleAssignment, User
from branches.rights import Access, Permission


@dataclass(frozen=True)
class AccountRow:
    """One line of the list. `roles` are those in the reader's reach; with others beside them nothing can be changed."""

    account: User
    roles: list[RoleAssignment]
    in_charge: bool
    state: str


@dataclass(frozen=True)
class Candidate:
    """A member an account may belong to."""

    person: Person
    label: str


def accounts_at(organisation: Organisation, access: Access, *, text: str = "") -> QuerySet[User]:
    """Accounts with a role at or below `organisation`, and those that have no role now and had one there."""
    below = Q(
        organisation__tree_id=organisation.tree_id,
        organisation__lft__gte=organisation.lft,
        organisation__rght__lte=organisation.rght,
    )
    here = RoleAssignment.objects.filter(access.reach(Permission.MANAGE_ACCOUNTS, "organisation__"), below)
    current = _current(access.day)
    accounts = User.objects.filter(
        Q(pk__in=here.filter(pk__in=current).values("user"))
        | Q(~Exists(current.filter(user=OuterRef("pk"))), pk__in=here.values("user"))
    )
    if text:
        accounts = accounts.filter(Q(name__icontains=text) | Q(username__icontains=text))
    return accounts.prefetch_related(
        Prefetch("roles", current.select_related("organisation").order_by("starts_on", "pk"), to_attr="current_roles")
    ).order_by("-is_active", "name", "pk")


def accounts_in_charge(access: Access) -> QuerySet[User]:
    """Accounts the administrator may change: every role they have now is in reach, or else some role they had."""
    reached = access.reach(Permission.MANAGE_ACCOUNTS, "organisation__")
    own = RoleAssignment.objects.filter(user=OuterRef("pk"))
    current = own.filter(pk__in=_current(access.day))
    return User.objects.filter(
        Q(Exists(current), ~Exists(current.exclude(reached))) | Q(~Exists(current), Exists(own.filter(reached))),
        is_superuser=False,
    )


def account_rows(accounts: list[User], access: Access, at: datetime) -> list[AccountRow]:
    """The lines for one page of `accounts_at`, without further queries."""
    rows = []
    for account in accounts:
        roles: list[RoleAssignment] = account.current_roles  # type: ignore[attr-defined]
        reached = [role for role in roles if access.may(Permission.MANAGE_ACCOUNTS, role.organisation)]
        in_charge = len(reached) == len(roles) and not account.is_superuser
        rows.append(AccountRow(account, reached, in_charge, account_state(account, at)))
    return rows


def account_state(account: User, at: datetime) -> str:
    """One of deactivated, expired (one-time password), new (not signed in with it yet), active."""
    if not account.is_active:
        return "deactivated"
    if account.must_change_password:
        expires_at = account.one_time_password_expires_at
        return "expired" if expires_at is not None and expires_at <= at else "new"
    return "active"


def roles_of(account: User, access: Access) -> list[RoleAssignment]:
    """Every role the account has or had within reach, those that hold first."""
    roles = (
        account.roles.valid()
        .filter(access.reach(Permission.MANAGE_ACCOUNTS, "organisation__"))
        .select_related("organisation", "granted_by")
        .order_by("-starts_on", "-pk")
    )
    return sorted(roles, key=lambda role: not role.holds_on(access.day))


def organisations_to_grant(access: Access) -> QuerySet[Organisation]:
    """Where the administrator may give roles: standing organisations in reach, in tree order."""
    return (
        Organisation.objects.within(access, Permission.MANAGE_ACCOUNTS)
        .existing_on(access.day)
        .order_by("tree_id", "lft")
    )


def holders(organisation: Organisation, role: str, day: date) -> list[RoleAssignment]:
    """Who has `role` at `organisation` itself on `day`."""
    return list(
        RoleAssignment.objects.active_on(day)
        .filter(organisation=organisation, role=role)
        .select_related("user", "organisation")
        .order_by("starts_on", "pk")
    )


def candidates(name: str, access: Access) -> list[Candidate]:
    """Members in reach who bear exactly `name`, with branch and posts to tell them apart."""
    reached = Person.objects.within(access, Permission.MANAGE_ACCOUNTS, access.day)
    people = list(reached.filter(name=name).order_by("pk")[:20])
    if not people:
        return []
    branches = {
        row.person_id: row.branch.short_name
        for row in Membership.objects.active_on(access.day).filter(person__in=people).select_related("branch")
    }
    posts: dict[int, list[str]] = defaultdict(list)
    for row in Appointment.objects.active_on(access.day).filter(person__in=people):
        posts[row.person_id].append(str(Post(row.post).label))
    return [
        Candidate(person, " · ".join([person.name, branches.get(person.pk, ""), *posts[person.pk]]))
        for person in people
    ]


def taken_usernames(stem: str) -> frozenset[str]:
    return frozenset(User.objects.filter(username__startswith=stem).values_list("username", flat=True))


def _current(day: date) -> QuerySet[RoleAssignment]:
    """Roles that hold on `day` or begin later."""
    return RoleAssignment.objects.active_between(day, date.max)
