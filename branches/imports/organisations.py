"""Decides what a table of organisations would change: the whole file is looked at before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from branches.imports.organisation_nodes import Known, Node, Place, begin, resolve
from branches.imports.planning import CHUNK, Planned, Proposal, make_row
from branches.imports.tables import read_entries
from branches.imports.workbooks import Book
from branches.models import Batch, BatchRow, Organisation
from branches.queries.organisation_tables import renamed_after
from branches.rights import Access
from branches.rules.layouts import Layout
from branches.rules.organisation_columns import COLUMNS, TRAITS
from branches.rules.organisation_rows import CODE_LENGTH, read_row
from branches.rules.organisations import may_stand_under
from branches.rules.table_rows import name_key

Action = BatchRow.Action
NAMES = ("name", "short_name")
SHORT_NAME_LENGTH = 60
Claims = dict[tuple[int, str, str], Place]


def plan(book: Book, layouts: Sequence[Layout], batch: Batch, access: Access) -> Iterator[Planned]:
    """The plan of a table of organisations, parents before what stands under them.

    Args:
        book: the file.
        layouts: where its tables stand.
        batch: says where and as of which day it is brought in.
        access: what the importer may do; whoever may bring organisations in here may do so everywhere below.
    """
    entries, ignored = read_entries(book, layouts, lambda row: read_row(row, today=batch.as_of))
    if not entries:
        yield Planned(ignored=ignored)
        return
    rows = _rows(resolve(entries, known := begin(batch)), known)
    for start in range(0, len(rows), CHUNK):
        yield Planned(rows[start : start + CHUNK], ignored=0 if start else ignored)


def _rows(nodes: Sequence[Node], known: Known) -> list[BatchRow]:
    claims = _claims(known)
    renamed = renamed_after(known.batch.organisation, known.batch.as_of)
    numbers: dict[int, int] = {}
    rows = []
    for position, node in enumerate(nodes):
        _check_above(node)
        fields: dict[str, Any] = {}
        if node.existing is not None:
            fields = _differences(node, known, renamed, claims)
        else:
            _check_new(node, claims)
            fields = _founded(node, known, numbers) if not node.entry.is_refused else {}
        _claim(node, claims)
        rows.append(_row(node, fields, known, position))
    return rows


def _row(node: Node, fields: Mapping[str, Any], known: Known, position: int) -> BatchRow:
    entry = node.entry
    if entry.is_refused:
        proposal = Proposal(Action.REFUSED)
    elif node.existing is None:
        proposal = Proposal(Action.CREATE, fields=fields, changes=_shown(fields, str(node.parent)))
    elif fields:
        before = {key: getattr(node.existing, key) for key in fields}
        proposal = Proposal(
            Action.UPDATE,
            fields=fields,
            changes=[[f"organisation.{key}", _text(before[key]), _text(value)] for key, value in fields.items()],
        )
    else:
        proposal = Proposal(Action.UNCHANGED)
    return make_row(
        known.batch,
        position,
        sheet=entry.row.sheet,
        number=entry.row.number,
        name=entry.name or (node.existing.name if node.existing else ""),
        organisation=node.existing.pk if node.existing else None,
        proposals=[proposal],
        problems=entry.problems,
    )


def _check_above(node: Node) -> None:
    """What stands under a refused row cannot be written either."""
    above = node.parent
    if isinstance(above, Node) and above.entry.is_refused and not node.entry.is_refused:
        node.entry.add("parent_refused", "parent", row=above.entry.row.number)


def _check_new(node: Node, claims: Claims) -> None:
    entry, parent = node.entry, node.parent
    for key, code in (("kind", "kind_empty"), ("founded_on", "founded_empty")):
        if key not in entry.values and not any(problem.column == entry.row.label(key) for problem in entry.problems):
            entry.add(code, key)
    if "ended_on" in entry.values:
        entry.add("organisation_not_ended", "ended_on")
    if "short_name" not in entry.values and len(entry.name) > SHORT_NAME_LENGTH:
        entry.add("short_name_needed", "short_name", limit=SHORT_NAME_LENGTH)
    if parent is None or entry.is_refused:
        return
    if not may_stand_under(node.kind, parent.kind):
        entry.add("kind_not_there", "kind", name=str(parent))
    if isinstance(parent, Organisation) and parent.ended_on is not None:
        entry.add("parent_ended", "parent", name=str(parent))
    founded = parent.founded_on if isinstance(parent, Organisation) else parent.entry.values.get("founded_on")
    if founded is not None and founded > entry.values["founded_on"]:
        entry.add("parent_later", "founded_on", name=str(parent), read=founded.isoformat())
    _check_names(node, {"name": node.name, "short_name": node.short_name}, claims)


def _check_names(node: Node, names: Mapping[str, str], claims: Claims) -> None:
    """Of those standing under one parent no two bear the same name."""
    for key, value in names.items():
        other = claims.get((_at(node.parent), key, name_key(value)))
        if other is not None and other is not node.existing:
            node.entry.add("name_beside", key, value=value, name=str(other))
            return


def _claims(known: Known) -> Claims:
    """Every name borne below, by what it stands under."""
    claims: Claims = {}
    for organisation in known.organisations:
        if organisation.ended_on is None and organisation.parent_id is not None:
            above = _at(known.by_pk.get(organisation.parent_id))
            for key in NAMES:
                claims[above, key, name_key(getattr(organisation, key))] = organisation
    return claims


def _claim(node: Node, claims: Claims) -> None:
    if not node.entry.is_refused:
        for key in NAMES:
            claims.setdefault((_at(node.parent), key, name_key(getattr(node, key))), node.existing or node)


def _at(place: Place | None) -> int:
    return 0 if place is None else id(place)


def _founded(node: Node, known: Known, numbers: dict[int, int]) -> dict[str, Any]:
    """What a new organisation is founded with; its parent by number, or by code if the file founds it, too."""
    entry, parent = node.entry, node.parent
    assert parent is not None
    if not node.code:
        _make_code(node, known, numbers)
    known.codes.add(node.code.casefold())
    above = {"parent": parent.pk} if isinstance(parent, Organisation) else {"parent_code": parent.code}
    return {
        "code": node.code,
        "kind": node.kind,
        "name": node.name,
        "short_name": node.short_name,
        "founded_on": entry.values["founded_on"].isoformat(),
        "founding_document": entry.values.get("founding_document", ""),
        **{key: True for key in TRAITS if entry.values.get(key)},
        **above,
    }


def _make_code(node: Node, known: Known, numbers: dict[int, int]) -> None:
    """The parent's code with the next free number."""
    assert node.parent is not None
    number = numbers.get(id(node.parent), 0) + 1
    while (code := f"{node.parent.code}-{number:02}").casefold() in known.codes | known.by_code.keys():
        number += 1
    numbers[id(node.parent)] = number
    node.code = code
    if len(code) > CODE_LENGTH:
        node.entry.add("code_too_long", "code")


