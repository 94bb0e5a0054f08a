"""What the number of members asks of an organisation. A hint: people decide, with the approval the regulation names."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from branches.rules.organisations import OrganisationKind

MIN_FULL_MEMBERS = 3
COMMITTEE_FROM = 7
MAX_MEMBERS = 50
MAX_UNITS = 5
GENERAL_BRANCH_FROM = 50
ORGAN_COMMITTEE_FROM = 100


class SizeHint(models.TextChoices):
    TOO_FEW = "too_few", _("Fewer than 3 full members: a joint branch with a neighbouring one is asked for.")
    NO_COMMITTEE = "no_committee", _("7 full members or more: a branch committee is asked for.")
    TOO_MANY = "too_many", _("More than 50 members: one branch normally has no more; a split may be considered.")
    TOO_MANY_UNITS = "too_many_units", _("More than 5 units: one joint branch normally covers no more.")
    GENERAL_BRANCH = "general_branch", _("50 to 99 members: an organ sets up a general branch.")
    COMMITTEE = "committee", _("100 members or more: an organ sets up a committee.")
    SMALL_GENERAL_BRANCH = "small_general_branch", _("Fewer than 50 members: a general branch is set up from 50 on.")
    SMALL_COMMITTEE = "small_committee", _("Fewer than 100 members: a committee then needs approval as an exception.")

    @property
    def source(self) -> str:
        return str(_SOURCES[self])


_BRANCHES_4 = _("Regulations on the Work of Branches (trial), article 4")
_BRANCHES_20 = _("Regulations on the Work of Branches (trial), article 20")
_ORGANS_5 = _("Regulations on Primary Organisations in Party and State Organs, article 5")
_ORGANS_6 = _("Regulations on Primary Organisations in Party and State Organs, article 6")
_SOURCES = {
    SizeHint.TOO_FEW: _BRANCHES_4,
    SizeHint.NO_COMMITTEE: _BRANCHES_20,
    SizeHint.TOO_MANY: _BRANCHES_4,
    SizeHint.TOO_MANY_UNITS: _BRANCHES_4,
    SizeHint.GENERAL_BRANCH: _ORGANS_6,
    SizeHint.COMMITTEE: _ORGANS_5,
    SizeHint.SMALL_GENERAL_BRANCH: _ORGANS_6,
    SizeHint.SMALL_COMMITTEE: _ORGANS_5,
}


@dataclass(frozen=True)
class Size:
    """An organisation in numbers on one day. `units`: the organs its offices belong to; 0 where none is known."""

    kind: str
    members: int
    full_members: int
    units: int = 0
    is_joint: bool = False
    is_temporary: bool = False
    has_committee: bool = False


def size_hints(size: Size) -> list[SizeHint]:
    """What the numbers ask for, the most binding first.

    Source: 《中国共产党支部工作条例（试行）》2018, article 4 (3 full members, 50 members, joint branches), article 20
    (a committee from 7 full members); 《中国共产党党和国家机关基层组织工作条例》2019, articles 5 and 6 (100 and 50).
    A temporary branch (article 8 of the former) takes over no memberships and is not judged by numbers.
    """
    if size.kind == OrganisationKind.BRANCH:
        return [] if size.is_temporary else _of_branch(size)
    if size.kind == OrganisationKind.GENERAL_BRANCH:
        if size.members >= ORGAN_COMMITTEE_FROM:
            return [SizeHint.COMMITTEE]
        return [SizeHint.SMALL_GENERAL_BRANCH] if size.members < GENERAL_BRANCH_FROM else []
    if size.kind == OrganisationKind.COMMITTEE and size.members < ORGAN_COMMITTEE_FROM:
        return [SizeHint.SMALL_COMMITTEE]
    return []


def _of_branch(size: Size) -> list[SizeHint]:
    found = []
    if size.full_members < MIN_FULL_MEMBERS and not size.is_joint:
        found.append(SizeHint.TOO_FEW)
    if size.full_members >= COMMITTEE_FROM and not size.has_committee:
        found.append(SizeHint.NO_COMMITTEE)
    if size.members > MAX_MEMBERS:
        found.append(SizeHint.TOO_MANY)
    if size.members >= ORGAN_COMMITTEE_FROM:
        found.append(SizeHint.COMMITTEE)
    elif size.members >= GENERAL_BRANCH_FROM:
        found.append(SizeHint.GENERAL_BRANCH)
    if size.is_joint and size.units > MAX_UNITS:
        found.append(SizeHint.TOO_MANY_UNITS)
    return found
