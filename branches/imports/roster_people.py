"""Finds the person each row of a roster is about, among those looked up for the whole file at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from branches.models import Batch, Education, Membership, Nation, Organisation, Person
from branches.queries import rosters as queries
from branches.rights import Access
from branches.rules import roster_dates
from branches.rules.people import Precision
from branches.rules.roster_rows import RosterEntry
from foundation.encryption import blind_index, mask_identity

_TELLING = ("birth_date", "joined_on")


@dataclass
class Known:
    """What the records say: branches and code tables for the whole file, people for one chunk of its rows at a time."""

    batch: Batch
    access: Access
    labels: Mapping[str, Mapping[str, str]]
    branches: Mapping[str, Sequence[Organisation]]
    nations: Mapping[str, Nation]
    educations: Mapping[str, Education]
    people: Mapping[str, Person] = field(default_factory=dict)
    namesakes: Mapping[tuple[int, str], Sequence[Person]] = field(default_factory=dict)
    memberships: Mapping[int, Membership] = field(default_factory=dict)
    row_of: dict[int, int] = field(default_factory=dict)  # person → the row that speaks for them

    def label(self, entry: RosterEntry, key: str) -> str:
        return self.labels.get(entry.sheet, {}).get(key, "")


def look_up(entries: Sequence[RosterEntry], known: Known) -> None:
    """Look up the people of the next entries, for all of them at once."""
    entries = [entry for entry in entries if not entry.is_refused]
    people = queries.people_by_number({_hash(entry) for entry in entries if entry.identity_number})
    unknown = {entry.values["name"] for entry in entries if _hash(entry) not in people}
    namesakes = queries.namesakes(known.batch.organisation, unknown)
    ids = {person.pk for person in people.values()} | {person.pk for found in namesakes.values() for person in found}
    known.people, known.namesakes, known.memberships = people, namesakes, queries.latest_memberships(ids)


def begin(batch: Batch, access: Access, labels: Mapping[str, Mapping[str, str]]) -> Known:
    """What the plan needs to know whoever is listed."""
    return Known(
        batch=batch,
        access=access,
        labels=labels,
        branches=queries.branches_by_name(batch.organisation, batch.as_of),
        nations=queries.nations_by_key(),
        educations=queries.educations_by_name(),
    )


def find_person(entry: RosterEntry, branch: Organisation, known: Known) -> Person | None:
    """The person a row is about; None for a new one. What stands in the way is added to the entry."""
    person = known.people.get(_hash(entry)) if entry.identity_number else None
    namesakes = known.namesakes.get((branch.pk, entry.values["name"]), ())
    if person is None and namesakes:
        person = _namesake(entry, namesakes, known)
    label = known.label(entry, "identity_number")
    if person is None and not entry.identity_number and not entry.is_refused:
        if entry.masked_number:
            entry.add("id_masked", label)
        else:
            entry.add("no_number", label)
    if person is not None:
        seen = known.row_of.setdefault(person.pk, entry.number)
        if seen != entry.number:
            entry.add("person_twice", row=seen)
    elif namesakes and not entry.is_refused:
        entry.add("same_name", known.label(entry, "name"))
    return person


def _namesake(entry: RosterEntry, namesakes: Sequence[Person], known: Known) -> Person | None:
    """Somebody of the same name in the same branch whose birth and joining fit, when no number decides."""
    label = known.label(entry, "identity_number")
    fitting = [person for person in namesakes if _fits(person, entry)]
    if entry.masked_number:
        fitting = [person for person in fitting if mask_identity(person.identity_number or "") == entry.masked_number]
    if entry.identity_number:
        numberless = [person for person in fitting if not person.identity_number]
        if not numberless and any(_is_certain(person, entry) for person in fitting):
            entry.add("person_has_number", label)
        fitting = numberless
    if len(fitting) > 1:
        entry.add("several_people", label)
    if len(fitting) != 1:
        return None
    if entry.identity_number:
        entry.add("number_added", label)
    return fitting[0]


def _fits(person: Person, entry: RosterEntry) -> bool:
    """Birth (to the month) and joining do not contradict, and one of them agrees unless neither is known at all."""
    answers = [_same_month(person, entry, key) for key in _TELLING]
    return False not in answers and (True in answers or not any(_says(person, entry, key) for key in _TELLING))


def _is_certain(person: Person, entry: RosterEntry) -> bool:
    return all(_same_month(person, entry, key) for key in _TELLING)


def _says(person: Person, entry: RosterEntry, key: str) -> bool:
    return getattr(person, key) is not None or key in entry.values


def _same_month(person: Person, entry: RosterEntry, key: str) -> bool | None:
    mine, theirs = getattr(person, key), entry.values.get(key)
    if mine is None or theirs is None:
        return None
    coarse = Precision.MONTH if entry.values[f"{key}_precision"] != Precision.YEAR else Precision.YEAR
    return roster_dates.agrees(mine, _coarser(getattr(person, f"{key}_precision")), theirs, coarse)


def _coarser(precision: str) -> str:
    return Precision.YEAR if precision == Precision.YEAR else Precision.MONTH


def _hash(entry: RosterEntry) -> str:
    return blind_index(entry.identity_number) if entry.identity_number else ""
