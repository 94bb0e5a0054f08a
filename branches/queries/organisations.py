"""The tree as pages show it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, When

from branches.models import (
    Appointment,
    Membership,
    OfficeAssignment,
    Organisation,
    Person,
    Post,
)
from branches.models.organisations import OrganisationQuerySet
from branches.queries.sizes import size_on
from branches.queries.successions import successions_of
from branches.queries.tree import TreeOfDay, as_called_on, tree_on
from branches.rights import Access, Permission
from branches.rules.organisations import OrganisationKind, may_stand_under
from branches.rules.sizes import size_hints

_POST_ORDER = Case(*[When(post=post, then=number) for number, post in enumerate(Post.values)])


@dataclass(frozen=True)
class TreeRow:
    """One line of the tree. An ancestor out of reach is named but cannot be opened."""

    organisation: Organisation
    depth: int
    in_reach: bool
    offices: list[str]
    secretary: str
    members: int | None


def tree_rows(access: Access, day: date) -> list[TreeRow]:
    """The tree of `day` as far as today's rights reach, with the ancestors of that day that lead to it. 7 queries."""
    reached = list(Organisation.objects.within(access, Permission.VIEW).existing_on(day))
    ids = {organisation.pk for organisation in reached}
    tree = tree_on(day)
    leading = {above for pk in ids for above in tree.ancestors(pk)} - ids
    ancestors = Organisation.objects.existing_on(day).filter(pk__in=leading)
    named = as_called_on([*reached, *ancestors], day)
    offices = offices_of(reached, day)
    secretaries = secretaries_of(reached, day)
    members = member_counts(reached, access, day, tree)
    return [
        TreeRow(
            organisation=organisation,
            depth=depth,
            in_reach=organisation.pk in ids,
            offices=offices.get(organisation.pk, []),
            secretary=secretaries.get(organisation.pk, ""),
            members=members.get(organisation.pk, 0) if organisation.pk in ids else None,
        )
        for organisation, depth in tree.in_order(named.values())
    ]


def ancestors_of(organisations: Iterable[Organisation]) -> OrganisationQuerySet:
    """The proper ancestors of any of `organisations`: one query, one condition per root-most organisation."""
    condition = Q(pk__in=[])
    covered: list[Organisation] = []
    for organisation in sorted(organisations, key=lambda o: (o.tree_id, o.lft)):
        if covered and covered[-1].tree_id == organisation.tree_id and covered[-1].rght > organisation.rght:
            continue  # below one already asked for
        covered.append(organisation)
        condition |= Q(tree_id=organisation.tree_id, lft__lt=organisation.lft, rght__gt=organisation.rght)
    return Organisation.objects.filter(condition)


def offices_of(branches: Iterable[Organisation], day: date) -> dict[int, list[str]]:
    """The offices whose members form each branch on `day`."""
    names: dict[int, list[str]] = defaultdict(list)
    rows = (
        OfficeAssignment.objects.active_on(day)
        .filter(branch__in=[branch.pk for branch in branches])
        .order_by("office__position", "office__name")
        .values_list("branch_id", "office__name")
    )
    for branch_id, name in rows:
        names[branch_id].append(name)
    return dict(names)


def secretaries_of(organisations: Iterable[Organisation], day: date) -> dict[int, str]:
    """The name of each organisation's secretary on `day`."""
    rows = (
        Appointment.objects.active_on(day)
        .filter(organisation__in=[organisation.pk for organisation in organisations], post=Post.SECRETARY)
        .order_by("starts_on")
        .values_list("organisation_id", "person__name")
    )
    return dict(rows)


def member_counts(organisations: Iterable[Organisation], access: Access, day: date, tree: TreeOfDay) -> dict[int, int]:
    """How many members in reach each organisation has on `day`, those of the branches below it that day included."""
    per_branch = dict(
        Membership.objects.active_on(day)
        .filter(access.reach(Permission.VIEW, "branch__"), person__is_void=False, person__merged_into__isnull=True)
        .values_list("branch_id")
        .annotate(number=Count("person_id", distinct=True))
        .order_by("branch_id")
    )
    counts = {organisation.pk: 0 for organisation in organisations}
    for branch_id, number in per_branch.items():
        for pk in (branch_id, *tree.ancestors(branch_id)):
            if pk in counts:
                counts[pk] += number
    return counts


def organisation_on(organisation: Organisation, access: Access, day: date) -> dict[str, Any]:
    """What the page of one organisation shows: itself and what stands below it as they are on `day`, and its history.

    Names, terms and places through time come newest first. 13 queries, 12 at the top of a tree, 3 more today.
    """
    tree = tree_on(day)
    below = [pk for pk, parent_id in tree.parents.items() if parent_id == organisation.pk]
    children = list(
        Organisation.objects.within(access, Permission.VIEW)
        .existing_on(day)
        .filter(pk__in=below)
        .order_by("tree_id", "lft")
    )
    parent_id = tree.parents.get(organisation.pk)
    above = Organisation.objects.filter(pk=parent_id).first() if parent_id else None
    named = as_called_on([organisation, *children, *([above] if above else [])], day)
    offices = offices_of([organisation, *children], day)
    secretaries = secretaries_of(children, day)
    members = member_counts([organisation, *children], access, day, tree)
    return {
        "organisation": named[organisation.pk],
        "above": named.get(parent_id) if parent_id else None,
        "posts": posts_on(organisation, day),
        "children": [
            TreeRow(
                organisation=named[child.pk],
                depth=0,
                in_reach=True,
                offices=offices.get(child.pk, []),
                secretary=secretaries.get(child.pk, ""),
                members=members[child.pk],
            )
            for child in children
        ],
        "names": organisation.names.valid().order_by("-starts_on"),
        "placements": [
            (row, row.parent if row.parent and access.may(Permission.VIEW, row.parent) else None)
            for row in organisation.placements.valid().select_related("parent").order_by("-starts_on")
        ],
        "successions": successions_of(organisation, access),
        "hints": size_hints(size_on(organisation, day)) if day == access.day and organisation.existed_on(day) else [],
        "term": organisation.terms.active_on(day).last(),
        "offices": offices.get(organisation.pk, []),
        "members": members[organisation.pk],
    }


def posts_on(organisation: Organisation, day: date) -> QuerySet[Appointment]:
    """Who holds which post in `organisation` on `day`."""
    return (
        Appointment.objects.active_on(day)
        .filter(organisation=organisation)
        .select_related("person", "group")
        .order_by(_POST_ORDER, "starts_on", "group_id")
    )


def parents_for(organisation: Organisation, access: Access, day: date) -> OrganisationQuerySet:
    """Organisations in reach that `organisation` may be moved under."""
    kinds = [kind for kind in OrganisationKind.values if may_stand_under(organisation.kind, kind)]
    own = Q(tree_id=organisation.tree_id, lft__gte=organisation.lft, rght__lte=organisation.rght)
    return (
        Organisation.objects.within(access, Permission.MANAGE_ORGANISATIONS)
        .existing_on(day)
        .filter(kind__in=kinds)
        .exclude(own)
        .exclude(pk=organisation.parent_id)
        .order_by("tree_id", "lft")
    )


def members_to_choose(organisation: Organisation, access: Access, day: date) -> QuerySet[Person]:
    """Members who may be given a post in `organisation`: those of the branches at or below it, in reach."""
    below = Organisation.objects.under(organisation).within(access, Permission.MANAGE_PEOPLE)
    memberships = Membership.objects.active_on(day).filter(branch__in=below)
    return Person.objects.valid().filter(pk__in=memberships.values("person_id")).order_by("name", "pk")
