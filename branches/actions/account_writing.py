"""Writes a confirmed table of accounts in chunks, each one transaction; a row that has its outcome is never written
again. Hashing passwords takes long and is done before the transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from django.contrib.auth.hashers import make_password

from branches.actions.accounts import one_time_expiry, readable_password
from branches.models import Batch, BatchEffect, BatchRow, Organisation, Person, RoleAssignment, User
from branches.queries.account_tables import in_charge_among, standing_roles
from branches.queries.batches import chosen
from branches.rights import Access, Permission, access_of
from branches.rules.accounts import Role, roles_at
from foundation.actions.audit import Entry, record_many
from foundation.clock import business_date

CHUNK = 50
Action, Outcome = BatchRow.Action, BatchRow.Outcome
# One-time passwords by row, in clear and hashed.
Passwords = Mapping[int, tuple[str, str]]


@dataclass
class _Write:
    """One row with what is to be written: the account, new or on record, and the roles it gets."""

    row: BatchRow
    account: User
    roles: list[RoleAssignment] = field(default_factory=list)


def ready(batch: Batch) -> Callable[[Batch], int]:
    """`write_chunk` with the passwords of the next rows; call outside any transaction."""
    rows = [row.pk for row in _next_rows(batch) if row.action == Action.CREATE]
    passwords = {pk: readable_password() for pk in rows}
    return partial(write_chunk, passwords={pk: (text, make_password(text)) for pk, text in passwords.items()})


def write_chunk(batch: Batch, *, passwords: Passwords) -> int:
    """Write the next rows of the plan; returns how many were settled, 0 when all have their outcome.

    A row that no longer fits the records, or what the one who confirmed may do, is not written but marked "changed".

    Args:
        batch: the import, confirmed.
        passwords: of the rows that open an account.
    """
    # When one of two workers was taken for dead and is not, the other waits here, then finds the rows settled.
    Batch.objects.select_for_update().get(pk=batch.pk)
    rows = [row for row in _next_rows(batch) if row.action == Action.UPDATE or row.pk in passwords]
    plans = {row.pk: chosen(row, json.loads(row.payload)).get("fields", {}) for row in rows}
    access = access_of(batch.applied_by)
    opened = _open(batch, rows, plans, passwords, access)
    added = _add_to(batch, rows, plans, access, opened={write.account.username: write.account for write in opened})
    writes = opened + added
    RoleAssignment.objects.bulk_create([role for write in writes for role in write.roles])
    _keep_effects(batch, writes, passwords)
    written = {write.row.pk for write in writes}
    BatchRow.objects.filter(pk__in=written).update(outcome=Outcome.WRITTEN)
    BatchRow.objects.filter(pk__in=[row.pk for row in rows if row.pk not in written]).update(outcome=Outcome.CHANGED)
    record_many([entry for write in writes for entry in _entries(write)], by=batch.applied_by)
    return len(rows)


def _next_rows(batch: Batch) -> list[BatchRow]:
    waiting = BatchRow.objects.filter(batch=batch, outcome="", action__in=(Action.CREATE, Action.UPDATE))
    return list(waiting.order_by("position")[:CHUNK])


def _open(
    batch: Batch, rows: Sequence[BatchRow], plans: Mapping[int, Any], passwords: Passwords, access: Access
) -> list[_Write]:
    """New accounts; those whose user name was taken meanwhile are left out."""
    new = [row for row in rows if row.action == Action.CREATE]
    usernames = [plans[row.pk]["username"] for row in new]
    taken = set(User.objects.filter(username__in=usernames).values_list("username", flat=True))
    people = Person.objects.filter(pk__in=[plans[row.pk]["person"] for row in new if "person" in plans[row.pk]])
    sound = set(people.filter(is_void=False, merged_into__isnull=True).values_list("pk", flat=True))
    places = _places(new, plans)
    writes = []
    for row in new:
        fields = plans[row.pk]
        if fields["username"] in taken or fields.get("person", None) not in {None, *sound}:
            continue
        account = User(
            username=fields["username"],
            name=fields["name"],
            person_id=fields.get("person"),
            password=passwords[row.pk][1],
            one_time_password_expires_at=one_time_expiry(),
        )
        if roles := _roles(account, fields, places, batch, access):
            writes.append(_Write(row, account, roles))
    User.objects.bulk_create([write.account for write in writes])
    return writes


def _add_to(
    batch: Batch, rows: Sequence[BatchRow], plans: Mapping[int, Any], access: Access, *, opened: Mapping[str, User]
) -> list[_Write]:
    """Further roles: of accounts on record still in charge of whoever confirmed, or opened by this import."""
    known = [row for row in rows if row.action == Action.UPDATE]
    accounts = in_charge_among([plans[row.pk]["user"] for row in known if "user" in plans[row.pk]], access)
    usernames = [plans[row.pk]["username"] for row in known if "user" not in plans[row.pk]]
    found = User.objects.filter(username__in=usernames)
    mine = BatchEffect.objects.filter(batch=batch, is_new=True, user__in=found).values("user")
    opened = {user.username: user for user in found.filter(pk__in=mine)} | dict(opened)
    fresh = {row.pk: accounts.get(plans[row.pk].get("user")) or opened.get(plans[row.pk]["username"]) for row in known}
    standing = standing_roles([user.pk for user in fresh.values() if user], business_date())
    places = _places(known, plans)
    writes = []
    for row in known:
        account = fresh[row.pk]
        if account is None or not account.is_active or account.pk == access.user.pk:
            continue
        roles = _roles(account, plans[row.pk], places, batch, access)
        if roles and not any((account.pk, role.role, role.organisation_id) in standing for role in roles):
            writes.append(_Write(row, account, roles))
    return writes


def _places(rows: Sequence[BatchRow], plans: Mapping[int, Any]) -> dict[int, Organisation]:
    return Organisation.objects.in_bulk({given["organisation"] for row in rows for given in plans[row.pk]["roles"]})


def _roles(
    account: User, fields: Mapping[str, Any], places: Mapping[int, Organisation], batch: Batch, access: Access
) -> list[RoleAssignment]:
    """The roles of a row; none if one of them may not be given any more."""
    roles = []
    for given in fields["roles"]:
        place = places.get(given["organisation"])
        if place is None or not place.existed_on(business_date()) or given["role"] not in roles_at(place.kind):
            return []
        if not access.may(Permission.MANAGE_ACCOUNTS, place):
            return []
        roles.append(
            RoleAssignment(
                user=account,
                role=given["role"],
                organisation=place,
                starts_on=date.fromisoformat(given["starts_on"]),
                ends_on=date.fromisoformat(given["ends_on"]) if given["ends_on"] else None,
                granted_by=batch.applied_by,
            )
        )
    return roles


def _keep_effects(batch: Batch, writes: Sequence[_Write], passwords: Passwords) -> None:
    BatchEffect.objects.bulk_create(
        [
            BatchEffect(
                batch=batch,
                row=write.row,
                is_new=write.row.action == Action.CREATE,
                user=write.account,
                organisation=write.roles[0].organisation,
                details=json.dumps(_details(write, passwords)),
            )
            for write in writes
        ]
    )


def _details(write: _Write, passwords: Passwords) -> dict[str, Any]:
    details: dict[str, Any] = {"roles": [role.pk for role in write.roles]}
    if write.row.action == Action.CREATE:
        expires_at = write.account.one_time_password_expires_at
        assert expires_at is not None
        details |= {"password": passwords[write.row.pk][0], "expires_at": expires_at.isoformat()}
    return details


def _entries(write: _Write) -> list[Entry]:
    """As the single acts put it."""
    account, place = write.account, write.roles[0].organisation
    entries = []
    if write.row.action == Action.CREATE:
        changes = {"username": ("", account.username), "person": ("", str(account.person or ""))}
        entries.append(Entry(verb="account.open", target=account, organisation=place.pk, changes=changes))
    for role in write.roles:
        changes = {
            "role": ("", str(Role(role.role).label)),
            "organisation": ("", str(role.organisation)),
            "starts_on": ("", role.starts_on.isoformat()),
        }
        entries.append(Entry(verb="role.grant", target=account, organisation=role.organisation_id, changes=changes))
    return entries
