"""What the plan of a roster import has to know; each answer in queries by the hundred rows, never one a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from itertools import groupby, islice
from typing import TypeVar

from branches.models import (
    Education,
    Membership,
    Nation,
    Organisation,
    OrganisationName,
    Person,
)
from branches.queries.people import members_of_page, roster_of
from branches.queries.roster import Member
from branches.rights import Access
from branches.rules.roster_cells import branch_key, nation_key

Value = TypeVar("Value")
Labels = dict[tuple[str, str], str]
# SQLite takes 999 parameters in a statement of older builds.
CHUNK = 500


def branches_by_name(organisation: Organisation, day: date) -> dict[str, list[Organisation]]:
    """The branches under `organisation` on `day` by the names of today and of that day, without white space."""
    branches = {branch.pk: branch for branch in Organisation.objects.under(organisation).branches().existing_on(day)}
    names: dict[str, dict[int, Organisation]] = defaultdict(dict)
    for branch in branches.values():
        for name in (branch.name, branch.short_name):
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


def people_by_number(hashes: Collection[str]) -> dict[str, Person]:
    """People by the keyed hash of their identity number; somebody merged into another is answered by the other."""
    found = {}
    for chunk in chunks(hashes):
        people = Person.objects.filter(is_void=False, identity_hash__in=chunk).select_related(
            "merged_into", "nation", "education"
        )
        for person in people:
            assert person.identity_hash is not None
            found[person.identity_hash] = person.merged_into or person
    return found


def namesakes(organisation: Organisation, names: Collection[str]) -> dict[tuple[int, str], list[Person]]:
    """Today's members under `organisation` that bear one of `names`, by branch and name."""
    found: dict[tuple[int, str], list[Person]] = defaultdict(list)
    for chunk in chunks(names):
        memberships = (
            Membership.objects.valid()
            .filter(
                ends_on__isnull=True,
                branch__in=Organisation.objects.under(organisation),
                person__name__in=chunk,
                person__is_void=False,
                person__merged_into__isnull=True,
            )
            .select_related("person__nation", "person__education")
        )
        for membership in memberships:
            found[membership.branch_id, membership.person.name].append(membership.person)
    return found


def latest_memberships(person_ids: Collection[int]) -> dict[int, Membership]:
    """Each person's membership that began last."""
    found: dict[int, Membership] = {}
    for chunk in chunks(person_ids):
        rows = Membership.objects.valid().filter(person__in=chunk).select_related("branch").order_by("starts_on", "pk")
        found.update({row.person_id: row for row in rows})
    return found


def nations_by_key() -> dict[str, Nation]:
    return {nation_key(nation.name): nation for nation in Nation.objects.filter(is_active=True)}


def educations_by_name() -> dict[str, Education]:
    return {education.name: education for education in Education.objects.filter(is_active=True)}


def answers_for_template(organisation: Organisation, day: date) -> dict[str, list[str]]:
    """What the drop-down lists of the empty form offer."""
    branches = Organisation.objects.under(organisation).branches().existing_on(day).order_by("lft")
    return {
        "branches": list(branches.values_list("name", flat=True)),
        "nations": list(Nation.objects.filter(is_active=True).values_list("name", flat=True)),
        "educations": list(Education.objects.filter(is_active=True).values_list("name", flat=True)),
    }


def members_for_export(organisation: Organisation, access: Access, day: date) -> Iterator[Member]:
    """The members below `organisation` on `day` in roster order, read a few branches at a time."""
    waiting: list[Membership] = []
    for _branch, memberships in groupby(roster_of(organisation, access, day), key=lambda row: row.branch_id):
        waiting += memberships
        if len(waiting) >= CHUNK:
            yield from members_of_page(waiting, day)
            waiting = []
    yield from members_of_page(waiting, day)


def chunks(values: Iterable[Value]) -> Iterator[list[Value]]:
    iterator = iter(values)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk
