"""Two records that proved to be one person become one, and two again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext as _

from branches.actions.merge_branches import settle_branches
from branches.actions.merge_rows import Changes, move, move_back, void_doubles
from branches.models import Person, PersonMerge, Transfer, User
from branches.queries.members import last_membership
from branches.queries.merges import words_of_rows
from branches.rules.people import Sex
from foundation.actions.audit import record
from foundation.clock import now
from foundation.encryption import blind_index

_PRECISE = ("birth_date", "joined_on", "full_on")
_TEXTS = ("native_place", "identity_number", "phone", "home_address", "position_title")
_FILLED = ("nation_id", "education_id", *_TEXTS, *_PRECISE)


@contextmanager
def both_locked(kept: Person, merged: Person) -> Iterator[None]:
    """One transaction in which nobody else changes either; always locked in the same order."""
    with transaction.atomic():
        list(Person.objects.select_for_update(no_key=True).filter(pk__in=[kept.pk, merged.pk]).order_by("pk"))
        yield


@transaction.atomic
def merge(*, kept: Person, merged: Person, reason: str, by: User) -> PersonMerge:
    """Make two records of one person one: everything that names `merged` names `kept`, whose blanks are filled.

    Raises:
        ValidationError: they are two people by their identity numbers, one of them was merged already, or they stand
            in two branches on the same days in a way nobody can settle.
    """
    with both_locked(kept, merged):
        kept, merged = Person.objects.get(pk=kept.pk), Person.objects.get(pk=merged.pk)
        _check(kept, merged)
        places = [last_membership(kept), last_membership(merged)]
        changes = Changes()
        void_doubles(kept, merged, changes)
        settle_branches(kept, merged, [place.pk for place in places if place], changes)
        move(kept, merged, changes)
        filled = _fill(kept, merged)
        stored = PersonMerge.objects.create(
            kept=kept,
            merged=merged,
            reason=reason,
            merged_by=by,
            changes=json.dumps(asdict(changes) | {"filled": filled}, cls=DjangoJSONEncoder, ensure_ascii=False),
        )
    told = _told(kept, filled)
    yielded: dict[str, tuple[Any, Any]] = {}
    if changes.branches and all(places):
        before, after = (place.branch.short_name for place in reversed(places) if place)
        yielded["branch"] = (before, after)
    for person, place in zip((kept, merged), places, strict=True):
        record(
            verb="person.merge",
            target=person,
            by=by,
            organisation=place.branch_id if place else None,
            changes={"merged_record": ("", f"{merged} {merged.pk}"), **(told if person is kept else yielded)},
            reason=reason,
        )
    return stored


@transaction.atomic
def undo_merge(*, merge: PersonMerge, by: User) -> list[str]:
    """Make one record two again; returns what could not be given back because it was changed since, in words.

    Raises:
        ValidationError: it was undone already, or the kept record was itself merged into another one since.
    """
    merge = PersonMerge.objects.select_for_update().get(pk=merge.pk)
    with both_locked(merge.kept, merge.merged):
        kept, merged = Person.objects.get(pk=merge.kept_id), Person.objects.get(pk=merge.merged_id)
        if merge.undone_at is not None or merged.merged_into_id != kept.pk:
            raise ValidationError(_("This merger was undone already, or a later one has to be undone first."))
        if kept.merged_into_id is not None or kept.is_void:
            raise ValidationError(_("The record kept was itself merged since. Undo that merger first."))
        said = json.loads(merge.changes)
        filled = said.pop("filled")
        still = _give_back(kept, merged, filled)
        remaining = move_back(kept, merged, Changes(**said))
        merge.undone_by, merge.undone_at = by, now()
        merge.save(update_fields=["undone_by", "undone_at"])
    for person in (kept, merged):
        place = last_membership(person)
        record(
            verb="person.merge_undo",
            target=person,
            by=by,
            organisation=place.branch_id if place else None,
            changes={"merged_record": (f"{merged} {merged.pk}", "")},
        )
    return [*still, *(words_of_rows(label, number) for label, number in remaining.items())]


def _check(kept: Person, merged: Person) -> None:
    if kept.pk == merged.pk:
        raise ValidationError(_("Choose two different records."))
    if any(person.is_void or person.merged_into_id is not None for person in (kept, merged)):
        raise ValidationError(_("One of the two was merged meanwhile. Reload the page."))
    if kept.identity_hash and merged.identity_hash and kept.identity_hash != merged.identity_hash:
        raise ValidationError(
            _(
                "The two records have different identity numbers, so they are two people. If one number is wrong, "
                "have it corrected first."
            )
        )
    asked = Transfer.objects.filter(person__in=[kept, merged], state=Transfer.State.ASKED)
    if asked.exists():
        raise ValidationError(
            _("A transfer of %(name)s awaits an answer. Settle or revoke it first.") % {"name": merged}
        )


def _fill(kept: Person, merged: Person) -> dict[str, list[Any]]:
    """Fill the blanks of `kept`; the number goes over, since one number is one person. Returns before and after."""
    filled: dict[str, list[Any]] = {}

    def take(name: str) -> None:
        filled[name] = [getattr(kept, name), getattr(merged, name)]
        setattr(kept, name, getattr(merged, name))

    for name in _FILLED:
        if not getattr(kept, name) and getattr(merged, name):
            take(name)
            if name in _PRECISE:
                take(f"{name}_precision")
    if kept.sex == Sex.UNKNOWN and merged.sex != Sex.UNKNOWN:
        take("sex")
    if "identity_number" in filled:
        merged.identity_number, merged.identity_hash = "", None
    merged.merged_into = kept
    _save(merged)
    _save(kept)
    return {name: [_plain(before), _plain(after)] for name, (before, after) in filled.items()}


def _told(kept: Person, filled: Mapping[str, list[Any]]) -> dict[str, tuple[Any, Any]]:
    """The fields filled in as the trail names them."""
    told = {}
    for name, (before, after) in filled.items():
        if name.endswith("_id"):
            told[name.removesuffix("_id")] = ("", str(getattr(kept, name.removesuffix("_id"))))
        elif not name.endswith("_precision"):
            told[name] = (before, after)
    return told


def _give_back(kept: Person, merged: Person, filled: Mapping[str, list[Any]]) -> list[str]:
    """Empty again what was filled and is as it was; returns the names of the fields that are not."""
    still = []
    for name, (before, after) in filled.items():
        if _plain(getattr(kept, name)) != after:
            still.append(str(Person._meta.get_field(name.removesuffix("_id")).verbose_name))  # type: ignore[union-attr]
            continue
        setattr(kept, name, date.fromisoformat(before) if name in _PRECISE and before else before)
        if name == "identity_number":
            merged.identity_number = after
    merged.merged_into = None
    _save(kept)
    _save(merged)
    return still


def _save(person: Person) -> None:
    person.identity_hash = blind_index(person.identity_number) if person.identity_number else None
    person.phone_hash = blind_index(person.phone) if person.phone else ""
    person.version += 1
    person.save()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
