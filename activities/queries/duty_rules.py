"""Which duty rules hold where, and which exemptions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet

from activities.models import DutyRule
from branches.models import Organisation
from branches.queries.tree import moves_since
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
    spells = moves.spells(first, last)
    under = {pk: moves.under(node, first, last) for pk, node in setters.items()}
    found: dict[int, list[RulesOver]] = {}
    seen: dict[frozenset[int], list[DutyRule]] = {}
    for organisation in organisations:
        own: list[RulesOver] = []
        before: frozenset[int] | None = None
        for since, until in spells:
            above = frozenset(pk for pk in under if under[pk].covers(organisation, since))
            if above not in seen:
                # The nearer one stands under the others.
                order = sorted(above, key=lambda pk: sum(under[other].covers(setters[pk], since) for other in above))
                seen[above] = _chosen([of_node[None], *(of_node[pk] for pk in order)])
            if above == before:
                own[-1] = own[-1]._replace(last=until)
            else:
                own.append(RulesOver(since, until, seen[above]))
            before = above
        found[organisation.pk] = own
    return found


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
