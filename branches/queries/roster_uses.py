"""What has come of the people of an import since: edited, or named by any other record of the system."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet

from branches.models import Batch, BatchEffect, BatchRow, Dated, Membership, Organisation, Person, PersonMerge, User
from branches.rules.undoing import Reason

Effects = QuerySet[BatchEffect]


def roster_reasons(effects: Effects) -> dict[int, str]:
    """What speaks against undoing effects of a roster, by the effect; those of which nothing does are absent.

    Somebody entered is in use as soon as anything names the person; somebody moved, as soon as anything names the
    person in the new branch or begins after the move. The records are found by their foreign keys, so that a kind of
    record added later counts as well. One query for each of them, however many effects.
    """
    reasons: dict[int, str] = {}
    for _words, used in uses(effects):
        reasons |= dict.fromkeys(used.values_list("pk", flat=True), Reason.IN_USE)
    edited = effects.exclude(person__version=F("version")) | effects.filter(person__is_void=True)
    reasons |= dict.fromkeys(edited.values_list("pk", flat=True), Reason.EDITED)
    void = effects.filter(former__is_void=True)
    reasons |= dict.fromkeys(void.values_list("pk", flat=True), Reason.CHANGED)
    standing = Organisation.objects.filter(ended_on__isnull=True)
    gone = effects.filter(former__isnull=False).exclude(former__branch__in=standing)
    reasons |= dict.fromkeys(gone.values_list("pk", flat=True), Reason.BRANCH_GONE)
    merges = PersonMerge.objects.filter(undone_at__isnull=True).filter(
        Q(kept=OuterRef("person_id")) | Q(merged=OuterRef("person_id"))
    )
    reasons |= dict.fromkeys(effects.filter(Exists(merges)).values_list("pk", flat=True), Reason.MERGED)
    return reasons


def uses(effects: Effects) -> Iterator[tuple[str, Effects]]:
    """For each kind of record that may name a person: its name, and the effects whose people are named by one."""
    entered = effects.filter(is_new=True)
    moved = effects.filter(is_new=False, membership__isnull=False)
    for model, field in _naming_people():
        rows = _counting(model).filter(**{field: OuterRef("person_id")})
        used = entered.filter(Exists(rows))
        if since := _since_the_move(model):
            used |= moved.filter(Exists(rows.filter(since)))
        yield _name(model), used


@cache
def _naming_people() -> tuple[tuple[type[Model], str], ...]:
    """Every model with a foreign key to a person, the tables behind many-to-many fields included."""
    relations: list[Any] = Person._meta.get_fields(include_hidden=True)
    return tuple(
        (relation.related_model, relation.field.name)
        for relation in relations
        if relation.auto_created and not relation.concrete and not relation.many_to_many
        # The rows of an import only say what it found.
        if relation.related_model is not BatchRow
    )


def _counting(model: type[Model]) -> QuerySet[Any]:
    """The rows of a model that count as use: none that never held, was undone, or is of this import itself."""
    rows: QuerySet[Any] = QuerySet(model)
    names = {field.name for field in model._meta.concrete_fields}
    if "is_void" in names:
        rows = rows.filter(is_void=False)
    if "undone_at" in names:
        rows = rows.filter(undone_at__isnull=True)
    if model is Membership:
        rows = rows.exclude(pk=OuterRef("membership_id"))
    if model is BatchEffect:
        rows = rows.exclude(outcome=BatchEffect.Outcome.UNDONE).exclude(batch=OuterRef("batch_id"))
    return rows


def _since_the_move(model: type[Model]) -> Q | None:
    """Which rows that name a person follow from the membership an import began."""
    if model in (BatchEffect, Batch):
        return None
    if issubclass(model, Dated):
        return Q(starts_on__gte=OuterRef("membership__starts_on"))
    condition = Q()
    for path in _paths_to_organisations(model):
        condition |= Q(**{path: OuterRef("membership__branch_id")})
    return condition or None


def _paths_to_organisations(model: type[Model]) -> list[str]:
    """The lookups that lead from a row to the organisation it belongs to, by one or two foreign keys."""
    paths = []
    for field in _foreign_keys(model):
        target: Any = field.related_model
        if target is Organisation:
            paths.append(field.name)
        elif target not in (Person, User):
            paths += [f"{field.name}__{further.name}" for further in _foreign_keys(target) if _is_organisation(further)]
    return paths


def _foreign_keys(model: type[Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.many_to_one or field.one_to_one]


def _is_organisation(field: Any) -> bool:
    return field.related_model is Organisation


def _name(model: type[Model]) -> str:
    shown: Any = model._meta.auto_created or model
    return str(shown._meta.verbose_name)
