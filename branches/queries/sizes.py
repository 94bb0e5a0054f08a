"""An organisation in numbers, for what the regulations say of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Q, QuerySet

from branches.models import Membership, OfficeAssignment, Organisation, Term
from branches.rules.people import Category
from branches.rules.sizes import Size


def size_on(organisation: Organisation, day: date) -> Size:
    """The members of `organisation` and of the branches under it on `day`. 3 queries."""
    below = Organisation.objects.under(organisation).order_by().values("pk")
    return size_of(organisation, Membership.objects.filter(branch__in=below), day, branches=[organisation])


def size_of(
    organisation: Organisation,
    memberships: QuerySet[Membership],
    day: date,
    *,
    branches: Iterable[Organisation],
    is_joint: bool | None = None,
    has_committee: bool | None = None,
) -> Size:
    """The size `organisation` has, or would have with other members. 3 queries.

    Args:
        memberships: those that hold on `day` are counted.
        branches: whose offices count as its units.
        is_joint, has_committee: None means as it stands.
    """
    is_full = Q(person__full_on__lte=day) | Q(person__full_on__isnull=True, person__category=Category.FULL)
    found = memberships.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=day),
        is_void=False,
        starts_on__lte=day,
        person__is_void=False,
        person__merged_into__isnull=True,
    ).aggregate(number=Count("person", distinct=True), full=Count("person", distinct=True, filter=is_full))
    keys = [branch.pk for branch in branches]
    units = OfficeAssignment.objects.active_on(day).filter(branch__in=keys).values("office__organ").distinct().count()
    if has_committee is None:
        has_committee = Term.objects.active_on(day).filter(organisation=organisation, has_committee=True).exists()
    return Size(
        kind=organisation.kind,
        members=found["number"],
        full_members=found["full"],
        units=units,
        is_joint=organisation.is_joint if is_joint is None else is_joint,
        is_temporary=organisation.is_temporary,
        has_committee=has_committee,
    )
