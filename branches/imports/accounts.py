"""Decides what a table of accounts would change: who gets an account, and which roles are added."""

from __future__ import annotations

from collections import ChainMap, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from branches.imports.planning import CHUNK, Planned, Proposal, make_row
from branches.imports.tables import read_entries
from branches.imports.workbooks import Book
from branches.models import Batch, BatchRow, Organisation, Person, RoleAssignment, User
from branches.queries import account_tables as queries
from branches.rights import Access
from branches.rules.account_rows import read_row
from branches.rules.accounts import roles_at, username_for
from branches.rules.layouts import Layout
from branches.rules.table_rows import TableEntry, name_key
from foundation.encryption import mask_identity

Action = BatchRow.Action


@dataclass
class Known:
    """What the records say, and what earlier rows of the file do: `opened` are the accounts they open."""

    batch: Batch
    importer: int | None
    places: Mapping[str, Sequence[Organisation]]
    usernames: dict[str, str]
    accounts: Mapping[str, User]
    roles: Mapping[tuple[int, str, int], Sequence[RoleAssignment]]
    people: Mapping[str, Person]
    opened: dict[str, TableEntry] = field(default_factory=dict)
    by_number: dict[str, str] = field(default_factory=dict)
    by_name: dict[str | Person, list[User]] = field(default_factory=lambda: defaultdict(list))
    names: dict[str, int] = field(default_factory=dict)
    granted: dict[tuple[str, str, int], int] = field(default_factory=dict)


def plan(book: Book, layouts: Sequence[Layout], batch: Batch, access: Access) -> Iterator[Planned]:
    """The plan of a table of accounts.

    Args:
        book: the file.
        layouts: where its tables stand.
        batch: says where and as of which day it is brought in.
        access: what the importer may do; accounts, people and places beyond it are refused without a word about them.
    """
    entries, ignored = read_entries(book, layouts, lambda row: read_row(row, today=batch.as_of))
    known = _look_up(batch, access, entries)
    rows = [_plan_row(entry, known, position) for position, entry in enumerate(entries)]
    for start in range(0, max(len(rows), 1), CHUNK):
        yield Planned(rows[start : start + CHUNK], ignored=0 if start else ignored)


def _look_up(batch: Batch, access: Access, entries: Sequence[TableEntry]) -> Known:
    places: dict[str, dict[int, Organisation]] = defaultdict(dict)
    for place in queries.places_to_grant(batch.organisation, access):
        for name in (place.name, place.short_name):
            places[name_key(name)][place.pk] = place
        places[f"code {place.code.casefold()}"][place.pk] = place
    accounts = queries.accounts_to_change(batch.organisation, access)
    numbers = {str(entry.values["identity_number"]) for entry in entries if "identity_number" in entry.values}
    known = Known(
        batch=batch,
        importer=access.user.pk,
        places={name: list(found.values()) for name, found in places.items()},
        usernames=queries.usernames_taken(),
        accounts={account.username: account for account in accounts},
        roles=queries.standing_roles([account.pk for account in accounts], access.day),
        people=queries.people_in_reach(numbers, access),
    )
    for account in accounts:
        known.by_name[account.name].append(account)
        if account.person is not None:
            known.by_name[account.person].append(account)
    return known


def _plan_row(entry: TableEntry, known: Known, position: int) -> BatchRow:
    place = _place(entry, known)
    account = _account(entry, place, known)
    proposal = Proposal(Action.REFUSED)
    if not entry.is_refused:
        proposal = _existing(entry, account, place, known) if account else _new(entry, place, known)
    if entry.is_refused:
        proposal = Proposal(Action.REFUSED)
    return make_row(
        known.batch,
        position,
        sheet=entry.row.sheet,
        number=entry.row.number,
        name=entry.name,
        organisation=place.pk if place else None,
        proposals=[proposal],
        problems=entry.problems,
    )


def _place(entry: TableEntry, known: Known) -> Organisation | None:
    """Where the roles are given; adds why they cannot be."""
    text = entry.row.text("organisation")
    if not text:
        if entry.values["roles"]:
            entry.add("account_organisation_empty", "organisation")
        return None
    found = known.places.get(f"code {name_key(text)}") or known.places.get(name_key(text), ())
    if not found:
        entry.add("account_organisation_unknown", "organisation", value=text[:60])
        return None
    if len(found) > 1:
        first, second = (f"{place.name}（{place.code}）" for place in found[:2])
        entry.add("account_organisation_ambiguous", "organisation", value=text[:60], first=first, second=second)
        return None
    for role in entry.values["roles"]:
        if role not in roles_at(found[0].kind):
            entry.add("role_not_there", "role", value=entry.row.text("role")[:40], name=str(found[0]))
    return found[0]


def _account(entry: TableEntry, place: Organisation | None, known: Known) -> User | None:
    """The account on record the row is about; by its user name, else by its member or by the very role it has."""
    username = str(entry.values.get("username", ""))
    if username:
        if username not in known.accounts and username.casefold() in known.usernames:
            entry.add("username_taken", "username", value=username)
        return known.accounts.get(username)
    person = known.people.get(str(entry.values.get("identity_number", "")))
    for account in known.by_name.get(person or entry.name, ()):
        wanted = [(account.pk, role, place.pk) for role in entry.values["roles"]] if place else []
        if person is not None or (wanted and all(key in known.roles for key in wanted)):
            return account
    return None


def _existing(entry: TableEntry, account: User, place: Organisation | None, known: Known) -> Proposal:
    """Roles the account lacks are added; its password, name and member stay."""
    if account.name != entry.name:
        entry.add("account_name_differs", "name", name=account.name)
    _compare_person(entry, account, known)
    missing = []
    for role in entry.values["roles"] if place else ():
        standing = known.roles.get((account.pk, role, place.pk), ())  # type: ignore[union-attr]
        if not standing:
            missing.append(role)
        elif not any(_same_days(entry, held) for held in standing):
            entry.add("role_days_differ", "starts_on")
    if missing and not account.is_active:
        entry.add("account_closed", "username")
    if missing and account.pk == known.importer:
        entry.add("account_own", "username")
    _refuse_repeated(entry, account.username, missing, place, known)
    if not missing or place is None:
        return Proposal(Action.UNCHANGED)
    fields = {"user": account.pk, "username": account.username, "roles": _roles(entry, missing, place, known)}
    return Proposal(Action.UPDATE, fields=fields, changes=_shown(fields, place))


def _new(entry: TableEntry, place: Organisation | None, known: Known) -> Proposal:
    """An account with its first roles, or further roles of one an earlier row opens."""
    if not entry.values["roles"] or place is None:
        entry.add("role_empty", "role")
        return Proposal(Action.REFUSED)
    person = _person(entry, known)
    number = str(entry.values.get("identity_number", ""))
    username = str(entry.values.get("username") or known.by_number.get(number, ""))
    earlier = known.opened.get(username.casefold())
    if earlier is not None and earlier.name != entry.name:
        entry.add("username_other_name", "username", name=earlier.name, row=earlier.row.number)
    if not username and not entry.is_refused:
        username = _made_up(entry, known)
    _refuse_repeated(entry, username, entry.values["roles"], place, known)
    if entry.is_refused:
        return Proposal(Action.REFUSED)
    fields: dict[str, Any] = {"username": username, "roles": _roles(entry, entry.values["roles"], place, known)}
    if earlier is not None:
        return Proposal(Action.UPDATE, fields=fields, changes=_shown(fields, place))
    known.opened[username.casefold()] = entry
    if number:
        known.by_number[number] = username
    fields |= {"name": entry.name} | ({"person": person.pk} if person else {})
    return Proposal(Action.CREATE, fields=fields, changes=[["account.username", "", username], *_shown(fields, place)])


def _made_up(entry: TableEntry, known: Known) -> str:
    """Pinyin initials, as when an account is opened by hand."""
    seen = known.names.setdefault(entry.name, entry.row.number)
    if seen != entry.row.number:
        entry.add("account_of_same_name", "name", row=seen)
    return username_for(entry.name, ChainMap[str, Any](known.opened, known.usernames))


def _person(entry: TableEntry, known: Known) -> Person | None:
    if "masked_number" in entry.values:
        entry.add("account_person_masked", "identity_number")
    if "identity_number" not in entry.values:
        return None
    person = known.people.get(str(entry.values["identity_number"]))
    if person is None:
        entry.add("account_person_unknown", "identity_number")
    elif person.name != entry.name:
        entry.add("account_person_other_name", "identity_number", name=person.name)
    return person


def _compare_person(entry: TableEntry, account: User, known: Known) -> None:
    masked = entry.values.get("masked_number")
    number = str(entry.values.get("identity_number", ""))
    if not masked and not number:
        return
    mine = account.person.identity_number or "" if account.person else ""
    if account.person is None:
        entry.add("account_person_kept", "identity_number")
    elif (masked and masked != mask_identity(mine)) or (number and number != mine):
        entry.add("account_person_differs", "identity_number")


def _same_days(entry: TableEntry, held: RoleAssignment) -> bool:
    told = entry.values
    return told.get("starts_on", held.starts_on) == held.starts_on and told.get("ends_on", held.ends_on) == held.ends_on


def _refuse_repeated(
    entry: TableEntry, username: str, roles: Sequence[str], place: Organisation | None, known: Known
) -> None:
    for role in roles if place else ():
        key = (username.casefold(), role, place.pk)  # type: ignore[union-attr]
        earlier = known.granted.setdefault(key, entry.row.number)
        if earlier != entry.row.number and not entry.is_refused:
            entry.add("role_twice", "role", row=earlier)


def _roles(entry: TableEntry, roles: Sequence[str], place: Organisation, known: Known) -> list[dict[str, Any]]:
    starts_on: date = entry.values.get("starts_on", known.batch.as_of)
    ends_on: date | None = entry.values.get("ends_on")
    return [
        {
            "role": role,
            "organisation": place.pk,
            "starts_on": starts_on.isoformat(),
            "ends_on": ends_on.isoformat() if ends_on else None,
        }
        for role in roles
    ]


def _shown(fields: Mapping[str, Any], place: Organisation) -> list[list[str]]:
    first = fields["roles"][0]
    shown = [["account.role", "", given["role"]] for given in fields["roles"]]
    shown += [["account.organisation", "", place.name], ["account.starts_on", "", first["starts_on"]]]
    return shown + ([["account.ends_on", "", first["ends_on"]]] if first["ends_on"] else [])
