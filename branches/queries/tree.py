"""The tree as it was on a day: who stood under whom, and what each was called. Rights never ask here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Protocol

from django.db.models import F, Q

from branches.models import Organisation, OrganisationName, Placement


@dataclass(frozen=True)
class TreeOfDay:
    """{organisation: the one above it} by the placements of one day; organisations without a placement are absent."""

    parents: dict[int, int | None]

    def ancestors(self, pk: int) -> list[int]:
        """What stood above, nearest first. Moves entered backdated may have left a ring: it is walked once."""
        found: list[int] = []
        above = self.parents.get(pk)
        while above is not None and above != pk and above not in found:
            found.append(above)
            above = self.parents.get(above)
        return found

    def below(self, pk: int) -> set[int]:
        """The organisation itself and everything that stood under it."""
        return {pk, *(other for other in self.parents if pk in self.ancestors(other))}

    def in_order(self, organisations: Iterable[Organisation]) -> list[tuple[Organisation, int]]:
        """The organisations as an indented list: each under the nearest of them that stood above it, with its depth."""
        shown = {organisation.pk: organisation for organisation in organisations}
        under: dict[int | None, list[Organisation]] = defaultdict(list)
        for organisation in sorted(shown.values(), key=lambda one: (one.tree_id, one.lft)):
            under[next((pk for pk in self.ancestors(organisation.pk) if pk in shown), None)].append(organisation)
        rows: list[tuple[Organisation, int]] = []
        waiting = [(organisation, 0) for organisation in reversed(under[None])]
        while waiting:
            organisation, depth = waiting.pop()
            rows.append((organisation, depth))
            waiting += [(child, depth + 1) for child in reversed(under[organisation.pk])]
        placed = {organisation.pk for organisation, _depth in rows}
        return rows + [(organisation, 0) for pk, organisation in shown.items() if pk not in placed]


def tree_on(day: date) -> TreeOfDay:
    """The tree of `day`, out of reach included. 1 query."""
    rows = Placement.objects.active_on(day).order_by("starts_on", "pk").values_list("organisation_id", "parent_id")
    return TreeOfDay(dict(rows))


def as_called_on(organisations: Iterable[Organisation], day: date) -> dict[int, Organisation]:
    """{key: a copy, never to be saved, that bears the names of `day`}. 1 query.

    Before its first name and after its last an organisation keeps the name it has now.
    """
    found = {organisation.pk: copy(organisation) for organisation in organisations}
    rows = OrganisationName.objects.active_on(day).filter(organisation__in=found).order_by("starts_on", "pk")
    for row in rows:
        found[row.organisation_id].name, found[row.organisation_id].short_name = row.name, row.short_name
    return found


Days = tuple[date, date]


class Interval(Protocol):
    """An organisation as far as today's tree is concerned."""

    @property
    def tree_id(self) -> int: ...

    @property
    def lft(self) -> int: ...

    @property
    def rght(self) -> int: ...


@dataclass(frozen=True)
class StoodUnder:
    """Who stood under one organisation from `first` to `last`, day by day: today's subtree, corrected for the moves.

    `zones` are subtrees of today, the organisation's own among them, in tree order. What lies in one (and in none of
    those inside it) stood under the organisation on its days; the rest of the tree never did.
    """

    first: date
    last: date
    zones: tuple[tuple[Organisation, tuple[Days, ...]], ...]

    def q(self, prefix: str, day_field: str) -> Q:
        """Rows whose organisation stood under it on the row's own day. It says who, not when: bound the days too.

        Args:
            prefix: the lookup path to the row's organisation, with its `__`.
            day_field: the lookup path to the row's day.
        """
        within = f"{prefix.removesuffix('__') or 'pk'}__in"
        condition = Q(pk__in=[])
        for days, roots in self._by_days().items():
            # A sub-select that does not look at the outer row: SQLite reads it once, not once for every row.
            rows = Organisation.objects.filter(self._cut_out(roots)).order_by().values("pk")
            condition |= Q(**{within: rows}) & self._on_days(days, day_field)
        return condition

    def ever(self) -> Q:
        """The condition for organisations that stood under it on at least one day of the time."""
        condition = Q(pk__in=[])
        for roots in self._by_days().values():
            condition |= self._cut_out(roots)
        return condition

    def covers(self, organisation: Interval, day: date) -> bool:
        """Whether `organisation` stood under it, or is it, on `day`."""
        zone = _innermost(organisation, [root for root, _days in self.zones])
        spells = next((days for root, days in self.zones if root is zone), ())
        day = min(max(day, self.first), self.last)
        return any(first <= day <= last for first, last in spells)

    def among(self, organisations: Iterable[Organisation]) -> list[Organisation]:
        """Those of `organisations` that stood under it, or are it, on at least one day of the time."""
        if len(self.zones) == 1:
            top = self.zones[0][0]
            return [one for one in organisations if _lies_in(one, top)]
        standing = {root.pk for root, days in self.zones if days}
        roots = [root for root, _days in self.zones]
        zones = ((one, _innermost(one, roots)) for one in organisations)
        return [one for one, zone in zones if zone is not None and zone.pk in standing]

    def _by_days(self) -> dict[tuple[Days, ...], list[Organisation]]:
        found: dict[tuple[Days, ...], list[Organisation]] = defaultdict(list)
        for root, days in self.zones:
            if days:
                found[days].append(root)
        return found

    def _cut_out(self, roots: list[Organisation]) -> Q:
        """The subtrees of `roots` without the zones inside them."""
        kept = {root.pk for root in roots}
        inside = [
            zone for zone, _days in self.zones if zone.pk not in kept and any(_lies_in(zone, root) for root in roots)
        ]
        wanted = _subtrees(roots)
        if not inside:
            return wanted
        # A wanted root may again lie inside what is cut out.
        again = [root for root in roots if any(_lies_in(root, zone) for zone in inside)]
        return (wanted & ~_subtrees(inside)) | self._cut_out(again) if again else wanted & ~_subtrees(inside)

    def _on_days(self, days: tuple[Days, ...], field_name: str) -> Q:
        condition = Q()
        for first, last in days:
            bounds = Q()
            if first > self.first:
                bounds &= Q(**{f"{field_name}__gte": first})
            if last < self.last:
                bounds &= Q(**{f"{field_name}__lte": last})
            condition |= bounds
        return condition


