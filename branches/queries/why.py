"""Why somebody sees an organisation: the roles that reach it, and what each permits there."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from branches.models import Organisation, RoleAssignment
from branches.queries.successions import successors_of
from branches.rights import INHERITED, MATRIX, OWN_NODE_ONLY, Access, Permission

WORDS: dict[Permission, Promise] = {
    Permission.VIEW: _("Read its members, duties, assessment and the records handed in."),
    Permission.DRAFT: _("Write records of its activities."),
    Permission.SUBMIT: _("Hand in its records for review."),
    Permission.REVIEW: _("Accept or return its records, except those one wrote or handed in oneself."),
    Permission.SEE_PHONES: _("See phone numbers in full."),
    Permission.REVEAL_IDENTITY: _("Have an identity number shown, giving a reason that is put on record."),
    Permission.MANAGE_PEOPLE: _("Keep members, posts and party groups, and import rosters."),
    Permission.EXPORT: _("Take rosters and assessment papers away as files; each time is put on record."),
    Permission.TRANSFER: _("Ask for transfers of membership and answer them."),
    Permission.MANAGE_ORGANISATIONS: _("Found, rename, move and revoke organisations."),
    Permission.SUPERVISE: _("Assign contact points, send work lists, make checks and follow findings."),
    Permission.RECTIFY: _("Answer work lists and report what was done about findings."),
    Permission.GUIDE: _("Comment on the topics of its meetings beforehand and leave remarks afterwards."),
    Permission.MANAGE_DUTIES: _("Set what is asked, and grant exemptions."),
    Permission.SELF_SCORE: _("Enter the self-scores of the yearly assessment."),
    Permission.SCORE: _("Enter the review scores of the yearly assessment, except for one's own branch."),
    Permission.MANAGE_ACCOUNTS: _("Open and close accounts, and give roles."),
    Permission.MANAGE_CODES: _("Keep the code tables of the whole system."),
    Permission.SEE_TRAIL: _("Read the audit trail."),
}


@dataclass(frozen=True)
class Reason:
    """One role that reaches the organisation."""

    assignment: RoleAssignment
    is_here: bool  # given at the organisation itself, not above it
    is_successor: bool  # given at the branch it was merged into
    permissions: list[Permission]

    @property
    def words(self) -> list[Promise]:
        return [WORDS[permission] for permission in self.permissions]


def reasons_for(organisation: Organisation, access: Access) -> list[Reason]:
    """The roles of `access` that reach `organisation`, from the nearest upwards. 1 query."""
    reaching = (
        RoleAssignment.objects.active_on(access.day)
        .filter(
            Q(
                organisation__tree_id=organisation.tree_id,
                organisation__lft__lte=organisation.lft,
                organisation__rght__gte=organisation.rght,
            )
            | Q(organisation__in=successors_of(organisation)),
            user=access.user,
        )
        .select_related("organisation", "granted_by")
        .order_by("-organisation__lft", "starts_on", "pk")
    )
    return [
        Reason(
            row, row.organisation_id == organisation.pk, _is_successor(row, organisation), _permitted(row, organisation)
        )
        for row in reaching
    ]


def _is_successor(row: RoleAssignment, organisation: Organisation) -> bool:
    """Whether the role is given elsewhere than at or above the organisation: there it was merged into."""
    return not organisation.is_descendant_of(row.organisation, include_self=True)


def _permitted(row: RoleAssignment, organisation: Organisation) -> list[Permission]:
    """The rows of the matrix `branches.rights` answers by, for this one role."""
    held = MATRIX[row.role]
    if _is_successor(row, organisation):
        return [permission for permission in Permission if permission in held & INHERITED]
    if row.organisation_id != organisation.pk:
        held -= OWN_NODE_ONLY.get(row.role, frozenset())
    if row.organisation.parent_id is not None:
        held -= {Permission.MANAGE_CODES}
    return [permission for permission in Permission if permission in held]
