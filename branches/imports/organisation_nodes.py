"""The rows of a table of organisations as a tree: which is on record already, and what each one stands under."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from branches.models import Batch, Organisation
from branches.queries.organisation_tables import all_codes, standing_below
from branches.rules.organisations import OrganisationKind
from branches.rules.table_rows import TableEntry, name_key


@dataclass(eq=False)
class Node:
    """One row. `existing` is the organisation it is about, `parent` what it stands under: of record or of the file."""

    entry: TableEntry
    existing: Organisation | None = None
    parent: Organisation | Node | None = None
    code: str = ""

    @property
    def name(self) -> str:
        return self.entry.name

    @property
    def short_name(self) -> str:
        return str(self.entry.values.get("short_name") or (self.existing.short_name if self.existing else self.name))

    @property
    def kind(self) -> str:
        return str(self.entry.values.get("kind") or (self.existing.kind if self.existing else ""))

    def __str__(self) -> str:
        return self.name


Place = Organisation | Node


@dataclass
class Known:
    """Everything below the organisation the table is brought in at, and every code that is taken."""

    batch: Batch
    organisations: Sequence[Organisation]
    codes: set[str]
    by_pk: dict[int, Organisation] = field(default_factory=dict)
    by_code: dict[str, Place] = field(default_factory=dict)
    by_name: dict[str, dict[int, Place]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, place: Place, target: Place | None = None) -> None:
        """Let a place be found by its names."""
        for name in (place.name, place.short_name):
            if name:
                self.by_name[name_key(name)][id(target or place)] = target or place

    def find(self, text: str) -> list[Place]:
        """What `text` may mean: a code decides, else every full or short name."""
        by_code = self.by_code.get(name_key(text))
        return [by_code] if by_code is not None else list(self.by_name.get(name_key(text), {}).values())

    def parent_of(self, organisation: Organisation) -> Organisation | None:
        found = self.by_pk.get(organisation.parent_id) if organisation.parent_id else None
        return found or organisation.parent


def begin(batch: Batch) -> Known:
    organisations = standing_below(batch.organisation)
    known = Known(batch, organisations, all_codes())
    for organisation in organisations:
        known.by_pk[organisation.pk] = organisation
        known.by_code[organisation.code.casefold()] = organisation
        if organisation.ended_on is None:
            known.add(organisation)
    return known


def resolve(entries: Iterable[TableEntry], known: Known) -> list[Node]:
    """The rows with what they are about and stand under, parents before their children and otherwise as in the file."""
    nodes = [Node(entry) for entry in entries]
    for node in nodes:
        _identify(node, known)
    for node in _without_repetitions(nodes):
        known.add(node, node.existing)
        if node.existing is None and node.code:
            known.by_code[node.code.casefold()] = node
    for node in nodes:
        _place(node, known)
    _refuse_rings(nodes)
    return _parents_first(nodes)


def shown(place: Place) -> str:
    """A place as a message names it where two are called alike."""
    if isinstance(place, Node):
        return f"{place.name}（{place.code or place.entry.row.number}）"
    return f"{place.name}（{place.code}）"


def _identify(node: Node, known: Known) -> None:
    code = node.entry.values.get("code", "")
    if code:
        node.code = code
        found = known.by_code.get(code.casefold())
        if isinstance(found, Organisation):
            node.existing, node.code = found, found.code
        elif code.casefold() in known.codes:
            node.entry.add("code_taken", "code", value=code)
    elif node.name:
        _identify_by_name(node, known)


def _identify_by_name(node: Node, known: Known) -> None:
    """Without a code: the one of this full name that stands where the row says; above branches, wherever it stands."""
    key = name_key(node.name)
    alike = [o for o in known.by_name.get(key, {}).values() if isinstance(o, Organisation) and name_key(o.name) == key]
    text = node.entry.row.text("parent")
    here = [o for o in alike if not text or _is_called(known.parent_of(o), text)]
    if not here and node.kind != OrganisationKind.BRANCH:
        here = [o for o in alike if o.kind != OrganisationKind.BRANCH]
    if len(here) > 1:
        node.entry.add("name_ambiguous", "name", value=node.name, first=shown(here[0]), second=shown(here[1]))
    elif here:
        node.existing, node.code = here[0], here[0].code
    elif alike:
        node.entry.add("name_elsewhere", "name", name=shown(alike[0]))


def _is_called(organisation: Organisation | None, text: str) -> bool:
    if organisation is None:
        return False
    names = {name_key(organisation.name), name_key(organisation.short_name)}
    return name_key(text) in {name_key(organisation.code), *names}


def _without_repetitions(nodes: Iterable[Node]) -> list[Node]:
    """All but rows about an organisation an earlier row is about; those are refused."""
    first: dict[object, Node] = {}
    kept = []
    for node in nodes:
        subject = node.existing.pk if node.existing else node.code.casefold() or id(node)
        earlier = first.setdefault(subject, node)
        if earlier is node:
            kept.append(node)
        else:
            node.entry.add("organisation_twice", "code", row=earlier.entry.row.number)
    return kept


def _place(node: Node, known: Known) -> None:
    text = node.entry.row.text("parent")
    if node.existing is not None:
        node.parent = known.parent_of(node.existing)
        if text and not _is_called(node.parent, text) and known.find(text) != [node.parent]:
            node.entry.add("organisation_moves", "parent", name=str(node.parent or node.existing))
        return
    found: list[Place] = known.find(text) if text else [known.by_pk[known.batch.organisation_id]]
    if len(found) == 1:
        node.parent = found[0]
    elif found:
        node.entry.add("parent_ambiguous", "parent", value=text[:60], first=shown(found[0]), second=shown(found[1]))
    else:
        node.entry.add("parent_unknown", "parent", value=text[:60])


def _refuse_rings(nodes: Iterable[Node]) -> None:
    """Refuse the rows that stand, over others, under themselves."""
    settled: set[Node] = set()
    for start in nodes:
        path: dict[Node, None] = {}
        node: Place | None = start
        while isinstance(node, Node) and node not in settled and node not in path:
            path[node] = None
            node = node.parent
        if isinstance(node, Node) and node in path:
            on_path = list(path)
            for member in on_path[on_path.index(node) :]:
                assert isinstance(member.parent, Node)
                member.entry.add("parent_ring", "parent", row=member.parent.entry.row.number)
        settled.update(path)


def _parents_first(nodes: Sequence[Node]) -> list[Node]:
    children: dict[Node, list[Node]] = defaultdict(list)
    for node in nodes:
        if isinstance(node.parent, Node):
            children[node.parent].append(node)
    ordered: dict[Node, None] = {}
    for start in [node for node in nodes if not isinstance(node.parent, Node)] + list(nodes):  # a ring has no start
        waiting = [start]
        while waiting:
            node = waiting.pop()
            if node not in ordered:
                ordered[node] = None
                waiting += reversed(children[node])
    return list(ordered)
