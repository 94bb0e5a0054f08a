"""Exemptions as pages list them."""

from __future__ import annotations

from django.db.models import QuerySet

from activities.models import Exemption
from branches.models import Organisation
from branches.rights import Access, Permission


def exemptions_below(organisation: Organisation, access: Access) -> QuerySet[Exemption]:
    """Exemptions of `organisation` and everything below it in the reader's reach, the latest first."""
    return (
        Exemption.objects.valid()
        .filter(
            access.reach(Permission.VIEW, "organisation__"), organisation__in=Organisation.objects.under(organisation)
        )
        .select_related("organisation", "granted_by")
        .order_by("-starts_on", "-pk")
    )


def branches_to_free(organisation: Organisation, access: Access) -> QuerySet[Organisation]:
    """The branches at or below `organisation` that stand today and that the user may free from a duty."""
    return (
        Organisation.objects.under(organisation)
        .within(access, Permission.MANAGE_DUTIES)
        .branches()
        .existing_on(access.day)
        .order_by("tree_id", "lft")
    )


def granting_organisation(branch: Organisation, access: Access) -> Organisation:
    """The organisation the user decides for: the lowest one above `branch` that gives them the right."""
    above = Organisation.objects.within(access, Permission.MANAGE_DUTIES).filter(
        pk__in=[node.organisation_id for node in access.nodes if node.covers(branch)]
    )
    return above.order_by("-lft").first() or branch
