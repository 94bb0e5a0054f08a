"""What the import and the export of accounts have to know; each answer in queries by the hundred rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date

from branches.models import Organisation, Person, RoleAssignment, User
from branches.queries.accounts import accounts_at, accounts_in_charge, organisations_to_grant
from branches.queries.rosters import chunks
from branches.rights import Access, Permission
from foundation.encryption import blind_index


def places_to_grant(organisation: Organisation, access: Access) -> list[Organisation]:
    """Where below `organisation` the administrator may give roles, in tree order."""
    below = organisations_to_grant(access).filter(
        tree_id=organisation.tree_id, lft__gte=organisation.lft, rght__lte=organisation.rght
    )
    return list(below.order_by("lft"))


def usernames_taken() -> dict[str, str]:
    """Every user name, as it is spelt, by its spelling without regard to case."""
    return {name.casefold(): name for name in User.objects.values_list("username", flat=True)}


def accounts_to_change(organisation: Organisation, access: Access) -> list[User]:
    """The accounts at or below `organisation` the administrator is in charge of, with their person."""
    return list(
        accounts_at(organisation, access)
        .filter(pk__in=accounts_in_charge(access).values("pk"))
        .select_related("person")
    )


def in_charge_among(users: Collection[int], access: Access) -> dict[int, User]:
    """Those of `users` the administrator is in charge of."""
    return {user.pk: user for chunk in chunks(users) for user in accounts_in_charge(access).filter(pk__in=chunk)}


def standing_roles(users: Collection[int], day: date) -> dict[tuple[int, str, int], list[RoleAssignment]]:
    """The roles of `users` that hold on `day` or later, by account, role and organisation."""
    found: dict[tuple[int, str, int], list[RoleAssignment]] = defaultdict(list)
    for chunk in chunks(users):
        for role in RoleAssignment.objects.active_between(day, date.max).filter(user__in=chunk):
            found[role.user_id, role.role, role.organisation_id].append(role)
    return found


def people_in_reach(numbers: Collection[str], access: Access) -> dict[str, Person]:
    """The members in the administrator's reach by their identity number."""
    by_hash = {blind_index(number): number for number in numbers}
    found: dict[str, Person] = {}
    for chunk in chunks(by_hash):
        people = Person.objects.within(access, Permission.MANAGE_ACCOUNTS, access.day)
        for person in people.filter(identity_hash__in=chunk, is_void=False):
            assert person.identity_hash is not None
            found[by_hash[person.identity_hash]] = person
    return found


def accounts_for_export(organisation: Organisation, access: Access) -> Iterator[tuple[User, RoleAssignment | None]]:
    """The accounts at or below `organisation` with the roles in reach, one pair for each role."""
    accounts = accounts_at(organisation, access).select_related("person")
    for account in accounts.iterator(chunk_size=500):
        roles = [
            role
            for role in account.current_roles  # type: ignore[attr-defined]
            if access.may(Permission.MANAGE_ACCOUNTS, role.organisation)
        ]
        yield from ((account, role) for role in roles or [None])
