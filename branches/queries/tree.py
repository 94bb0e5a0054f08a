"""The tree as it was on a day: who stood under whom, and what each was called. Rights never ask here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise

from django.db.models import F, Q

from branches.models import Organisation, OrganisationName, Placement
from branches.queries.intervals import Interval, Nest, lies_in, start_of, subtrees


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

    def days_of(self, organisation: Interval) -> tuple[Days, ...]:
        """When `organisation` stood under it, or is it."""
        at = self.nest.nearest(organisation)
        return self.zones[at][1] if at >= 0 else ()

    def covers(self, organisation: Interval, day: date) -> bool:
        """Whether `organisation` stood under it, or is it, on `day`."""
        day = min(max(day, self.first), self.last)
        return any(first <= day <= last for first, last in self.days_of(organisation))

    def among(self, organisations: Iterable[Organisation]) -> list[Organisation]:
        """Those of `organisations` that stood under it, or are it, on at least one day of the time."""
        if len(self.zones) == 1:
            top = self.zones[0][0]
            return [one for one in organisations if lies_in(one, top)]
        return [one for one in organisations if self.days_of(one)]

    @cached_property
    def nest(self) -> Nest:
        return Nest(root for root, _days in self.zones)

    def _by_days(self) -> dict[tuple[Days, ...], list[int]]:
        found: dict[tuple[Days, ...], list[int]] = defaultdict(list)
        for number, (_root, days) in enumerate(self.zones):
            if days:
                found[days].append(number)
        return found

    def _cut_out(self, kept: list[int]) -> Q:
        """The subtrees of the zones `kept` without those of the zones inside them; zones by their numbers."""
        wanted = subtrees(self.nest.roots[number] for number in kept)
        among = set(kept)
        inside = {
            number
            for number in range(len(self.zones))
            if number not in among and any(around in among for around in self.nest.around(number))
        }
        if not inside:
            return wanted
        found = wanted & ~subtrees(self.nest.roots[number] for number in sorted(inside))
        # A wanted zone may again lie inside what is cut out.
        again = [number for number in kept if any(around in inside for around in self.nest.around(number))]
        return found | self._cut_out(again) if again else found

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


Step = tuple[Organisation, Organisation | None]  # what stood right above, and the nearest moved one at or above it


@dataclass(frozen=True)
class Trail:
    """The way up from a moved organisation in a stretch of days: of each moved one passed, what stood right above."""

    days: Days
    steps: tuple[Step, ...]

    def passes(self, top: Organisation) -> bool:
        return any(
            lies_in(above, top) and (at is None or at.pk == top.pk or lies_in(top, at)) for above, at in self.steps
        )


@dataclass(frozen=True)
class Moves:
    """The organisations moved since a day, each with all places it ever had: (its first day there, the one above)."""

    moved: dict[int, Organisation]
    places: dict[int, list[tuple[date, Organisation | None]]]
    _trails: dict[Days, dict[int, list[Trail]]] = field(default_factory=dict)

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
        trails = self._trails_of(first, last)
        zones: list[tuple[Organisation, tuple[Days, ...]]] = []
        around: list[tuple[Organisation, tuple[Days, ...]]] = []
        for node in sorted({**self.moved, organisation.pk: organisation}.values(), key=start_of):
            own: tuple[Days, ...] = ((first, last),)
            if node.pk != organisation.pk:
                own = _joined(trail.days for trail in trails[node.pk] if trail.passes(organisation))
            while around and not lies_in(node, around[-1][0]):
                around.pop()
            if own != (around[-1][1] if around else ()):
                around.append((node, own))
                zones.append((node, own))
        return StoodUnder(first, last, tuple(zones))

    def spells(self, first: date, last: date) -> list[Days]:
        """The stretches of the time in which nothing was moved."""
        starts = {start for places in self.places.values() for start, _above in places if first < start <= last}
        days = [first, *sorted(starts)]
        return [(day, following - _DAY) for day, following in pairwise(days)] + [(days[-1], last)]

    def _trails_of(self, first: date, last: date) -> dict[int, list[Trail]]:
        if (first, last) not in self._trails:
            self._trails[first, last] = {pk: self._trails_from(pk, first, last, ()) for pk in self.moved}
        return self._trails[first, last]

    def _trails_from(self, pk: int, first: date, last: date, steps: tuple[Step, ...]) -> list[Trail]:
        """The ways up from a moved organisation, each with its days. A ring of backdated moves is walked once."""
        found: list[Trail] = []
        places = self.places[pk]
        ends = [start - _DAY for start, _above in places[1:]] + [date.max]
        for number, ((start, above), end) in enumerate(zip(places, ends, strict=True)):
            since, until = max(first, start) if number else first, min(last, end)
            if since > until:
                continue
            if above is None:
                found.append(Trail((since, until), steps))
                continue
            at = self._nearest_moved(above)
            passed = (*steps, (above, at))
            if at is None or any(at is moved for _above, moved in steps):
                found.append(Trail((since, until), passed))
            else:
                found += self._trails_from(at.pk, since, until, passed)
        return found

    def _place(self, pk: int, day: date) -> Organisation | None:
        places = self.places[pk]
        return next((above for start, above in reversed(places) if start <= day), places[0][1])

    def _nearest_moved(self, organisation: Organisation) -> Organisation | None:
        at = self._nest.nearest(organisation)
        return self._nest.roots[at] if at >= 0 else None

    @cached_property
    def _nest(self) -> Nest:
        return Nest(self.moved.values())


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


def _joined(stretches: Iterable[Days]) -> tuple[Days, ...]:
    """Stretches in order of time, those that follow one another made one."""
    found: list[Days] = []
    for first, last in stretches:
        if found and found[-1][1] == first - _DAY:
            first, _ = found.pop()
        found.append((first, last))
    return tuple(found)
