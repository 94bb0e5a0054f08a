"""The rows of every app that name one person are made to name another one, and back again.

They are found by their foreign keys, so that a kind of record added later is moved as well.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.apps import apps
from django.core import serializers
from django.db import IntegrityError, transaction
from django.db.models import ManyToOneRel, Model, QuerySet

from branches.models import (
    Appointment,
    BatchEffect,
    BatchRow,
    Dated,
    GroupMembership,
    Membership,
    MemberStatus,
    OfficeMembership,
    Person,
    PersonMerge,
)

# What an import found, and which records were merged, stays said of whom it was said.
_HISTORY: tuple[type[Model], ...] = (BatchRow, BatchEffect, PersonMerge)
# Of one person only one of these holds at a time, or one for each value of the first fields; two that agree in the
# others as well say the same.
SLOTS: dict[type[Dated], tuple[tuple[str, ...], tuple[str, ...]]] = {
    Membership: (("branch_id",), ()),
    GroupMembership: ((), ("group_id",)),
    OfficeMembership: ((), ("office_id",)),
    MemberStatus: (("kind",), ("branch_id",)),
    Appointment: (("organisation_id", "post"), ()),
}
_ENDS = ("ends_on", "end_kind", "end_document", "ended_with")
_DAY = timedelta(days=1)


@dataclass
class Changes:
    """What a merger did to other rows; JSON keeps it for the way back. Rows are named "app.model.field" and by key."""

    moved: dict[str, list[Any]] = field(default_factory=dict)
    void: dict[str, list[Any]] = field(default_factory=dict)
    # Rows made longer or shorter: {"app.model": {key: [what it said before, and says after]}}
    spans: dict[str, dict[str, list[dict[str, Any]]]] = field(default_factory=dict)
    # Second rows of what a person has only once, taken out so that nothing counts twice: whole, as serialised.
    set_aside: list[dict[str, Any]] = field(default_factory=list)
    # What such a row gave to the one that stays: {"app.model": {key: {field: [before, after]}}}
    taken: dict[str, dict[str, dict[str, list[Any]]]] = field(default_factory=dict)
    # Rows that stay with the merged record because the kept one has the like.
    stays: dict[str, list[Any]] = field(default_factory=dict)
    # Memberships of two branches on the same days: {"counts": key, "yields": key, "held": [["app.model", key], …]}
    branches: list[dict[str, Any]] = field(default_factory=list)


def void_doubles(kept: Person, merged: Person, changes: Changes) -> None:
    """What both records say of the same days is said once. Where they say the same, the kept one covers both spans;
    where they differ the kept one counts, and the other one on the days that are left."""
    for model, (slot, content) in SLOTS.items():
        mine = list(_rows(model).filter(person=kept, is_void=False))
        for row in _rows(model).filter(person=merged, is_void=False):
            doubles = [other for other in mine if overlap(row, other) and _same(row, other, slot)]
            if not doubles:
                continue
            double = max(doubles, key=lambda other: (_same(row, other, content), other.starts_on))
            if not _same(row, double, content) and _shorten(row, doubles, changes):
                continue
            _void(row, changes)
            if _same(row, double, content):
                # Nobody belongs to two branches on one day.
                rivals = [other for other in mine if model is Membership or _same(double, other, slot)]
                _widen(double, row, [other for other in rivals if other is not double], changes)


def move(kept: Person, merged: Person, changes: Changes) -> None:
    """Let every row that names `merged` name `kept`; what a constraint forbids is set aside or stays."""
    for model, name in naming_people():
        label = f"{model._meta.label_lower}.{name}"
        void = changes.void.get(model._meta.label_lower, ())
        rows = _rows(model).filter(**{name: merged}).exclude(pk__in=void)
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        if not keys:
            continue
        if _try(_repoint, model, name, keys, kept):
            changes.moved[label] = keys
            continue
        for key in keys:
            if _try(_repoint, model, name, [key], kept):
                changes.moved.setdefault(label, []).append(key)
            elif not _set_aside(model, name, key, kept, changes):
                changes.stays.setdefault(label, []).append(key)


def move_back(kept: Person, merged: Person, changes: Changes) -> dict[str, int]:
    """Give back what was moved, as far as nobody has changed it since; returns how many rows of what stay."""
    remaining: dict[str, int] = {}

    def leave(label: str, number: int) -> None:
        if number:
            remaining[label] = remaining.get(label, 0) + number

    for label, keys in changes.moved.items():
        model, name = _model(label.rpartition(".")[0]), label.rpartition(".")[2]
        back = [key for key in keys if _try(_return, model, name, key, kept, merged)]
        leave(model._meta.label_lower, len(keys) - len(back))
    for label, pairs in changes.spans.items():
        leave(label, sum(not _try(_unspan, _model(label), key, *pair) for key, pair in pairs.items()))
    for label, keys in changes.void.items():
        model = _model(label)
        given = [key for key in keys if _try(_revive, model, key)]
        leave(label, len(keys) - len(given))
    for label, rows in changes.taken.items():
        for key, said in rows.items():
            _untake(_model(label), key, said)
    for stored in changes.set_aside:
        leave(stored["model"], 0 if _try(_restore, stored) else 1)
    return remaining


@cache
def naming_people() -> tuple[tuple[type[Model], str], ...]:
    """Every model with a foreign key to a person, the tables behind many-to-many fields included."""
    return tuple(
        (relation.related_model, relation.field.name)
        for relation in Person._meta.get_fields(include_hidden=True)
        if isinstance(relation, ManyToOneRel) and relation.related_model not in _HISTORY
    )


def _repoint(model: type[Model], name: str, keys: list[Any], kept: Person) -> None:
    _rows(model).filter(pk__in=keys).update(**{name: kept})


def _return(model: type[Model], name: str, key: Any, kept: Person, merged: Person) -> None:
    if not _rows(model).filter(**{"pk": key, name: kept}).update(**{name: merged}):
        raise IntegrityError


def _revive(model: type[Model], key: Any) -> None:
    if not _rows(model).filter(pk=key, is_void=True).update(is_void=False):
        raise IntegrityError


def _restore(stored: dict[str, Any]) -> None:
    row = next(iter(serializers.deserialize("python", [stored]))).object
    for entry in row._meta.concrete_fields:
        key = getattr(row, entry.attname)
        if entry.related_model and key is not None and not _rows(entry.related_model).filter(pk=key).exists():
            raise IntegrityError  # what it belonged to is gone
    row.save_base(raw=True, force_insert=True)


def _set_aside(model: type[Model], name: str, key: Any, kept: Person, changes: Changes) -> bool:
    """Take a second row out whose like `kept` has, if its model can say what of both counts."""
    row = _rows(model).get(pk=key)
    absorb = getattr(model, "absorb", None)
    if absorb is None and not model._meta.auto_created:
        return False
    stored = serializers.serialize("python", [row])[0]
    if absorb is not None:
        twin = _twin(model, row, name, kept)
        if twin is None:
            return False
        before = {entry.attname: getattr(twin, entry.attname) for entry in model._meta.concrete_fields}
        changed = absorb(twin, row)
        if changed:
            twin.save(update_fields=changed)
            said = {attname: [before[attname], getattr(twin, attname)] for attname in changed}
            changes.taken.setdefault(model._meta.label_lower, {})[str(twin.pk)] = said
    row.delete()
    changes.set_aside.append(stored)
    return True


def _twin(model: type[Model], row: Model, name: str, kept: Person) -> Any:
    """The row of `kept` that forbids moving `row`."""
    for constraint in model._meta.total_unique_constraints:
        if name in constraint.fields:
            rest = {field: getattr(row, field) for field in constraint.fields if field != name}
            return _rows(model).filter(**{name: kept}, **rest).first()
    return None


def _untake(model: type[Model], key: str, said: dict[str, list[Any]]) -> None:
    row = _rows(model).filter(pk=key).first()
    if row is not None and all(getattr(row, attname) == after for attname, (_before, after) in said.items()):
        for attname, (before, _after) in said.items():
            setattr(row, attname, before)
        row.save(update_fields=list(said))


def _widen(row: Any, by: Any, others: Collection[Any], changes: Changes) -> None:
    """Let a row cover the days of its double, too, as far as no other one holds on them."""
    before = _span(row)
    earlier = [other.ends_on + _DAY for other in others if other.ends_on and other.ends_on < row.starts_on]
    row.starts_on = min(row.starts_on, max([by.starts_on, *earlier]))
    if (by.ends_on or date.max) > (row.ends_on or date.max):
        ended = {name: getattr(row, name) for name in _ends(row)}
        for name in ended:
            setattr(row, name, getattr(by, name))
        if any(overlap(row, other) for other in others):
            for name, value in ended.items():
                setattr(row, name, value)
    _keep_span(row, before, changes)


def cut(row: Any, by: Dated, changes: Changes) -> None:
    """Leave a row the days on which `by` does not hold; a row with no day left becomes void."""
    if not _shorten(row, [by], changes):
        _void(row, changes)


def reaches_beyond(row: Dated, other: Dated) -> bool:
    """Whether a row holds both before and after another one."""
    return row.starts_on < other.starts_on and (row.ends_on or date.max) > (other.ends_on or date.max)


def _void(row: Any, changes: Changes) -> None:
    row.is_void = True
    row.save(update_fields=["is_void"])
    changes.void.setdefault(row._meta.label_lower, []).append(row.pk)


def _shorten(row: Any, doubles: Collection[Any], changes: Changes) -> bool:
    """Leave a row the days after its doubles, or those before them; False where there are none."""
    before, last = _span(row), max((other.ends_on or date.max) for other in doubles)
    if last < (row.ends_on or date.max):
        row.starts_on = last + _DAY
    elif row.starts_on < (first := min(other.starts_on for other in doubles)):
        row.ends_on = first - _DAY
        if isinstance(row, Membership):
            row.end_kind, row.end_document, row.ended_with = Membership.End.TRANSFERRED, "", []
    else:
        return False
    _keep_span(row, before, changes)
    return True


def _keep_span(row: Any, before: dict[str, Any], changes: Changes) -> None:
    if (after := _span(row)) != before:
        row.save(update_fields=list(after))
        spans = changes.spans.setdefault(row._meta.label_lower, {})
        spans[str(row.pk)] = [spans.get(str(row.pk), [before])[0], after]


def _unspan(model: type[Model], key: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    row = _rows(model).filter(pk=key).first()
    if row is None or _span(row) != after:
        raise IntegrityError
    days = {name: date.fromisoformat(before[name]) if before[name] else None for name in ("starts_on", "ends_on")}
    _rows(model).filter(pk=key).update(**(before | days))


def _span(row: Any) -> dict[str, Any]:
    names = ("starts_on", *_ends(row))
    return {name: value.isoformat() if isinstance(value := getattr(row, name), date) else value for name in names}


def _ends(row: Any) -> tuple[str, ...]:
    return _ENDS if isinstance(row, Membership) else _ENDS[:1]


def overlap(a: Dated, b: Dated) -> bool:
    """Whether two rows hold on the same day."""
    return a.starts_on <= (b.ends_on or date.max) and b.starts_on <= (a.ends_on or date.max)


def _same(a: Dated, b: Dated, names: tuple[str, ...]) -> bool:
    return all(getattr(a, name) == getattr(b, name) for name in names)


def _model(label: str) -> type[Model]:
    return apps.get_model(label)


def _rows(model: type[Model]) -> QuerySet[Any]:
    return QuerySet(model)


def _try(act: Callable[..., None], *args: Any) -> bool:
    """Whether the database lets `act` be done; if not, nothing of it is."""
    try:
        with transaction.atomic():
            act(*args)
    except IntegrityError:
        return False
    return True
