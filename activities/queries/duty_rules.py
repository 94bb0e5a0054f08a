"""Which duty rules hold where, and which exemptions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet

from activities.models import DutyRule
from branches.models import Organisation
from branches.queries.tree import Days, moves_since
from branches.rights import Access, Permission


class RulesOver(NamedTuple):
    """The rules an organisation had in one stretch of a year: those of what stood above it then."""

    first: date
    last: date
    rules: list[DutyRule]


def rules_for(organisations: Iterable[Organisation], year: int) -> dict[int, list[DutyRule]]:
    """The duty rules in force for each organisation where it stands last in `year`, by its id, in the page's order.

    For each code the rule of the nearest organisation above (or the organisation itself) wins, the general default
    last; within one organisation the latest that covers the year. A rule asking for 0 stays in the list: it waives the
    duty, and the page says so; one taken back never held. 3 queries however many organisations.
    """
    return {pk: spells[-1].rules for pk, spells in rules_over(organisations, year).items()}


def rules_over(organisations: Iterable[Organisation], year: int) -> dict[int, list[RulesOver]]:
    """The rules of each organisation through `year`: one stretch, more if something above it was moved meanwhile.

    What is asked of a period follows from where the branch stood on the period's last day. 3 queries.
    """
    organisations = list(organisations)
    first, last = date(year, 1, 1), date(year, 12, 31)
    moves = moves_since(first)
    trees = {node.tree_id for node in organisations} | {node.tree_id for node in moves.parents()}
    rules = (
        DutyRule.objects.filter(
            Q(organisation__isnull=True) | Q(organisation__tree_id__in=trees),
            Q(last_year__isnull=True) | Q(last_year__gte=year),
            first_year__lte=year,
            is_void=False,
        )
        .select_related("organisation", "source")
        .prefetch_related("kinds")
        .order_by("first_year")
    )
    of_node: dict[int | None, dict[str, DutyRule]] = defaultdict(dict)
    for rule in rules:
        of_node[rule.organisation_id][rule.code] = rule
    setters = {rule.organisation.pk: rule.organisation for rule in rules if rule.organisation}
    under = {pk: moves.under(node, first, last) for pk, node in setters.items()}
    # Of two that set rules the upper one may have become the lower one meanwhile.
    between = {days for one in under.values() for node in setters.values() if (days := one.days_of(node))}
    found: dict[int, list[RulesOver]] = {}
    seen: dict[tuple[int, ...], list[DutyRule]] = {}
    for organisation in organisations:
        own: list[RulesOver] = []
        before: tuple[int, ...] | None = None
        days_of = {pk: days for pk, one in under.items() if (days := one.days_of(organisation))}
        for since, until in _stretches(between.union(days_of.values()), first, last):
            above = [pk for pk, days in days_of.items() if any(start <= since <= end for start, end in days)]
            # The nearer one stands under the others.
            order = tuple(sorted(above, key=lambda pk: sum(under[one].covers(setters[pk], since) for one in above)))
            if order not in seen:
                seen[order] = _chosen([of_node[None], *(of_node[pk] for pk in order)])
            if order == before:
                own[-1] = own[-1]._replace(last=until)
            else:
                own.append(RulesOver(since, until, seen[order]))
            before = order
        found[organisation.pk] = own
    return found


def _stretches(spells: Iterable[tuple[Days, ...]], first: date, last: date) -> list[Days]:
    """The stretches of the time in which the same of the `spells` hold."""
    changes = {day for days in spells for start, end in days for day in (start, end + timedelta(days=1))}
    starts = [first, *sorted(day for day in changes if first < day <= last)]
    return list(zip(starts, [day - timedelta(days=1) for day in starts[1:]] + [last], strict=True))


def _chosen(of_nodes: Iterable[dict[str, DutyRule]]) -> list[DutyRule]:
    """The rules in the order of the page; of one code the last wins."""
    chosen: dict[str, DutyRule] = {}
    for own in of_nodes:
        chosen |= own
    return sorted(chosen.values(), key=lambda rule: (rule.position, rule.code))


def rules_below(organisation: Organisation, year: int, access: Access) -> QuerySet[DutyRule]:
    """The rules that organisations below `organisation` set for themselves, in tree order."""
    return (
        DutyRule.objects.filter(
            Q(last_year__isnull=True) | Q(last_year__gte=year),
            access.reach(Permission.VIEW, "organisation__"),
            first_year__lte=year,
            is_void=False,
            organisation__in=Organisation.objects.under(organisation).exclude(pk=organisation.pk),
        )
        .select_related("organisation")
        .order_by("organisation__lft", "position", "code", "first_year")
    )
