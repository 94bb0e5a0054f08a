from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction

from foundation import trail
from foundation.actions.bulk import insert_rows
from foundation.models import AuditEntry
from foundation.rules.audit import safe_change

Changes = Mapping[str, tuple[Any, Any] | list[Any]]


_PLAIN = (str, int, float, Decimal, date)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One audit entry to be; see `record` for the meaning of the fields."""

    verb: str
    target: models.Model
    organisation: models.Model | int | None = None
    changes: Changes = field(default_factory=dict)
    reason: str = ""
    needs: str = ""


def record(
    *,
    verb: str,
    target: models.Model,
    by: AbstractBaseUser | None,
    organisation: models.Model | int | None = None,
    changes: Changes | None = None,
    reason: str = "",
    needs: str = "",
) -> AuditEntry:
    """Note that `by` (None: the system) did `verb` to `target`; call inside the transaction that does it.

    `verb` is a short code such as "activity.accept". `organisation` is where the entry is shown. `changes` maps a field
    to its value before and after (see `difference`); identity numbers, phones and secrets are masked or left out here,
    whatever the caller passes. `needs` names the permission a reader must hold at `organisation` besides seeing the
    trail: what is private when it is done stays so.
    """
    planned = Entry(
        verb=verb, target=target, organisation=organisation, changes=changes or {}, reason=reason, needs=needs
    )
    entry = AuditEntry(**_values(planned, by))
    entry.save()
    return entry


@transaction.atomic
def record_many(entries: Iterable[Entry], *, by: AbstractBaseUser | None) -> int:
    """`record` for many entries in few statements; returns how many."""
    rows = [_values(entry, by) for entry in entries]
    insert_rows(AuditEntry, rows)
    return len(rows)


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The fields whose value differs, as {field: (before, after)}; a field one side lacks counts as None there."""
    names = [*before, *(name for name in after if name not in before)]
    return {name: (before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)}


def _values(entry: Entry, by: AbstractBaseUser | None) -> dict[str, Any]:
    organisation = entry.organisation
    return {
        "actor_id": by.pk if by else None,
        "actor_name": str(by)[:150] if by else "",
        "address": trail.address.get(),
        "request_id": trail.request_id.get(),
        "verb": entry.verb,
        "target_type": entry.target._meta.label_lower,
        "target_id": str(entry.target.pk),
        "target_name": str(entry.target)[:200],
        "organisation_id": organisation.pk if isinstance(organisation, models.Model) else organisation,
        "changes": {
            name: [_plain(value) for value in safe_change(name, before, after)]
            for name, (before, after) in entry.changes.items()
        },
        "reason": entry.reason,
        "needs": str(entry.needs),
    }


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, _PLAIN):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return str(value)
