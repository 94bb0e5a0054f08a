"""Decides row by row what a roster would change. Reads everything in advance and writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Any

from branches.imports.planning import CHUNK, Planned, Proposal, make_row
from branches.imports.roster_people import Found, Known, begin, find_people, who
from branches.imports.rosters import names_of, read_entries
from branches.imports.workbooks import Book
from branches.models import Batch, BatchRow, Education, Membership, Nation, Organisation, Person
from branches.queries.rosters import Held, hindrances
from branches.rights import Access
from branches.rules import roster_cells, roster_dates
from branches.rules.layouts import Layout
from branches.rules.people import Category, category_on
from branches.rules.roster_columns import COLUMNS
from branches.rules.roster_problems import TELLS_WHAT_IS_DONE
from branches.rules.roster_rows import RosterEntry
from foundation.collecting import no_collecting
from foundation.encryption import mask_identity, mask_phone

Action = BatchRow.Action
CODES = ("nation", "education")
DATES = ("birth_date", "joined_on", "full_on")
TEXTS = ("name", "sex", "native_place", "position_title", "phone", "home_address", "identity_number")
# What a new member cannot do without.
NEEDED = (("category", "category_empty"), ("joined_on", "joined_empty"))
_SHOWN = tuple(column.key for column in COLUMNS)


def plan(book: Book, layouts: Sequence[Layout], batch: Batch, access: Access) -> Iterator[Planned]:
    """The plan of a roster, a chunk of its rows at a time.

    Args:
        book: the file.
        layouts: where its tables stand.
        batch: says where and as of which day it is brought in.
        access: what the importer may do; people and branches beyond it are refused without a word about them.
    """
    known = begin(batch, access, {layout.sheet: layout.labels for layout in layouts})
    position = 0
    entries = read_entries(book, layouts, today=batch.as_of, names=names_of(batch, known.branches))
    while chunk := list(islice(entries, CHUNK)):
        people = [entry for entry in chunk if entry is not None]
        planned = _plan_rows(people, known, position)
        position += len(people)
        planned.ignored = len(chunk) - len(people)
        yield planned


@no_collecting()
def _plan_rows(entries: Sequence[RosterEntry], known: Known, position: int) -> Planned:
    found = find_people(entries, known)
    _refuse_moves(found, known)
    planned = Planned()
    for at, one in enumerate(found, start=position):
        entry = one.entry
        row = make_row(
            known.batch,
            at,
            sheet=entry.sheet,
            number=entry.number,
            name=entry.values.get("name", ""),
            organisation=one.branch.pk if one.branch else None,
            proposals=_proposals(one, known),
            problems=entry.problems,
        )
        planned.rows.append(row)
        if one.looked_up is not None:
            held = known.memberships.get(one.looked_up.pk)
            planned.looked_up.append((row, one.looked_up, held.branch_id if held else None))
    return planned


def _refuse_moves(found: Iterable[Found], known: Known) -> None:
    """Whoever cannot leave the branch on record as of the day."""
    moving = {}
    for one in found:
        if one.person is None or one.branch is None or one.entry.is_refused:
            continue
        held = known.memberships[one.person.pk]
        if held.branch_id != one.branch.pk and held.ends_on is None:
            moving[one.person.pk] = (one, held)
    stand = hindrances({pk: (held, one.branch) for pk, (one, held) in moving.items()}, known.batch.as_of)
    for pk, (code, day) in stand.items():
        moving[pk][0].entry.add(code, **({"day": day.isoformat()} if day else {}))


def _proposals(found: Found, known: Known) -> list[Proposal]:
    """What may be done with the row, the proposed first. Where nothing but a choice is wanting, the others follow."""
    entry, branch = found.entry, found.branch
    is_open = not entry.is_refused or bool(found.candidates) or found.may_be_new
    if branch is None or not is_open:
        return [Proposal(Action.REFUSED)]
    fields = _fields(entry, known)
    if found.hash in known.people:  # the number is on record, if not with somebody merged into this person
        fields.pop("identity_number", None)
    others = _others(found, branch, fields, known)
    first = None
    if not entry.is_refused:
        first = _update(found.person, entry, branch, fields, known) if found.person else _create(found, fields, known)
    if first is None or entry.is_refused:
        first = Proposal(Action.REFUSED)
        entry.problems = [one for one in entry.problems if one.code not in TELLS_WHAT_IS_DONE]
    return [first, *others]


def _others(found: Found, branch: Organisation, fields: Mapping[str, Any], known: Known) -> list[Proposal]:
    """What somebody may decide for instead: each that may be meant, and another person of the same name."""
    offered = []
    for person in found.candidates:
        trial = replace(found.entry, problems=[])
        is_other = bool(person.identity_number) and "identity_number" in fields
        told = {key: value for key, value in fields.items() if key != "identity_number"} if is_other else fields
        proposal = _update(person, trial, branch, told, known)
        if not trial.is_refused:
            proposal.label = {"code": "member_with_number" if is_other else "member", "params": who(person)}
            offered.append(proposal)
    is_proposed = found.person is None and not found.entry.is_refused
    if found.may_be_new and not is_proposed:
        trial = replace(found.entry, problems=[])
        proposal = _create(replace(found, entry=trial), fields, known)
        if not trial.is_refused:
            proposal.label = {"code": "another"}
            offered.append(proposal)
    return offered


def _create(found: Found, fields: Mapping[str, Any], known: Known) -> Proposal:
    entry = found.entry
    for key, code in NEEDED:
        if key not in entry.values:
            entry.add(code, known.label(entry, key))
    _check_lasting(entry, found.branch)
    return Proposal(Action.CREATE, fields=_plain_fields(fields), changes=_shown_changes(None, fields, known))


def _update(
    person: Person, entry: RosterEntry, branch: Organisation, fields: Mapping[str, Any], known: Known
) -> Proposal:
    held = known.memberships[person.pk]
    moves = _moves(entry, branch, held, known.batch.as_of)
    changed = _changed(person, fields, entry, known)
    changes = _shown_changes(person, changed, known)
    if moves:
        before = "" if held.ends_on else known.places[held.branch_id].short_name
        changes.insert(0, ["branch", before, branch.short_name])
    return Proposal(
        Action.MOVE if moves else Action.UPDATE if changed else Action.UNCHANGED,
        person=person.pk,
        version=person.version,
        membership=held.pk,
        fields=_plain_fields(changed),
        changes=changes,
    )


def _moves(entry: RosterEntry, branch: Organisation, held: Held, as_of: date) -> bool:
    """Whether the row takes the person to another branch; adds why it cannot."""
    if held.ends_on is not None and held.ends_on < as_of:
        if held.end_kind in Membership.ENDED_FOR_GOOD:
            entry.add("membership_ended", day=held.ends_on.isoformat())
        elif held.later is not None:
            entry.add("newer_membership", day=held.later.isoformat())
        _check_lasting(entry, branch)
        return True
    if held.branch_id == branch.pk:
        if held.starts_on > as_of:
            entry.add("began_later", day=held.starts_on.isoformat())
        return False
    if held.starts_on >= as_of:
        entry.add("newer_membership", day=held.starts_on.isoformat())
    elif held.ends_on is not None:
        entry.add("membership_ends", day=held.ends_on.isoformat())
    _check_lasting(entry, branch)
    return True


def _check_lasting(entry: RosterEntry, branch: Organisation | None) -> None:
    """Nobody is brought into a branch that was dissolved after the day the roster is true of."""
    if branch is not None and branch.ended_on is not None:
        entry.add("branch_ended", day=branch.ended_on.isoformat())


def _fields(entry: RosterEntry, known: Known) -> dict[str, Any]:
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


def _changed(person: Person, fields: Mapping[str, Any], entry: RosterEntry, known: Known) -> dict[str, Any]:
    """Those of `fields` that differ from the record. A less exact date that agrees is none; a blank never is."""
    told = [key for key in TEXTS if key in fields]
    changed: dict[str, Any] = {key: fields[key] for key in told if fields[key] != getattr(person, key)}
    for key in CODES:
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
    person: Person, fields: Mapping[str, Any], changed: dict[str, Any], entry: RosterEntry, known: Known
) -> None:
    """The day of becoming a full member outweighs the word: where they contradict, the record stays as it is."""
    category, day = fields.get("category"), known.batch.as_of
    if category is None or category == person.category_on(day):
        return
    full_on = changed.get("full_on", person.full_on)
    if category_on(declared=category, full_on=full_on, day=day) == category:
        changed["category"] = category
        if category == Category.PROBATIONARY:
            entry.add("category_back", known.label(entry, "category"))
    else:
        entry.add("category_contradicts", known.label(entry, "category"))


def _shown_changes(person: Person | None, fields: Mapping[str, Any], known: Known) -> list[list[str]]:
    """[field, before, after] as the preview shows them; identity numbers and phones masked."""
    shown = []
    for key in _SHOWN:
        if key not in fields or (person is None and key == "name"):
            continue
        before = _shown_before(person, key, known) if person is not None else ""
        shown.append([key, before, _shown(key, fields[key], fields.get(f"{key}_precision", ""))])
    return shown


def _shown_before(person: Person, key: str, known: Known) -> str:
    if key == "category":
        return str(person.category_on(known.batch.as_of))
    if key in CODES:
        return known.names.get((key, getattr(person, f"{key}_id")), "")
    return _shown(key, getattr(person, key), getattr(person, f"{key}_precision", ""))


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
    return str(value.name) if key in CODES else str(value)


def _plain_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _plain(value) for key, value in fields.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Nation | Education):
        return value.pk
    return value.isoformat() if isinstance(value, date) else value
