"""Which kind of organisation may stand under which."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganisationKind(models.TextChoices):
    WORK_COMMITTEE = "work_committee", _("Organs' work committee")
    ORGAN = "organ", _("Organ")
    COMMITTEE = "committee", _("Committee")
    GENERAL_BRANCH = "general_branch", _("General branch")
    BRANCH = "branch", _("Branch")


_K = OrganisationKind
_ALLOWED_PARENTS: dict[str, frozenset[str | None]] = {
    _K.WORK_COMMITTEE: frozenset({None, _K.WORK_COMMITTEE, _K.COMMITTEE}),
    _K.ORGAN: frozenset({None, _K.WORK_COMMITTEE, _K.COMMITTEE, _K.ORGAN}),
    _K.COMMITTEE: frozenset({None, _K.WORK_COMMITTEE, _K.ORGAN, _K.COMMITTEE}),
    _K.GENERAL_BRANCH: frozenset({None, _K.WORK_COMMITTEE, _K.ORGAN, _K.COMMITTEE}),
    _K.BRANCH: frozenset({None, _K.WORK_COMMITTEE, _K.ORGAN, _K.COMMITTEE, _K.GENERAL_BRANCH}),
}


def may_stand_under(kind: str, parent_kind: str | None) -> bool:
    """Whether an organisation of `kind` may stand under one of `parent_kind`; `None` means the top of a tree.

    Source: 《中国共产党党和国家机关基层组织工作条例》2019, articles 5 to 7 (committee, general branch, branch).
    """
    return parent_kind in _ALLOWED_PARENTS[kind]


def kinds_under(parent_kind: str | None) -> list[str]:
    """The kinds that may be founded under `parent_kind`, in order of rank."""
    return [kind for kind in OrganisationKind.values if may_stand_under(kind, parent_kind)]
