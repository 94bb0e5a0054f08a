"""The part of the tree a user may switch to."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q

from branches.models import Organisation
from branches.queries.organisations import ancestors_of, offices_of
from branches.rights import Access, Permission
from branches.rules.pinyin import initials

# Beyond this the whole tree is neither sent nor looked through; the server searches instead.
LISTED = 300


@dataclass(frozen=True)
class SwitcherItem:
    """One line. An ancestor out of reach has `in_reach` False and is plain text."""

    organisation: Organisation
    depth: int
    in_reach: bool
    offices: list[str] = field(default_factory=list)
    branches: int = 0

    @property
    def search(self) -> str:
        return initials(self.organisation.short_name)


@dataclass(frozen=True)
class SwitcherList:
    items: list[SwitcherItem]
    is_part: bool


def switcher_list(access: Access, current: Organisation | None, text: str = "") -> SwitcherList:
    """What the switcher shows: the whole reach, or beyond `LISTED` organisations the surroundings of `current`.

    With `text` only organisations whose name or code holds it.
    """
    reach = Organisation.objects.within(access, Permission.VIEW).existing_on(access.day).order_by("tree_id", "lft")
    found = list(reach[: LISTED + 1])
    is_part = len(found) > LISTED
    if is_part:
        near = Q(name__icontains=text) | Q(short_name__icontains=text) | Q(code__icontains=text)
        found = list(reach.filter(near if text else _near(current))[:LISTED])
    ids = {organisation.pk for organisation in found}
    above = list(ancestors_of(found).exclude(pk__in=ids))
    offices = offices_of([organisation for organisation in found if organisation.is_branch], access.day)
    nodes = sorted([*found, *above], key=lambda organisation: (organisation.tree_id, organisation.lft))
    return SwitcherList(
        items=[
            SwitcherItem(
                organisation=organisation,
                depth=organisation.level + 1,
                in_reach=organisation.pk in ids or access.may(Permission.VIEW, organisation),
                offices=offices.get(organisation.pk, []),
                branches=0 if is_part else _branches_below(organisation, found),
            )
            for organisation in nodes
        ],
        is_part=is_part,
    )


def _near(current: Organisation | None) -> Q:
    if current is None:
        return Q(level__lte=1)
    return Q(pk=current.pk) | Q(parent=current.pk) | Q(parent__isnull=False, parent=current.parent_id)


def _branches_below(organisation: Organisation, found: list[Organisation]) -> int:
    return sum(
        other.is_branch and other.tree_id == organisation.tree_id and organisation.lft < other.lft < organisation.rght
        for other in found
    )
