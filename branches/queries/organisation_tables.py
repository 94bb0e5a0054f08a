"""What the import, the export and the empty form of organisations have to know."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from branches.models import Organisation, OrganisationName


def standing_below(organisation: Organisation) -> list[Organisation]:
    """`organisation` and everything below it in today's tree, those revoked included, in tree order. 1 query."""
    return list(Organisation.objects.under(organisation).select_related(None).order_by("lft"))


def all_codes() -> set[str]:
    """Every code that is taken, in reach or not, without regard to case."""
    return {code.casefold() for code in Organisation.objects.values_list("code", flat=True)}


def renamed_after(organisation: Organisation, day: date) -> dict[int, date]:
    """The organisations at or below `organisation` renamed later than `day`, with the last day of doing so."""
    names = OrganisationName.objects.valid().filter(
        starts_on__gt=day,
        organisation__tree_id=organisation.tree_id,
        organisation__lft__gte=organisation.lft,
        organisation__rght__lte=organisation.rght,
    )
    return dict(names.order_by("starts_on").values_list("organisation_id", "starts_on"))


def names_beside(parents: Collection[int]) -> Iterator[tuple[int, str, str, date | None]]:
    """(parent, full name, short name, last day) of everything directly under `parents`."""
    rows = Organisation.objects.filter(parent__in=parents).values_list("parent_id", "name", "short_name", "ended_on")
    yield from rows.iterator()


def taken_codes(codes: Collection[str]) -> set[str]:
    """Those of `codes` that are taken, without regard to case."""
    wanted = {code.casefold() for code in codes}
    return wanted & all_codes()