def _differences(node: Node, known: Known, renamed: Mapping[int, date], claims: Claims) -> dict[str, Any]:
    """What the row changes about an organisation on record; adds why it cannot."""
    existing, entry, values = node.existing, node.entry, node.entry.values
    assert existing is not None
    if values.get("kind", existing.kind) != existing.kind:
        entry.add("kind_differs", "kind")
    if values.get("founded_on", existing.founded_on) != existing.founded_on:
        entry.add("founded_differs", "founded_on", read=existing.founded_on.isoformat())
    if "ended_on" in values and values["ended_on"] != existing.ended_on:
        entry.add("organisation_not_ended", "ended_on")
    names: dict[str, Any] = {
        key: values[key] for key in NAMES if key in values and name_key(values[key]) != name_key(getattr(existing, key))
    }
    others: dict[str, Any] = {
        key: values[key] for key in TRAITS if key in values and values[key] != getattr(existing, key)
    }
    if name_key(values.get("founding_document", "")) not in ("", name_key(existing.founding_document)):
        others["founding_document"] = values["founding_document"]
    if existing.ended_on is not None and (names or others):
        entry.add("organisation_ended")
    if names and not entry.is_refused:
        _check_renaming(node, names, known.batch.as_of, renamed, claims)
    return {} if entry.is_refused else names | others


def _check_renaming(
    node: Node, names: Mapping[str, str], as_of: date, renamed: Mapping[int, date], claims: Claims
) -> None:
    existing, entry = node.existing, node.entry
    assert existing is not None
    if (later := renamed.get(existing.pk)) is not None:
        entry.add("renamed_later", "name", read=later.isoformat())
    elif existing.founded_on > as_of:
        entry.add("founded_after", "name", read=existing.founded_on.isoformat())
    else:
        _check_names(node, names, claims)
        entry.add("renames", "name", read=as_of.isoformat())


def _shown(fields: Mapping[str, Any], parent: str) -> list[list[str]]:
    """[field, before, after] in the order of the columns."""
    told = {key: _text(value) for key, value in fields.items() if value and key != "name"} | {"parent": parent}
    return [[f"organisation.{column.key}", "", told[column.key]] for column in COLUMNS if column.key in told]


def _text(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
