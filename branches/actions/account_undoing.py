"""Undoes what a table of accounts did, chunk by chunk, each one transaction: see `undoing`."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date

from django.db import transaction

from branches.actions.undoing import next_effects, reasons_to_keep, settle
from branches.models import Batch, BatchEffect, RoleAssignment, User
from branches.rules.accounts import Role
from branches.rules.undoing import Reason, is_kept
from foundation.actions.audit import Entry, record_many
from foundation.clock import business_date


@transaction.atomic
def undo_chunk(batch: Batch) -> int:
    """Undo the next effects of the batch; returns how many were settled, 0 when all have their outcome.

    Roles nobody used never were; those that were, where somebody decided so, end at once. Accounts are closed.
    """
    effects = next_effects(batch)
    if not effects:
        return 0
    ids = [effect.user_id for effect in effects if effect.user_id]
    accounts = {user.pk: user for user in User.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")}
    reasons = reasons_to_keep(batch, effects)
    kept = {
        effect.pk: reasons[effect.pk]
        for effect in effects
        if is_kept(reasons.get(effect.pk, ""), is_decided=effect.reason == Reason.DECIDED)
    }
    undone = [effect for effect in effects if effect.pk not in kept]
    entries = _end_roles(undone, used=reasons.keys())
    entries += _close([accounts[effect.user_id] for effect in undone if effect.is_new and effect.user_id], undone)
    record_many(entries, by=batch.undone_by)
    settle(kept, [effect.pk for effect in undone])
    return len(effects)


def _end_roles(effects: Sequence[BatchEffect], *, used: Collection[int]) -> list[Entry]:
    effect_of = {pk: effect for effect in effects for pk in json.loads(effect.details or "{}").get("roles", ())}
    roles = list(
        RoleAssignment.objects.select_for_update(of=("self",))
        .valid()
        .filter(pk__in=effect_of)
        .select_related("user", "organisation")
        .order_by("pk")
    )
    today = business_date()
    for role in roles:
        _end(role, today, was_used=effect_of[role.pk].pk in used)
    RoleAssignment.objects.bulk_update(roles, RoleAssignment.END_FIELDS)
    return [
        Entry(
            verb="role.end",
            target=role.user,
            organisation=role.organisation_id,
            changes={"role": (str(Role(role.role).label), ""), "organisation": (str(role.organisation), "")},
        )
        for role in roles
    ]


def _end(role: RoleAssignment, today: date, *, was_used: bool) -> None:
    if not was_used:
        role.is_void = True
    elif role.ends_on is None or role.ends_on >= today:
        role.end_before(today)


def _close(accounts: Sequence[User], effects: Sequence[BatchEffect]) -> list[Entry]:
    """Nobody signs in any more, and the one-time passwords are told to nobody."""
    organisation_of = {effect.user_id: effect.organisation_id for effect in effects if effect.is_new and effect.user_id}
    User.objects.filter(pk__in=organisation_of).update(is_active=False)
    BatchEffect.objects.filter(pk__in=[effect.pk for effect in effects if effect.is_new]).update(details="")
    return [
        Entry(verb="account.deactivate", target=account, organisation=organisation_of[account.pk])
        for account in accounts
        if account.is_active
    ]
