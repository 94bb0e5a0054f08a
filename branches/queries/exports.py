"""What exports and empty forms hold, read a few rows at a time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from branches.models import Batch, Education, Nation, Organisation, RoleAssignment, User
from branches.queries.account_tables import accounts_for_export, places_to_grant
from branches.queries.organisation_tables import standing_below
from branches.queries.people import members_of_page, roster_of
from branches.queries.roster import Member
from branches.queries.rosters import branches_by_name
from branches.rights import Access, Permission
from branches.rules.accounts import roles_at
from branches.rules.organisations import OrganisationKind
from branches.rules.roster_cells import branch_key
from branches.rules.table_rows import name_key, with_code
from foundation.models import Job, StoredFile

EXPORT_JOB = "branches.export"
PORTION = 500
Subject = Batch.Subject
# Who may take out what: any of these permissions will do.
PERMISSIONS: Mapping[str, Sequence[Permission]] = {
    Subject.MEMBERS: (Permission.EXPORT,),
    Subject.ORGANISATIONS: (Permission.EXPORT, Permission.MANAGE_ORGANISATIONS),
    Subject.ACCOUNTS: (Permission.MANAGE_ACCOUNTS,),
}


@dataclass(frozen=True)
class OrganisationLine:
    """A line of a table of organisations; `parent` is a word for what stands above that means nothing else."""

    organisation: Organisation
    parent: str


@dataclass(frozen=True)
class AccountLine:
    """A line of a table of accounts, one for each role; `place` is a word for its organisation that means no other."""

    account: User
    role: RoleAssignment | None
    place: str


def may_export(organisation: Organisation, subject: str, access: Access) -> bool:
    """Whether one may take out the table of a subject at `organisation`."""
    return any(access.may(permission, organisation) for permission in PERMISSIONS.get(subject, ()))


def count_members(organisation: Organisation, access: Access, day: date) -> int:
    """How many lines `members_for_export` gives."""
    return roster_of(organisation, access, day).order_by().count()


def find_export(pk: UUID, access: Access) -> tuple[Job, Organisation] | None:
    """A table made in the background, for whoever asked for it and may still take it out."""
    job = Job.objects.filter(pk=pk, kind=EXPORT_JOB, created_by=access.user.pk).first()
    organisation = Organisation.objects.filter(pk=job.organisation_id).first() if job else None
    if job is None or organisation is None or not may_export(organisation, job.target, access):
        return None
    return job, organisation


def made_file(job: Job) -> StoredFile | None:
    """What came of it, until it is deleted."""
    return StoredFile.objects.filter(pk=job.result["file"]).first() if "file" in job.result else None


def recent_exports(organisation: Organisation, subject: str, access: Access) -> QuerySet[Job]:
    """The tables one has asked for here that are being made or wait to be fetched, latest first."""
    mine = Job.objects.filter(kind=EXPORT_JOB, created_by=access.user.pk, organisation_id=organisation.pk)
    made = mine.filter(target=subject, result__has_key="file")
    return (made | mine.unfinished().filter(target=subject)).order_by("-created_at")


def members_for_export(organisation: Organisation, access: Access, day: date) -> Iterator[Member]:
    """The members below `organisation` on `day` in roster order, some hundred at a time.

    No cursor stays open in between: on SQLite nobody may write while one reads on what others have changed since.
    """
    rows = roster_of(organisation, access, day)
    pks = list(rows.values_list("pk", flat=True))
    for first in range(0, len(pks), PORTION):
        yield from members_of_page(list(rows.filter(pk__in=pks[first : first + PORTION])), day)


def branches_called_alike(organisation: Organisation, day: date) -> set[str]:
    """The names several branches below `organisation` bear on `day`, without white space."""
    return {branch_key(name) for name, found in branches_by_name(organisation, day).items() if len(found) > 1}


def organisations_for_export(organisation: Organisation) -> Iterator[OrganisationLine]:
    """`organisation` and everything below it, parents first."""
    found = standing_below(organisation)
    words = _words(found)
    for one in found:
        above = organisation.parent if one.pk == organisation.pk else None
        parent = words.get(one.parent_id or 0) or (above.name if above else "")
        yield OrganisationLine(one, parent)


def account_lines(organisation: Organisation, access: Access) -> Iterator[AccountLine]:
    """The accounts at or below `organisation`, a line for each role."""
    words = _words(places_to_grant(organisation, access))
    for account, role in accounts_for_export(organisation, access):
        place = words.get(role.organisation_id, role.organisation.code) if role else ""
        yield AccountLine(account, role, place)


def answers_for_members(organisation: Organisation, day: date) -> dict[str, list[str]]:
    """What the drop-down lists of the empty form of members offer."""
    branches = Organisation.objects.under(organisation).branches().existing_on(day).order_by("lft")
    alike = branches_called_alike(organisation, day)
    return {
        "branch": [
            with_code(branch.name, branch.code) if branch_key(branch.name) in alike else branch.name
            for branch in branches
        ],
        "nation": list(Nation.objects.filter(is_active=True).values_list("name", flat=True)),
        "education": list(Education.objects.filter(is_active=True).values_list("name", flat=True)),
    }


def answers_for_organisations(organisation: Organisation) -> dict[str, list[str]]:
    """What stands here may stand above something new, unless it is a branch or revoked."""
    found = standing_below(organisation)
    words = _words(found)
    standing = (one for one in found if one.ended_on is None and one.kind != OrganisationKind.BRANCH)
    return {"parent": [words[one.pk] for one in standing]}


def answers_for_accounts(organisation: Organisation, access: Access) -> dict[str, list[str]]:
    """Where the administrator may give roles, and which of them fit somewhere there."""
    places = places_to_grant(organisation, access)
    words = _words(places)
    roles = {str(role): None for place in places for role in roles_at(place.kind)}
    return {"organisation": [words[place.pk] for place in places], "role": list(roles)}


def _words(organisations: list[Organisation]) -> dict[int, str]:
    """Of each its full name, or its code where another one is called so, too."""
    bearers: dict[str, set[int]] = defaultdict(set)
    for one in organisations:
        for name in (one.name, one.short_name):
            bearers[name_key(name)].add(one.pk)
    codes = Counter(name_key(one.code) for one in organisations)
    return {
        one.pk: one.code if len(bearers[name_key(one.name)]) > 1 or name_key(one.name) in codes else one.name
        for one in organisations
    }
