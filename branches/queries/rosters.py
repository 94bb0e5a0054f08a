"""What the plan of a roster import has to know: each answer for a chunk of its rows at once, never one a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any, TypeVar, cast

from branches.models import (
    Education,
    Membership,
    MemberStatus,
    Nation,
    Organisation,
    OrganisationName,
    Person,
    Transfer,
)
from branches.models.organisations import OrganisationQuerySet
from branches.queries.leaving import Left, groups_left, offices_left, posts_left
from branches.rules.people import StatusKind
from branches.rules.roster_cells import branch_key, nation_key
from branches.rules.table_rows import with_code

Value = TypeVar("Value")
# SQLite takes 999 parameters in a statement of older builds.
CHUNK = 500


def branches_by_name(organisation: Organisation, day: date) -> dict[str, list[Organisation]]:
    """The branches under `organisation` on `day` by the names of today and of that day, without white space."""
    branches = {branch.pk: branch for branch in _branches(organisation, day)}
    names: dict[str, dict[int, Organisation]] = defaultdict(dict)
    for branch in branches.values():
        for name in (branch.name, branch.short_name, with_code(branch.name, branch.code)):
            names[branch_key(name)][branch.pk] = branch
    former = OrganisationName.objects.active_on(day).filter(
        organisation__tree_id=organisation.tree_id,
        organisation__lft__gte=organisation.lft,
        organisation__rght__lte=organisation.rght,
    )
    for pk, name, short_name in former.values_list("organisation_id", "name", "short_name"):
        if pk in branches:
            names[branch_key(name)][pk] = names[branch_key(short_name)][pk] = branches[pk]
    return {name: list(found.values()) for name, found in names.items()}


@dataclass(frozen=True)
class Held:
    """Where somebody belongs today, or belonged last; `later` is the day another membership begins, if one does."""

    pk: int
    person_id: int
    branch_id: int
    starts_on: date
    ends_on: date | None
    end_kind: str
    later: date | None = None


def people_by_number(hashes: Collection[str]) -> dict[str, Person]:
    """People by the keyed hash of their identity number; somebody merged into another is answered by the other.

    1 query, and 1 where somebody was merged.
    """
    people = Person.objects.filter(is_void=False, identity_hash__in=hashes)
    found = {person.identity_hash: person for person in people if person.identity_hash is not None}
    merged: set[int | None] = {person.merged_into_id for person in found.values()} - {None}
    kept: dict[int | None, Person] = {}
    while merged:  # whoever the other one was merged into counts
        kept |= Person.objects.in_bulk(merged)
        merged = {kept[pk].merged_into_id for pk in merged} - {None, *kept}
    for number, person in found.items():
        while person.merged_into_id is not None:
            person = kept[person.merged_into_id]
        found[number] = person
    return found


def namesakes(named: Collection[tuple[int, str]], today: date) -> dict[tuple[int, str], list[Person]]:
    """The members by branch and name, of those in `named`, whose membership has not ended by `today`. 1 query."""
    found: dict[tuple[int, str], list[Person]] = defaultdict(list)
    if not named:
        return found
    memberships = (
        Membership.objects.active_between(today, date.max)
        .filter(
            branch__in={branch for branch, _name in named},
            person__name__in={name for _branch, name in named},
            person__is_void=False,
            person__merged_into__isnull=True,
        )
        .select_related("person")
        .order_by("person_id")
    )
    for membership in memberships:
        key = (membership.branch_id, membership.person.name)
        if key in named:
            found[key].append(membership.person)
    return found


def held_memberships(person_ids: Collection[int], today: date) -> dict[int, Held]:
    """Each person's membership of today, else the one that began last, else the first to come. 1 query."""
    found: dict[int, Held] = {}
    rows = (
        Membership.objects.valid()
        .filter(person__in=person_ids)
        .order_by("starts_on", "pk")
        .values_list("pk", "person_id", "branch_id", "starts_on", "ends_on", "end_kind")
    )
    for row in rows:
        held = Held(*row)
        if held.starts_on <= today or held.person_id not in found:
            found[held.person_id] = held
        else:
            found[held.person_id] = replace(found[held.person_id], later=held.starts_on)
    return found


def hindrances(moves: Mapping[int, tuple[Held, Organisation | None]], on: date) -> dict[int, tuple[str, date | None]]:
    """What keeps people from moving on `on`, as a code of `problems` with its day. 5 queries, none for nobody.

    Source: 《中国共产党党员教育管理工作条例》2019, article 25.
    """
    if not moves:
        return {}
    found: dict[int, tuple[str, date | None]] = {}
    left = cast("Left", moves)  # all that is asked of a membership here is its branch
    rows: list[Any] = [*groups_left(left, on), *offices_left(left, on), *posts_left(left, on)]
    for row in rows:
        if row.starts_on >= on:
            found[row.person_id] = ("held_since", row.starts_on)
    waiting = Transfer.objects.filter(person__in=moves, state=Transfer.State.ASKED)
    found |= dict.fromkeys(waiting.values_list("person_id", flat=True), ("transfer_waiting", None))
    suspended = MemberStatus.objects.active_between(on, date.max).filter(person__in=moves, kind=StatusKind.SUSPENDED)
    found |= dict.fromkeys(suspended.values_list("person_id", flat=True), ("suspended", None))
    return found


def branches_in(pks: Collection[int]) -> dict[int, Organisation]:
    """1 query, none for nobody."""
    return Organisation.objects.in_bulk(pks)


def nations_by_key() -> dict[str, Nation]:
    return {nation_key(nation.name): nation for nation in Nation.objects.filter(is_active=True)}


def educations_by_name() -> dict[str, Education]:
    return {education.name: education for education in Education.objects.filter(is_active=True)}


def code_names() -> dict[tuple[str, int], str]:
    """The names of nations and levels of education, also of those no more in use, by field and number. 2 queries."""
    nations = {("nation", pk): name for pk, name in Nation.objects.values_list("pk", "name")}
    return nations | {("education", pk): name for pk, name in Education.objects.values_list("pk", "name")}


def chunks(values: Iterable[Value]) -> Iterator[list[Value]]:
    iterator = iter(values)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


def _branches(organisation: Organisation, day: date) -> OrganisationQuerySet:
    return Organisation.objects.under(organisation).branches().existing_on(day).filter(is_void=False)
