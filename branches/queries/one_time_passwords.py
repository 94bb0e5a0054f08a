"""The one-time passwords of the accounts an import opened, until it is purged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from branches.models import Batch, BatchEffect, RoleAssignment, User
from branches.rights import Access


@dataclass(frozen=True)
class NewAccount:
    """An account nobody has signed in to with a password of their own, with what to hand out."""

    account: User
    roles: list[RoleAssignment]
    password: str


def may_fetch_passwords(batch: Batch, access: Access) -> bool:
    """Only whoever brought the accounts in, and only while there is one to hand out."""
    return (
        batch.subject == Batch.Subject.ACCOUNTS
        and batch.uploaded_by_id is not None
        and batch.uploaded_by_id == access.user.pk
        and waiting_for_passwords(batch).exists()
    )


def waiting_for_passwords(batch: Batch) -> QuerySet[BatchEffect]:
    """The effects of new accounts that still wait for their first sign-in."""
    return BatchEffect.objects.filter(
        batch=batch, is_new=True, outcome="", user__is_active=True, user__must_change_password=True
    )


def new_accounts(batch: Batch) -> Iterator[NewAccount]:
    """Those of `waiting_for_passwords` whose password is still the one made for them."""
    effects = waiting_for_passwords(batch).select_related("user").prefetch_related("user__roles__organisation")
    for effect in effects.order_by("pk").iterator(chunk_size=500):
        assert effect.user is not None
        details = json.loads(effect.details or "{}")
        expires_at = effect.user.one_time_password_expires_at
        password = details.get("password", "")
        # Another one-time password, issued since, ends on another moment.
        if password and expires_at is not None and details.get("expires_at") == expires_at.isoformat():
            roles = [role for role in effect.user.roles.all() if not role.is_void]
            yield NewAccount(effect.user, roles, password)
