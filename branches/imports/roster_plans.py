"""Decides row by row what a roster would change. Reads everything in advance and writes nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from branches.imports.rosters import ReadRoster
from branches.models import Education, Membership, Nation, Organisation, Person, RosterBatch, RosterRow
from branches.queries import rosters as queries
from branches.rights import Access, Permission
from branches.rules import roster_cells, roster_dates
from branches.rules.people import Precision, category_on
from branches.rules.roster_rows import RosterEntry
from foundation.encryption import blind_index, mask_identity, mask_phone

Action = RosterRow.Action
DATES = ("birth_date", "joined_on", "full_on")
TEXTS = ("name", "sex", "native_place", "position_title", "phone", "home_address", "identity_number")
_ENDED_FOR_GOOD = frozenset(
    {Membership.End.LEFT, Membership.End.EXPELLED, Membership.End.REMOVED, Membership.End.DECEASED}
)


@dataclass
class Plan:
    rows: list[RosterRow]
    counts: dict[str, int]


@dataclass
class _Known:
    """What the records say, looked up for the whole file at once."""

    batch: RosterBatch
    access: Access
    labels: Mapping[str, Mapping[str, str]]
    branches: Mapping[str, Sequence[Organisation]]
    people: Mapping[str, Person]
    namesakes: Mapping[tuple[int, str], Sequence[Person]]
    memberships: Mapping[int, Membership]
    nations: Mapping[str, Nation]
    educations: Mapping[str, Education]
    row_of: dict[int, int] = field(default_factory=dict)  # person → the row that speaks for them

    def label(self, entry: RosterEntry, key: str) -> str:
        return self.labels.get(entry.sheet, {}).get(key, "")


def make_plan(roster: ReadRoster, *, batch: RosterBatch, access: Access) -> Plan:
    """The plan of a roster that was read.

    Args:
        roster: its rows.
        batch: says where and as of which day it is brought in.
        access: what the importer may do; people and branches beyond it are refused without a word about them.
    """
    known = _look_up(roster, batch, access)
    rows = [_plan_row(entry, known) for entry in roster.entries]
    counts = Counter(str(row.action) for row in rows)
    warned = sum(1 for row in rows if row.problems and row.action != Action.REFUSED)
    return Plan(rows, {**counts, "rows": len(rows), "warned": warned, "ignored": roster.ignored})


def _look_up(roster: ReadRoster, batch: RosterBatch, access: Access) -> _Known:
    entries = [entry for entry in roster.entries if not entry.is_refused]
    people = queries.people_by_number({_hash(entry) for entry in entries if entry.identity_number})
    unknown = {entry.values["name"] for entry in entries if _hash(entry) not in people}
    namesakes = queries.namesakes(batch.organisation, unknown)
    ids = {person.pk for person in people.values()} | {person.pk for found in namesakes.values() for person in found}
    return _Known(
        batch=batch,
        access=access,
        labels=roster.labels,
        branches=queries.branches_by_name(batch.organisation, batch.as_of),
        people=people,
        namesakes=namesakes,
        memberships=queries.latest_memberships(ids),
        nations=queries.nations_by_key(),
        educations=queries.educations_by_name(),
    )


def _plan_row(entry: RosterEntry, known: _Known) -> RosterRow:
    row = RosterRow(
        batch=known.batch, sheet=entry.sheet, number=entry.number, name=entry.values.get("name", ""), action=Action.REFUSED
    )
    row.branch = branch = _branch(entry, known)
    if branch is not None and not entry.is_refused:
        person = _person(entry, branch, known)
        if not entry.is_refused:
            _settle(row, entry, branch, person, known)
    row.problems = [problem.as_json() for problem in entry.problems]
    if entry.is_refused:
        row.action, row.person, row.values, row.changes = Action.REFUSED, None, "", ""
    return row


def _branch(entry: RosterEntry, known: _Known) -> Organisation | None:
    if not entry.branch:
        return None
    found = known.branches.get(roster_cells.branch_key(entry.branch), ())
    if len(found) == 1:
        return found[0]
    entry.add("branch_ambiguous" if found else "branch_unknown", known.label(entry, "branch"), value=entry.branch[:60])
    return None


def _person(entry: RosterEntry, branch: Organisation, known: _Known) -> Person | None:
    """The person a row is about; None for a new one. What stands in the way is added to the entry."""
    person = known.people.get(_hash(entry)) if entry.identity_number else None
    namesakes = known.namesakes.get((branch.pk, entry.values["name"]), ())
    if person is None and namesakes:
        person = _namesake(entry, namesakes, known)
    label = known.label(entry, "identity_number")
    if person is None and not entry.identity_number and not entry.is_refused:
        if entry.masked_number:
            entry.add("id_masked", label)
        elif not known.batch.adds_without_number:
            entry.add("id_empty", label)
        else:
            entry.add("no_number", label)
    if person is not None:
        seen = known.row_of.setdefault(person.pk, entry.number)
        if seen != entry.number:
            entry.add("person_twice", row=seen)
    elif namesakes and not entry.is_refused:
        entry.add("same_name", known.label(entry, "name"))
    return person


def _namesake(entry: RosterEntry, namesakes: Sequence[Person], known: _Known) -> Person | None:
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
    answers = [_same_month(person, entry, key) for key in ("birth_date", "joined_on")]
    return False not in answers and (True in answers or not any(_says(person, entry, key) for key in DATES[:2]))


def _is_certain(person: Person, entry: RosterEntry) -> bool:
    return all(_same_month(person, entry, key) for key in ("birth_date", "joined_on"))


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


def _settle(row: RosterRow, entry: RosterEntry, branch: Organisation, person: Person | None, known: _Known) -> None:
    """Fill in what is to be done with the row."""
    fields = _fields(entry, known)
    if person is None:
        _check_new(entry, known)
        row.action = Action.CREATE
        _write_down(row, fields, membership=None, changes=_shown_changes(None, fields, known))
        return
    membership = known.memberships.get(person.pk)
    if membership is None or not known.access.may(Permission.MANAGE_PEOPLE, membership.branch):
        entry.add("elsewhere")
        return
    moves = _moves(entry, branch, membership, known.batch.as_of)
    changed = _changed(person, fields, entry, known)
    row.person, row.person_version = person, person.version
    row.action = Action.MOVE if moves else Action.UPDATE if changed else Action.UNCHANGED
    changes = _shown_changes(person, changed, known)
    if moves:
        before = "" if membership.ends_on else membership.branch.short_name
        changes.insert(0, ["branch", before, branch.short_name])
    _write_down(row, changed, membership=membership.pk, changes=changes)


def _check_new(entry: RosterEntry, known: _Known) -> None:
    """What a new member cannot do without."""
    for key, code in (("category", "category_empty"), ("joined_on", "joined_empty")):
        if key not in entry.values:
            entry.add(code, known.label(entry, key))


def _moves(entry: RosterEntry, branch: Organisation, membership: Membership, as_of: date) -> bool:
    """Whether the row takes the person to another branch; adds why it cannot."""
    if membership.ends_on is not None and membership.ends_on < as_of:
        if membership.end_kind in _ENDED_FOR_GOOD:
            entry.add("membership_ended", day=membership.ends_on.isoformat())
        return True
    if membership.branch_id == branch.pk:
        return False
    if membership.starts_on >= as_of or membership.ends_on is not None:
        entry.add("newer_membership", day=membership.starts_on.isoformat())
    return True


def _fields(entry: RosterEntry, known: _Known) -> dict[str, Any]:
    """The fields of a person the row fills in; code tables resolved."""
    fields = dict(entry.values)
    if entry.nation:
        nation = known.nations.get(roster_cells.nation_key(entry.nation))
        if nation is None:
            entry.add("nation_unknown", known.label(entry, "nation"), value=entry.nation[:20])
        else:
            fields["nation"] = nation
    if entry.education:
        written, usual = roster_cells.education_names(entry.education)
        education = known.educations.get(written) or known.educations.get(usual)
        if education is None:
            entry.add("education_unknown", known.label(entry, "education"), value=entry.education[:20])
        else:
            fields["education"] = education
    return fields


def _changed(person: Person, fields: Mapping[str, Any], entry: RosterEntry, known: _Known) -> dict[str, Any]:
    """Those of `fields` that differ from the record. A less exact date that agrees is none; a blank never is."""
    changed: dict[str, Any] = {key: fields[key] for key in TEXTS if key in fields and fields[key] != getattr(person, key)}
    for key in ("nation", "education"):
        if key in fields and fields[key].pk != getattr(person, f"{key}_id"):
            changed[key] = fields[key]
    for key in DATES:
        if key not in fields:
            continue
        mine, my_precision = getattr(person, key), getattr(person, f"{key}_precision")
        theirs, precision = fields[key], fields[f"{key}_precision"]
        if mine is not None and roster_dates.agrees(mine, my_precision, theirs, precision):
            exactness = len(roster_dates.show(theirs, precision)) - len(roster_dates.show(mine, my_precision))
            if exactness < 0:
                entry.add("date_less_exact", known.label(entry, key))
            if exactness <= 0:
                continue
        changed[key], changed[f"{key}_precision"] = theirs, precision
    _change_category(person, fields, changed, entry, known)
    return changed


def _change_category(
    person: Person, fields: Mapping[str, Any], changed: dict[str, Any], entry: RosterEntry, known: _Known
) -> None:
    """The day of becoming a full member outweighs the word: where they contradict, the record stays as it is."""
    category, day = fields.get("category"), known.batch.as_of
    if category is None or category == person.category_on(day):
        return
    full_on = changed.get("full_on", person.full_on)
    if category_on(declared=category, full_on=full_on, day=day) == category:
        changed["category"] = category
    else:
        entry.add("category_contradicts", known.label(entry, "category"))


def _shown_changes(person: Person | None, fields: Mapping[str, Any], known: _Known) -> list[list[str]]:
    """[field, before, after] as the preview shows them; identity numbers and phones masked."""
    shown = []
    for key, value in fields.items():
        if key.endswith("_precision") or (person is None and key == "name"):
            continue
        before = ""
        if person is not None:
            mine = person.category_on(known.batch.as_of) if key == "category" else getattr(person, key)
            before = _shown(key, mine, getattr(person, f"{key}_precision", ""))
        shown.append([key, before, _shown(key, value, fields.get(f"{key}_precision", ""))])
    return shown


def _shown(key: str, value: Any, precision: str) -> str:
    if value is None or value == "":
        return ""
    if key in DATES:
        return roster_dates.show(value, precision)
    if key == "identity_number":
        return mask_identity(value)
    if key == "phone":
        return mask_phone(value)
    if key == "home_address":
        return "•••"
    return str(value.name) if isinstance(value, Nation | Education) else str(value)


def _write_down(row: RosterRow, fields: Mapping[str, Any], *, membership: int | None, changes: list[list[str]]) -> None:
    plain = {
        key: value.pk if isinstance(value, Nation | Education) else value.isoformat() if isinstance(value, date) else value
        for key, value in fields.items()
    }
    row.values = json.dumps({"fields": plain, "membership": membership}, ensure_ascii=False)
    row.changes = json.dumps(changes, ensure_ascii=False)


def _hash(entry: RosterEntry) -> str:
    return blind_index(entry.identity_number) if entry.identity_number else ""
