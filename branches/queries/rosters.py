"""What the plan of a roster import has to know; each answer in queries by the hundred rows, never one a row."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby, islice
from typing import TypeVar
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import get_language, gettext

from branches.models import (
    Education,
    Membership,
    Nation,
    Organisation,
    OrganisationName,
    Person,
    RoleAssignment,
    RosterBatch,
    RosterRow,
)
from branches.queries.people import members_of_page, roster_of
from branches.queries.roster import Member
from branches.rights import Access, Permission
from branches.rules.people import Category, Sex, iso_words
from branches.rules.roster_cells import branch_key, nation_key
from branches.rules.roster_problems import Problem
from foundation.encryption import mask_identity

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


# Until then an import is its uploader's: the plan shows what lies in that person's reach.
CONFIRMED = (RosterBatch.State.APPLYING, RosterBatch.State.APPLIED)


def find_batch(pk: UUID, access: Access) -> RosterBatch | None:
    """An import at an organisation whose people one manages: one's own, or once it is confirmed anybody's."""
    batches = RosterBatch.objects.select_related("organisation__parent", "file", "uploaded_by", "job")
    batch = batches.filter(pk=pk).first()
    if batch is None or not access.may(Permission.MANAGE_PEOPLE, batch.organisation):
        return None
    return batch if batch.uploaded_by_id == access.user.pk or batch.state in CONFIRMED else None


def recent_batches(organisation: Organisation) -> QuerySet[RosterBatch]:
    """The last imports at `organisation`, latest first."""
    return RosterBatch.objects.filter(organisation=organisation).select_related("file", "uploaded_by")[:10]


def rows_of(batch: RosterBatch, *, show: str = "") -> QuerySet[RosterRow]:
    """The rows of a plan in the file's order.

    Args:
        batch: the import.
        show: an action, "warned" (to be written, but worth a look), "changed" (left alone because somebody else had
            changed the person meanwhile), or "" for all but the unchanged ones.
    """
    rows = RosterRow.objects.filter(batch=batch).select_related("branch", "person").order_by("sheet", "number")
    if show == "warned":
        return rows.exclude(action=RosterRow.Action.REFUSED).exclude(problems=[])
    if show == "changed":
        return rows.filter(outcome="changed")
    return rows.filter(action=show) if show else rows.exclude(action=RosterRow.Action.UNCHANGED)


def rows_with_problems(batch: RosterBatch) -> QuerySet[RosterRow]:
    rows = RosterRow.objects.filter(batch=batch).select_related("branch", "person").order_by("sheet", "number")
    return rows.exclude(problems=[], outcome="").exclude(problems=[], outcome="written")


@dataclass(frozen=True)
class Tile:
    """A filter of the preview with its count; `show` is what the address says."""

    show: str
    status: str
    number: int


def tiles(batch: RosterBatch) -> list[Tile]:
    counts = batch.counts
    found = [Tile(action, action, counts.get(action, 0)) for action in RosterRow.Action.values]
    found.append(Tile("warned", "warned", counts.get("warned", 0)))
    if changed := counts.get("changed", 0):
        found.append(Tile("changed", "changed", changed))
    return found


def number_to_write(batch: RosterBatch) -> int:
    actions = RosterRow.Action
    return sum(batch.counts.get(action, 0) for action in (actions.CREATE, actions.UPDATE, actions.MOVE))


def answers_for_template(organisation: Organisation, day: date) -> dict[str, list[str]]:
    """What the drop-down lists of the empty form offer."""
    branches = Organisation.objects.under(organisation).branches().existing_on(day).order_by("lft")
    return {
        "branches": list(branches.values_list("name", flat=True)),
        "nations": list(Nation.objects.filter(is_active=True).values_list("name", flat=True)),
        "educations": list(Education.objects.filter(is_active=True).values_list("name", flat=True)),
    }


def absent_members(batch: RosterBatch) -> list[tuple[Organisation, Person]]:
    """Members of the branches the file lists who are not in it: perhaps they have left."""
    listed = RosterRow.objects.filter(batch=batch, person__isnull=False).values("person")
    covered = RosterRow.objects.filter(batch=batch, branch__isnull=False).exclude(action=RosterRow.Action.REFUSED)
    refused = RosterRow.objects.filter(batch=batch, action=RosterRow.Action.REFUSED).values("name")
    memberships = (
        Membership.objects.active_on(batch.as_of)
        .filter(branch__in=covered.values("branch"), person__is_void=False)
        .exclude(person__in=listed)
        .exclude(person__name__in=refused)
        .select_related("person", "branch")
        .order_by("branch__lft", "pk")
    )
    return [(row.branch, row.person) for row in memberships]


@dataclass(frozen=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class PreviewRow:
    """One row as the preview shows it."""

    row: RosterRow
    changes: list[Change]
    problems: list[Problem]

    @property
    def identity(self) -> str:
        """The masked number of the person on record."""
        return mask_identity(self.row.person.identity_number or "") if self.row.person else ""


def previewed(rows: Iterable[RosterRow], *, is_uploader: bool = True) -> list[PreviewRow]:
    """The stored plan of rows, with the words of the reader's language.

    To others than the uploader it does not tell what those who move in were before: that lay in the uploader's reach.
    """
    found = []
    labels = _code_labels()
    for row in rows:
        changes = _changes(row, labels)
        if row.action == RosterRow.Action.MOVE and not is_uploader:
            changes = [replace(change, before="") for change in changes]
        found.append(PreviewRow(row, changes, [Problem(**problem) for problem in row.problems]))
    return found


def roles_left_behind(batch: RosterBatch, access: Access) -> list[RoleAssignment]:
    """Roles that people this import moved still have at a branch they have left: an administrator ends them."""
    moved = RosterRow.objects.filter(batch=batch, action=RosterRow.Action.MOVE, outcome="written")
    former = Membership.objects.valid().filter(
        person=OuterRef("user__person"), branch=OuterRef("organisation"), ends_on__lt=access.day
    )
    return list(
        RoleAssignment.objects.active_on(access.day)
        .filter(access.reach(Permission.VIEW, "organisation__"), Exists(former))
        .filter(user__is_active=True, user__person__in=moved.values("person"))
        .exclude(organisation__in=moved.filter(person=OuterRef("user__person")).values("branch"))
        .select_related("user", "organisation")
        .order_by("organisation__lft", "pk")
    )


def file_problem(batch: RosterBatch) -> Problem | None:
    return Problem(**json.loads(batch.problem)) if batch.problem else None


def members_for_export(organisation: Organisation, access: Access, day: date) -> Iterator[Member]:
    """The members below `organisation` on `day` in roster order, read a few branches at a time."""
    waiting: list[Membership] = []
    for _branch, memberships in groupby(roster_of(organisation, access, day), key=lambda row: row.branch_id):
        waiting += memberships
        if len(waiting) >= CHUNK:
            yield from members_of_page(waiting, day)
            waiting = []
    yield from members_of_page(waiting, day)


def _changes(row: RosterRow, labels: Labels) -> list[Change]:
    return [
        Change(_label(key), _worded(key, before, labels), _worded(key, after, labels))
        for key, before, after in json.loads(row.changes or "[]")
    ]


def _label(key: str) -> str:
    return gettext("branch") if key == "branch" else str(Person._meta.get_field(key).verbose_name)  # type: ignore[union-attr]


def _worded(key: str, value: str, labels: Labels) -> str:
    if key in ("birth_date", "joined_on", "full_on"):
        return iso_words(value)
    choices = {"sex": Sex, "category": Category}.get(key)
    return str(choices(value).label) if choices and value else labels.get((key, value), value)


def _code_labels() -> Labels:
    """The labels of codes by field and Chinese name, which is what a plan keeps; nobody needs them in Chinese."""
    if not (get_language() or "").startswith("en"):
        return {}
    nations = {("nation", row.name): row.label for row in Nation.objects.all()}
    return nations | {("education", row.name): row.label for row in Education.objects.all()}


def chunks(values: Iterable[Value]) -> Iterator[list[Value]]:
    iterator = iter(values)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk
