"""The table of each subject as a workbook, as far as somebody's rights reach."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import IO, Any

from django.utils import timezone
from import_export.resources import Resource

from branches.exports import tables
from branches.exports.accounts import AccountResource
from branches.exports.members import MemberResource
from branches.exports.organisations import OrganisationResource
from branches.models import Batch, Organisation
from branches.queries import exports as queries
from branches.rights import Access

Lines = Iterable[Any]


def write_export(
    target: IO[bytes],
    *,
    organisation: Organisation,
    subject: str,
    day: date,
    purpose: str,
    access: Access,
    watch: Callable[[Lines], Lines] = iter,
) -> str:
    """Write what is on record at and below `organisation`; returns the name of the file.

    Args:
        access: of who takes it out.
        watch: what the lines go through on their way, to say how far it is.
    """
    table = tables.TABLES[subject]
    lines, resource = _lines(organisation, subject, day, access)
    cover = tables.Cover(organisation.name, day, access.user.name, timezone.localtime(), purpose)
    tables.write_table(target, table=table, lines=watch(lines), resource=resource, cover=cover)
    return f"{organisation.short_name}{table.title} {day:%Y-%m-%d}.xlsx"


def _lines(organisation: Organisation, subject: str, day: date, access: Access) -> tuple[Lines, Resource]:
    if subject == Batch.Subject.ORGANISATIONS:
        return queries.organisations_for_export(organisation), OrganisationResource()
    if subject == Batch.Subject.ACCOUNTS:
        return queries.account_lines(organisation, access), AccountResource()
    alike = queries.branches_called_alike(organisation, day)
    return queries.members_for_export(organisation, access, day), MemberResource(access, alike)
