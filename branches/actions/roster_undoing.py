"""Undoes what a roster did, chunk by chunk, each one transaction: see `undoing`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F

from branches.actions.giving_back import give_back
from branches.actions.leaving import leave
from branches.actions.tree import keep_standing
from branches.actions.undoing import next_effects, reasons_to_keep, settle
from branches.models import (
    Appointment,
    Batch,
    BatchEffect,
    GroupMembership,
    Membership,
    MemberStatus,
    OfficeMembership,
    Person,
    ProbationDecision,
    Transfer,
)
from branches.queries.batches import chosen
from branches.rules.undoing import Reason, is_kept
from foundation.actions.audit import Entry, record_many
from foundation.clock import business_date
from foundation.encryption import blind_index

# What holds of somebody entered by mistake never held.
_HELD = (Membership, GroupMembership, OfficeMembership, Appointment, MemberStatus, ProbationDecision)
_DATES = ("birth_date", "joined_on", "full_on")
_CODES = ("nation", "education")


@dataclass
class _Undo:
    """One effect with the person it is about; `given_back` are the fields that got their former value."""

    effect: BatchEffect
    person: Person
    is_decided: bool
    given_back: set[str] = field(default_factory=set)
    is_whole: bool = True  # every field the row changed could be given back

    @property
    def is_move(self) -> bool:
        return not self.effect.is_new and self.effect.membership_id is not None


@transaction.atomic
def undo_chunk(batch: Batch) -> int:
    """Undo the next effects of the batch; returns how many were settled, 0 when all have their outcome.

    What was used or edited since is kept, unless somebody has decided otherwise.
    """
    effects = next_effects(batch)
    if not effects:
        return 0
    formers = Membership.objects.filter(pk__in=[effect.former_id for effect in effects if effect.former_id])
    branches = dict(formers.values_list("pk", "branch_id"))
    keep_standing(set(branches.values()))
    ids = [effect.person_id for effect in effects if effect.person_id]
    # In the order everybody takes them.
    locked = Person.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    people: dict[int | None, Person] = {person.pk: person for person in locked}
    reasons = reasons_to_keep(batch, effects)
    undos, kept = [], {}
    for effect in effects:
        is_decided = effect.reason == Reason.DECIDED
        reason = reasons.get(effect.pk, "")
        person = people[effect.person_id]
        if is_kept(reason, is_decided=is_decided) or person.is_void:
            kept[effect.pk] = reason or Reason.EDITED
        else:
            undos.append(_Undo(effect, person, is_decided))
    _give_back_fields([undo for undo in undos if not undo.effect.is_new])
    for undo in undos:
        if not (undo.effect.is_new or undo.is_move or undo.given_back):
            kept[undo.effect.pk] = Reason.EDITED  # every field was written anew since
    undos = [undo for undo in undos if undo.effect.pk not in kept]
    left = _move_back([undo for undo in undos if undo.is_move])
    _make_void([undo.person for undo in undos if undo.effect.is_new], batch)
    Person.objects.filter(pk__in=[undo.person.pk for undo in undos]).update(version=F("version") + 1)
    _hand_back(batch, [undo.person.pk for undo in undos if undo.is_whole and not undo.is_decided])
    settle(kept, [undo.effect.pk for undo in undos])
    record_many([*(entry for undo in undos for entry in _entries(undo, branches)), *left], by=batch.undone_by)
    return len(effects)


def _hand_back(batch: Batch, people: Sequence[int]) -> None:
    """People who are as they were before this import are again as the import before it left them, not edited since."""
    before = BatchEffect.objects.filter(person__in=people, version=F("person__version") - 2).exclude(batch=batch)
    before.update(version=F("version") + 2)


def _make_void(people: Sequence[Person], batch: Batch) -> None:
    """Somebody entered by mistake was never there; what is held is void with the person, requests are revoked."""
    if not people:
        return
    Person.objects.filter(pk__in=[person.pk for person in people]).update(is_void=True)
    for model in _HELD:
        model.objects.filter(person__in=people, is_void=False).update(is_void=True)
    Transfer.objects.filter(person__in=people, state=Transfer.State.ASKED).update(
        state=Transfer.State.REVOKED,
        answered_on=business_date(),
        answered_by=batch.undone_by,
        version=F("version") + 1,
    )


def _give_back_fields(undos: Iterable[_Undo]) -> None:
    """Fields that still say what the import wrote say again what they said before."""
    told = [(undo, json.loads(undo.effect.details)) for undo in undos if undo.effect.details]
    numbers = {blind_index(number) for _undo, said in told if (number := said["before"].get("identity_number"))}
    taken = set(Person.objects.filter(is_void=False, identity_hash__in=numbers).values_list("identity_hash", flat=True))
    columns: set[str] = set()
    for undo, said in told:
        person, before = undo.person, said["before"]
        for key, written in said["after"].items():
            attribute = f"{key}_id" if key in _CODES else key
            is_taken = key == "identity_number" and before.get(key) and blind_index(before[key]) in taken
            if key not in before or _plain(getattr(person, attribute)) != written or is_taken:
                undo.is_whole = False
                continue
            setattr(
                person, attribute, date.fromisoformat(before[key]) if key in _DATES and before[key] else before[key]
            )
            undo.given_back.add(key)
        if "identity_number" in undo.given_back:
            person.identity_hash = blind_index(person.identity_number) if person.identity_number else None
        if "phone" in undo.given_back:
            person.phone_hash = blind_index(person.phone) if person.phone else ""
        columns |= undo.given_back
    hashes = {"identity_number": "identity_hash", "phone": "phone_hash"}
    columns |= {hashes[key] for key in columns & hashes.keys()}
    if columns:
        Person.objects.bulk_update([undo.person for undo, _said in told if undo.given_back], sorted(columns))


def _move_back(undos: Sequence[_Undo]) -> list[Entry]:
    """The membership the import began is void; the former one goes on as that one did, with all that ended with it.

    Returns:
        The audit entries of what was held in the branch the people leave again.
    """
    if not undos:
        return []
    begun = Membership.objects.select_related("person", "branch").in_bulk([undo.effect.membership_id for undo in undos])
    former = Membership.objects.select_related("branch").in_bulk(
        [undo.effect.former_id for undo in undos if undo.effect.former_id]
    )
    left = _leave_again(undos, begun, former)
    Membership.objects.filter(pk__in=begun).update(is_void=True)
    reopened = []
    for undo in undos:
        after, before = begun[undo.effect.membership_id or 0], former.get(undo.effect.former_id or 0)
        if before is None or before.is_void or before.ends_on is None or after.is_void:
            continue
        if after.ends_on is None:
            reopened.append((before, before.ends_on))
        before.ends_on, before.end_kind, before.end_document = after.ends_on, after.end_kind, after.end_document
    Membership.objects.bulk_update(former.values(), ["ends_on", "end_kind", "end_document"])
    give_back(reopened)
    _link_anew(begun, undos)
    return left


def _link_anew(begun: Mapping[int, Membership], undos: Iterable[_Undo]) -> None:
    """Imports that moved these people on moved them from where they are by now: undone later, they go back there."""
    former = {undo.effect.membership_id: undo.effect.former_id for undo in undos}
    later = list(BatchEffect.objects.filter(former__in=begun))
    for effect in later:
        effect.former_id = former[effect.former_id]
    BatchEffect.objects.bulk_update(later, ["former"])


def _leave_again(undos: Iterable[_Undo], begun: dict[int, Membership], former: dict[int, Membership]) -> list[Entry]:
    """Whoever was moved by mistake held nothing in the branch; only where somebody decided so is there anything."""
    left: list[Entry] = []
    by_day: dict[date, list[Any]] = {}
    for undo in undos:
        if undo.is_decided:
            after, before = begun[undo.effect.membership_id or 0], former.get(undo.effect.former_id or 0)
            by_day.setdefault(after.starts_on, []).append((after, before.branch if before else after.branch))
    for day, moves in by_day.items():
        left += leave(moves=moves, on=day)
    return left


def _entries(undo: _Undo, branches: Mapping[int, int]) -> list[Entry]:
    """What the trail says: the entries of the import turned round, masked as the preview was.

    Args:
        branches: the branch of each membership that goes on.
    """
    row = undo.effect.row
    changes: dict[str, tuple[Any, Any]] = {
        key: (after, before)
        for key, before, after in chosen(row, json.loads(row.payload)).get("changes", ())
        if key in undo.given_back or (key == "branch" and undo.is_move)
    }
    if undo.effect.is_new:
        changes = {"branch": (str(row.organisation), ""), "is_void": (False, True)}
    back = []
    if undo.is_move:
        told = {key: ("", before) for key, (_after, before) in changes.items() if before}
        place = branches.get(undo.effect.former_id or 0)
        if place is not None:
            back = [Entry(verb="person.roster_return", target=undo.person, organisation=place, changes=told)]
        changes = {key: (after, "") for key, (after, _before) in changes.items()}
    return [
        Entry(verb="person.roster_undo", target=undo.person, organisation=row.organisation_id, changes=changes),
        *back,
    ]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
