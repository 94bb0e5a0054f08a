"""The search box: members and organisations."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from branches.models import Membership, Organisation, Person
from branches.rights import Access, Permission
from foundation.encryption import blind_index

_IDENTITY = re.compile(r"\d{17}[\dX]")
_PHONE = re.compile(r"1\d{10}")


@dataclass(frozen=True)
class FoundPerson:
    person: Person
    branch: Organisation


def is_sensitive(text: str) -> bool:
    """Whether the text is an identity number or a phone number: it must not be shown again or logged."""
    return bool(_IDENTITY.fullmatch(_plain(text)) or _PHONE.fullmatch(_plain(text)))


def people_found(text: str, access: Access, limit: int) -> list[FoundPerson]:
    """Members in reach by part of the name, or by exactly an identity number or phone. 1 query."""
    plain = _plain(text)
    if _IDENTITY.fullmatch(plain):
        wanted = Q(person__identity_hash=blind_index(plain))
    elif _PHONE.fullmatch(plain):
        wanted = Q(person__phone_hash=blind_index(plain))
    else:
        wanted = Q(person__name__contains=text)
    memberships = (
        Membership.objects.active_on(access.day)
        .filter(access.reach(Permission.VIEW, "branch__"), wanted)
        .filter(person__is_void=False, person__merged_into__isnull=True)
        .select_related("person", "branch")
        .order_by("branch__tree_id", "branch__lft", "person__name", "person_id")
    )
    return [FoundPerson(row.person, row.branch) for row in memberships[:limit]]


def organisations_found(text: str, access: Access) -> QuerySet[Organisation]:
    """Organisations in reach by part of a name or by the beginning of the code."""
    return (
        Organisation.objects.within(access, Permission.VIEW)
        .existing_on(access.day)
        .filter(Q(name__contains=text) | Q(short_name__contains=text) | Q(code__istartswith=text))
        .select_related("parent")
        .order_by("tree_id", "lft")
    )


def _plain(text: str) -> str:
    return re.sub(r"[\s-]", "", text).upper()
