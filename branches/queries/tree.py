"""The tree as it was on a day: who stood under whom, and what each was called. Rights never ask here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date

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