@dataclass(frozen=True)
class Moves:
    """The organisations moved since a day, each with all places it ever had: (its first day there, the one above)."""

    moved: dict[int, Organisation]
    places: dict[int, list[tuple[date, Organisation | None]]]
    _nearest: dict[int, Organisation | None] = field(default_factory=dict)

    def above(self, organisation: Organisation, day: date) -> int | None:
        """The key of the organisation right above on `day`. Before its first place and after its last those count."""
        if organisation.pk not in self.places:
            return organisation.parent_id
        place = self._place(organisation.pk, day)
        return place.pk if place else None

    def parents(self) -> list[Organisation]:
        """Every organisation that one of them ever stood right under."""
        return [above for places in self.places.values() for _start, above in places if above is not None]

    def under(self, organisation: Organisation, first: date, last: date) -> StoodUnder:
        """Who stood under `organisation` from `first` (no earlier than the moves were asked for) to `last`."""
        spells = self.spells(first, last)
        zones: list[tuple[Organisation, tuple[Days, ...]]] = []
        whole = ((first, last),)
        nodes = {**self.moved, organisation.pk: organisation}
        for node in sorted(nodes.values(), key=lambda one: (one.tree_id, one.lft)):
            own = whole if node.pk == organisation.pk else self._spells(node, organisation, spells)
            around = _innermost(node, [root for root, _days in zones])
            if own != next((spell for root, spell in zones if root is around), ()):
                zones.append((node, own))
        return StoodUnder(first, last, tuple(zones))

    def spells(self, first: date, last: date) -> list[Days]:
        """The stretches of the time in which nothing was moved."""
        starts = {start for places in self.places.values() for start, _above in places if first < start <= last}
        days = [first, *sorted(starts)]
        return [(day, following - _DAY) for day, following in pairwise(days)] + [(days[-1], last)]

    def _spells(self, node: Organisation, top: Organisation, spells: list[Days]) -> tuple[Days, ...]:
        found: list[Days] = []
        for first, last in spells:
            if not self._leads_to(node, top, first):
                continue
            if found and found[-1][1] == first - _DAY:
                first, _ = found.pop()
            found.append((first, last))
        return tuple(found)

    def _leads_to(self, node: Organisation, top: Organisation, day: date) -> bool:
        """Whether the way up from a moved `node` passes `top` on `day`. A ring of backdated moves is walked once."""
        seen: set[int] = set()
        at: Organisation | None = node
        while at is not None and at.pk not in seen:
            seen.add(at.pk)
            above = self._place(at.pk, day)
            if above is None:
                return False
            at = self._nearest_moved(above)
            if _lies_in(above, top) and (at is None or at.pk == top.pk or _lies_in(top, at)):
                return True
        return False

    def _place(self, pk: int, day: date) -> Organisation | None:
        places = self.places[pk]
        return next((above for start, above in reversed(places) if start <= day), places[0][1])

    def _nearest_moved(self, organisation: Organisation) -> Organisation | None:
        if organisation.pk not in self._nearest:
            self._nearest[organisation.pk] = _innermost(organisation, self.moved.values())
        return self._nearest[organisation.pk]


_DAY = timedelta(days=1)


def moves_since(first: date) -> Moves:
    """The organisations that were moved after `first`. 1 query."""
    moved = Placement.objects.valid().filter(starts_on__gt=first).exclude(starts_on=F("organisation__founded_on"))
    rows = (
        Placement.objects.valid()
        .filter(organisation__in=moved.values("organisation_id"))
        .select_related("organisation", "parent")
        .order_by("starts_on", "pk")
    )
    found = Moves({}, {})
    for row in rows:
        found.moved.setdefault(row.organisation_id, row.organisation)
        found.places.setdefault(row.organisation_id, []).append((row.starts_on, row.parent))
    return found


def stood_under(organisation: Organisation, first: date, last: date) -> StoodUnder:
    """Who stood under `organisation`, itself included, on which days from `first` to `last`. 1 query."""
    return moves_since(first).under(organisation, first, last)


def _lies_in(organisation: Interval, root: Interval) -> bool:
    """Whether `organisation` is `root` or lies below it in today's tree."""
    return root.tree_id == organisation.tree_id and root.lft <= organisation.lft and organisation.rght <= root.rght


def _innermost(organisation: Interval, roots: Iterable[Organisation]) -> Organisation | None:
    """The nearest of `roots` at or above `organisation` in today's tree."""
    return max((root for root in roots if _lies_in(organisation, root)), key=lambda root: root.lft, default=None)


def _subtrees(roots: list[Organisation]) -> Q:
    """The condition for organisations in any of the subtrees; leaves as a list, which no database finds too deep."""
    condition = Q(pk__in=[root.pk for root in roots if root.rght == root.lft + 1])
    for root in roots:
        if root.rght > root.lft + 1:
            condition |= Q(tree_id=root.tree_id, lft__gte=root.lft, rght__lte=root.rght)
    return condition
