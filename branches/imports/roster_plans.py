"""Decides row by row what a roster would change. Reads everything in advance and writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from branches.imports.planning import CHUNK, Planned, Proposal, make_row
from branches.imports.roster_people import Known, begin, find_person, look_up
from branches.imports.rosters import read_entries
from branches.imports.workbooks import Book
from branches.models import Batch, BatchRow, Education, Membership, Nation, Organisation, Person
from branches.rights import Access, Permission
from branches.rules import roster_cells, roster_dates
from branches.rules.layouts import Layout
from branches.rules.people import category_on
from branches.rules.roster_columns import COLUMNS
from branches.rules.roster_rows import RosterEntry
from foundation.encryption import mask_identity, mask_phone

Action = BatchRow.Action
DATES = ("birth_date", "joined_on", "full_on")
TEXTS = ("name", "sex", "native_place", "position_title", "phone", "home_address", "identity_number")
_ENDED_FOR_GOOD = frozenset(
    {Membership.End.LEFT, Membership.End.EXPELLED, Membership.End.REMOVED, Membership.End.DECEASED}
)


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
    entries = read_entries(book, layouts, today=batch.as_of)
    while chunk := list(islice(entries, CHUNK)):
        people = [entry for entry in chunk if entry is not None]
        look_up(people, known)
        rows = [_plan_row(entry, known, position + at) for at, entry in enumerate(people)]
        position += len(rows)
        yield Planned(rows, ignored=len(chunk) - len(people))


def _plan_row(entry: RosterEntry, known: Known, position: int) -> BatchRow:
    branch = _branch(entry, known)
    proposals = []
    if branch is not None and not entry.is_refused:
        person = find_person(entry, branch, known)
        if not entry.is_refused:
            proposals = _proposals(entry, branch, person, known)
    if entry.is_refused:
        proposals = [Proposal(Action.REFUSED)]
    return make_row(
        known.batch,
        position,
        sheet=entry.sheet,
        number=entry.number,
        name=entry.values.get("name", ""),
        organisation=branch.pk if branch else None,
        proposals=proposals,
        problems=entry.problems,
    )


def _branch(entry: RosterEntry, known: Known) -> Organisation | None:
    if not entry.branch:
        return None
    found = known.branches.get(roster_cells.branch_key(entry.branch), ())
    if len(found) == 1:
        return found[0]
    entry.add("branch_ambiguous" if found else "branch_unknown", known.label(entry, "branch"), value=entry.branch[:60])
    return None


def _proposals(entry: RosterEntry, branch: Organisation, person: Person | None, known: Known) -> list[Proposal]:
    """What may be done with the row, the likeliest first."""
    fields = _fields(entry, known)
    if person is None:
        _check_new(entry, known)
        return [Proposal(Action.CREATE, fields=_plain_fields(fields), changes=_shown_changes(None, fields, known))]
    membership = known.memberships.get(person.pk)
    if membership is None or not known.access.may(Permission.MANAGE_PEOPLE, membership.branch):
        entry.add("elsewhere")
        return []
    moves = _moves(entry, branch, membership, known.batch.as_of)
    changed = _changed(person, fields, entry, known)
    changes = _shown_changes(person, changed, known)
    if moves:
        before = "" if membership.ends_on else membership.branch.short_name
        changes.insert(0, ["branch", before, branch.short_name])
    return [
        Proposal(
            Action.MOVE if moves else Action.UPDATE if changed else Action.UNCHANGED,
            person=person.pk,
            version=person.version,
            membership=membership.pk,
            fields=_plain_fields(changed),
            changes=changes,
        )
    ]


def _check_new(entry: RosterEntry, known: Known) -> None:
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
    person: Person, fields: Mapping[str, Any], changed: dict[str, Any], entry: RosterEntry, known: Known
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


def _shown_changes(person: Person | None, fields: Mapping[str, Any], known: Known) -> list[list[str]]:
    """[field, before, after] as the preview shows them; identity numbers and phones masked."""
    shown = []
    for key in (column.key for column in COLUMNS if column.key in fields):
        if person is None and key == "name":
            continue
        value, before = fields[key], ""
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


def _plain_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _plain(value) for key, value in fields.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Nation | Education):
        return value.pk
    return value.isoformat() if isinstance(value, date) else value
