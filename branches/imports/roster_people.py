"""Finds the person each row of a roster is about, among those looked up for many rows at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from branches.models import Batch, Education, Nation, Organisation, Person
from branches.queries import rosters as queries
from branches.queries.rosters import Held
from branches.rights import Access, Permission
from branches.rules import roster_cells, roster_dates
from branches.rules.people import Precision
from branches.rules.roster_rows import RosterEntry
from foundation.clock import business_date
from foundation.encryption import blind_index, mask_identity

_TELLING = ("birth_date", "joined_on")
# So many namesakes are offered to choose from.
MOST_CANDIDATES = 9


@dataclass
class Known:
    """What the records say: branches and code tables for the whole file, people for one chunk of its rows at a time."""

    batch: Batch
    access: Access
    labels: Mapping[str, Mapping[str, str]]
    branches: Mapping[str, Sequence[Organisation]]
    nations: Mapping[str, Nation]
    educations: Mapping[str, Education]
    names: Mapping[tuple[str, int], str]
    people: Mapping[str, Person] = field(default_factory=dict)
    namesakes: Mapping[tuple[int, str], Sequence[Person]] = field(default_factory=dict)
    memberships: Mapping[int, Held] = field(default_factory=dict)
    # Every branch somebody belongs to, wherever it stands; whether the importer may write there.
    places: dict[int, Organisation] = field(default_factory=dict)
    reached: dict[int, bool] = field(default_factory=dict)
    # Person → the row that speaks for them, as the number of its sheet above its own; what tells somebody new without
    # a number → the same. Numbers only: they stay small for the longest of files.
    row_of: dict[int, int] = field(default_factory=dict)
    row_of_new: dict[int, int] = field(default_factory=dict)
    sheets: list[str] = field(default_factory=list)

    def label(self, entry: RosterEntry, key: str) -> str:
        return self.labels.get(entry.sheet, {}).get(key, "")

    def here(self, entry: RosterEntry) -> int:
        if not self.sheets or self.sheets[-1] != entry.sheet:
            self.sheets.append(entry.sheet)
        return (len(self.sheets) - 1) << 32 | entry.number

    def words_of(self, row: int, entry: RosterEntry) -> int | str:
        """An earlier row as a remark on `entry` names it."""
        sheet, number = self.sheets[row >> 32], row & 0xFFFFFFFF
        return number if sheet == entry.sheet else f"{number} ({sheet})"

    def reaches(self, person: Person) -> bool:
        """Whether the importer keeps the members of the branch the person belongs to."""
        held = self.memberships.get(person.pk)
        return held is not None and self.reached[held.branch_id]


@dataclass
class Found:
    """Whom a row is about: somebody on record, or nobody yet. `hash` is that of the row's number.

    `candidates` may be meant as well; `may_be_new` where somebody has to say that it is another person.
    """

    entry: RosterEntry
    branch: Organisation | None
    hash: str = ""
    person: Person | None = None
    candidates: Sequence[Person] = ()
    may_be_new: bool = False
    looked_up: Person | None = None  # somebody out of reach, found by the number


def begin(batch: Batch, access: Access, labels: Mapping[str, Mapping[str, str]]) -> Known:
    """What the plan needs to know whoever is listed."""
    return Known(
        batch=batch,
        access=access,
        labels=labels,
        branches=queries.branches_by_name(batch.organisation, batch.as_of),
        nations=queries.nations_by_key(),
        educations=queries.educations_by_name(),
        names=queries.code_names(),
    )


def find_people(entries: Iterable[RosterEntry], known: Known) -> list[Found]:
    """Whom the next rows are about; what stands in the way is added to the entries. 3 queries, a few more at times."""
    found = [Found(entry, _branch(entry, known)) for entry in entries]
    asked = [one for one in found if one.branch is not None and not one.entry.is_refused]
    for one in asked:
        one.hash = blind_index(one.entry.identity_number) if one.entry.identity_number else ""
    _look_up(asked, known)
    for one in asked:
        _find(one, known)
    return found


def _branch(entry: RosterEntry, known: Known) -> Organisation | None:
    if not entry.branch:
        return None
    found = known.branches.get(roster_cells.branch_key(entry.branch), ())
    if len(found) == 1:
        return found[0]
    entry.add("branch_ambiguous" if found else "branch_unknown", known.label(entry, "branch"), value=entry.branch[:60])
    return None


def _look_up(asked: Sequence[Found], known: Known) -> None:
    known.people = queries.people_by_number({one.hash for one in asked if one.hash})
    known.namesakes = queries.namesakes(
        {
            (one.branch.pk, one.entry.values["name"])
            for one in asked
            if one.branch is not None and one.hash not in known.people
        },
        business_date(),
    )
    ids = {person.pk for person in known.people.values()}
    ids.update(person.pk for people in known.namesakes.values() for person in people)
    known.memberships = queries.held_memberships(ids, business_date())
    unseen = {held.branch_id for held in known.memberships.values()} - known.places.keys()
    for pk, branch in queries.branches_in(unseen).items() if unseen else ():
        known.places[pk], known.reached[pk] = branch, known.access.may(Permission.MANAGE_PEOPLE, branch)


def _find(found: Found, known: Known) -> None:
    entry, person = found.entry, known.people.get(found.hash) if found.hash else None
    if person is not None and not known.reaches(person):
        # Whoever it is and wherever: the answer is the same, and says nothing more.
        entry.add("elsewhere")
        found.looked_up = person
        return
    if person is not None and person.name != entry.values["name"]:
        entry.add("name_differs", known.label(entry, "name"))
    if person is None:
        assert found.branch is not None
        namesakes = known.namesakes.get((found.branch.pk, entry.values["name"]), ())
        namesakes = [one for one in namesakes if known.memberships[one.pk].branch_id == found.branch.pk]
        person = _namesake(found, namesakes, known) if namesakes else None
    found.person = person
    if person is not None:
        if person.pk in known.row_of:
            entry.add("person_twice", row=known.words_of(known.row_of[person.pk], entry))
            found.candidates = (person,)  # if somebody decides to skip that row
        else:
            known.row_of[person.pk] = known.here(entry)
    elif not entry.is_refused:
        _is_new(found, known)


def _namesake(found: Found, namesakes: Sequence[Person], known: Known) -> Person | None:
    """Somebody of the same name in the same branch, when no number decides: the only one whose birth and joining fit,
    or whose number looks the same masked. Whoever else it may be is kept to choose from."""
    entry = found.entry
    label = known.label(entry, "identity_number")
    fitting = [person for person in namesakes if _fits(person, entry)]
    if entry.masked_number:
        namesakes = [
            person for person in namesakes if mask_identity(person.identity_number or "") == entry.masked_number
        ]
        fitting = [person for person in namesakes if len(namesakes) == 1 or person in fitting] or list(namesakes)
    elif entry.identity_number:
        certain = [person for person in fitting if person.identity_number and _is_certain(person, entry)]
        fitting = [person for person in fitting if not person.identity_number]
        namesakes = [person for person in namesakes if not person.identity_number]
        if certain and not fitting:
            entry.add("person_has_number", label)
            namesakes = certain
    found.may_be_new = not entry.masked_number
    if len(fitting) == 1:
        if entry.identity_number:
            entry.add("number_added", label)
        return fitting[0]
    found.candidates = (fitting or namesakes)[:MOST_CANDIDATES]
    if fitting:
        entry.add("several_people", label, candidates=[who(person) for person in found.candidates])
    elif not entry.masked_number and not entry.is_refused:
        entry.add("same_name", known.label(entry, "name"))
    return None


def _is_new(found: Found, known: Known) -> None:
    """Nobody on record: without a number only what else is told keeps two rows apart."""
    entry = found.entry
    if entry.identity_number:
        return
    label = known.label(entry, "identity_number")
    if entry.masked_number:
        entry.add("id_masked", label)
        return
    assert found.branch is not None
    told = hash((found.branch.pk, entry.values["name"], *(_told(entry, key) for key in _TELLING)))
    if told in known.row_of_new:
        found.candidates, found.may_be_new = (), False
        entry.add("person_twice", row=known.words_of(known.row_of_new[told], entry))
    else:
        known.row_of_new[told] = known.here(entry)
        entry.add("no_number", label)


def who(person: Person) -> dict[str, str]:
    """What tells a person from others of the same name, for whoever has to choose."""
    return {
        "name": person.name,
        "born": roster_dates.show(person.birth_date, person.birth_date_precision)[:7],
        "joined": roster_dates.show(person.joined_on, person.joined_on_precision)[:7],
        "number": mask_identity(person.identity_number or ""),
    }


def _fits(person: Person, entry: RosterEntry) -> bool:
    """Neither birth (to the month) nor joining contradicts, and one of them agrees unless neither is known at all."""
    answers = [_agrees(person, entry, key) for key in _TELLING]
    return False not in answers and (True in answers or not any(_says(person, entry, key) for key in _TELLING))


def _is_certain(person: Person, entry: RosterEntry) -> bool:
    return all(_agrees(person, entry, key) for key in _TELLING)


def _says(person: Person, entry: RosterEntry, key: str) -> bool:
    return getattr(person, key) is not None or key in entry.values


def _agrees(person: Person, entry: RosterEntry, key: str) -> bool | None:
    mine, theirs = getattr(person, key), entry.values.get(key)
    if mine is None or theirs is None:
        return None
    my_precision, precision = getattr(person, f"{key}_precision"), entry.values[f"{key}_precision"]
    if key == "birth_date" and Precision.YEAR not in (my_precision, precision):
        precision = Precision.MONTH
    return roster_dates.agrees(mine, my_precision, theirs, precision)


def _told(entry: RosterEntry, key: str) -> str:
    shown = roster_dates.show(entry.values.get(key), entry.values.get(f"{key}_precision", Precision.DAY))
    return shown[:7] if key == "birth_date" else shown
