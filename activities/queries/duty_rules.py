"""Which duty rules hold where, and which exemptions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from activities.models import DutyRule
from branches.models import Organisation
from branches.rights import Access, Permission


def rules_for(organisations: Iterable[Organisation], year: int) -> dict[int, list[DutyRule]]:
    """The duty rules in force for each organisation in `year`, by its id, in the order of the page.

    For each code the rule of the nearest organisation above (or the organisation itself) wins, the general default
    last; within one organisation the latest that covers the year. A rule asking for 0 stays in the list: it waives the
    duty, and the page says so; one taken back never held. 2 queries however many organisations.
    """
    organisations = list(organisations)
    rules = (
        DutyRule.objects.filter(
            Q(organisation__isnull=True) | Q(organisation__tree_id__in={node.tree_id for node in organisations}),
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
    defaults = of_node.pop(None, {})
    setters = sorted({rule.organisation for rule in rules if rule.organisation}, key=lambda node: node.level)
    found: dict[int, list[DutyRule]] = {}
    seen: dict[tuple[int, ...], list[DutyRule]] = {}
    for organisation in organisations:
        above = tuple(node.pk for node in setters if _covers(node, organisation))
        if above not in seen:
            chosen = dict(defaults)
            for pk in above:
                chosen |= of_node[pk]
            seen[above] = sorted(chosen.values(), key=lambda rule: (rule.position, rule.code))
        found[organisation.pk] = seen[above]
    return found


def _covers(node: Organisation, organisation: Organisation) -> bool:
    return node.tree_id == organisation.tree_id and node.lft <= organisation.lft and organisation.rght <= node.rght


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
