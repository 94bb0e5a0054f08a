"""How far the setting up of a new system has come, derived from what is there."""

from __future__ import annotations

from branches.models import Membership, Organisation, Role, RoleAssignment
from branches.rights import Access, Permission

WORKING = (Role.SECRETARY, Role.RECORDER, Role.STAFF)


def is_empty() -> bool:
    """Nothing stands yet: whoever can sign in founds the first organisation."""
    return not Organisation.objects.exists()


def top_of(access: Access) -> Organisation | None:
    """The top organisation the reader sets up."""
    pk = access.top_id(Permission.MANAGE_ORGANISATIONS)
    return Organisation.objects.filter(pk=pk).first() if pk else None


def has_branches(top: Organisation) -> bool:
    return Organisation.objects.under(top).branches().exists()


def has_people(top: Organisation) -> bool:
    return Membership.objects.valid().filter(branch__in=Organisation.objects.under(top)).exists()


def has_accounts(top: Organisation) -> bool:
    """Somebody besides administrators can work: write records or review them."""
    below = Organisation.objects.under(top)
    return RoleAssignment.objects.valid().filter(role__in=WORKING, organisation__in=below).exists()


def is_begun(access: Access) -> bool:
    """Whether who administers from the top still lacks branches, people or accounts. At most 4 queries."""
    top = top_of(access)
    return top is not None and not (has_branches(top) and has_people(top) and has_accounts(top))
