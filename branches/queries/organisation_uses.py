"""What has come of the organisations of an import since: changed, or named by any other record of the system."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet

from branches.models import BatchEffect, BatchRow, Dated, Organisation, OrganisationName, Placement
from branches.rules.undoing import Reason

Effects = QuerySet[BatchEffect]
_NAMES = ("name", "short_name")
# What every organisation has from its founding; further rows of these are looked at apart.
_OWN = (
    (Placement, "organisation"),
    (Placement, "parent"),
    (OrganisationName, "organisation"),
    (Organisation, "parent"),
)


def organisation_reasons(effects: Effects) -> dict[int, str]:
    """What speaks against undoing effects of a table of organisations, by the effect.

    An organisation founded is in use as soon as any record names it, or one stands under it that stays. The records are
    found by their foreign keys, so that a kind of record added later counts as well.
    """
    reasons = _edited(effects)
    founded = effects.filter(is_new=True)
    for model, field in _naming_organisations():
        used = founded.filter(Exists(_counting(model).filter(**{field: OuterRef("organisation_id")})))
        reasons |= dict.fromkeys(used.values_list("pk", flat=True), Reason.HAS_RECORDS)
    return reasons | _with_something_below(founded, reasons)


def _with_something_below(founded: Effects, reasons: Mapping[int, str]) -> dict[int, str]:
    """Those under which something stands that is not undone itself; from below upwards."""
    organisations = dict(founded.order_by("-pk").values_list("pk", "organisation_id"))
    children: dict[int, list[int]] = defaultdict(list)
    standing = Organisation.objects.filter(parent__in=founded.values("organisation"))
    for pk, parent_id in standing.order_by().values_list("pk", "parent_id"):
        children[parent_id or 0].append(pk)
    once = Placement.objects.valid().filter(parent__in=founded.values("organisation")).order_by()
    for pk, parent_id in once.values_list("organisation_id", "parent_id"):
        children[parent_id or 0].append(pk)
    stays: dict[int, str] = {}
    goes: set[int] = set()
    for effect, organisation_id in organisations.items():  # what is founded later stands below
        if effect in reasons:
            continue
        if all(child in goes for child in children[organisation_id or 0]):
            goes.add(organisation_id or 0)
        else:
            stays[effect] = Reason.HAS_RECORDS
    return stays


def _edited(effects: Effects) -> dict[int, str]:
    """Organisations moved, renamed or revoked since; of those that were corrected, what says something else today."""
    again = Organisation.objects.annotate(
        number_of_names=Count("names", filter=Q(names__is_void=False), distinct=True),
        number_of_places=Count("placements", filter=Q(placements__is_void=False), distinct=True),
    ).filter(Q(number_of_names__gt=1) | Q(number_of_places__gt=1) | Q(ended_on__isnull=False))
    founded = effects.filter(is_new=True, organisation__in=again.values("pk"))
    reasons: dict[int, str] = dict.fromkeys(founded.values_list("pk", flat=True), Reason.CHANGED)
    former: dict[tuple[int | None, str, str], int] = {}
    for effect in effects.filter(is_new=False).select_related("organisation"):
        said: dict[str, Any] = json.loads(effect.details or "{}")
        organisation = effect.organisation
        if organisation is None or organisation.ended_on is not None:
            reasons[effect.pk] = Reason.CHANGED
            continue
        if any(getattr(organisation, key) != value for key, value in said.get("after", {}).items()):
            reasons[effect.pk] = Reason.CHANGED
        names = {key: name for key, name in said.get("before", {}).items() if key in _NAMES}
        former |= {(organisation.parent_id, key, name.casefold()): effect.pk for key, name in names.items()}
    return reasons | _with_names_given_away(effects, former)


def _with_names_given_away(effects: Effects, former: Mapping[tuple[int | None, str, str], int]) -> dict[int, str]:
    """Those whose former name another organisation beside them bears by now."""
    beside = Organisation.objects.filter(parent__in={parent for parent, _key, _name in former}, ended_on__isnull=True)
    beside = beside.exclude(pk__in=effects.values("organisation"))
    rows = beside.order_by().values_list("parent_id", "name", "short_name") if former else ()
    borne = {(parent, key, said.casefold()) for parent, *names in rows for key, said in zip(_NAMES, names, strict=True)}
    return {pk: Reason.CHANGED for name, pk in former.items() if name in borne}


@cache
def _naming_organisations() -> tuple[tuple[type[Model], str], ...]:
    """Every model with a foreign key to an organisation, the tables behind many-to-many fields included."""
    return tuple(
        (relation.related_model, relation.field.name)
        for relation in Organisation._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete and not relation.many_to_many
        # The rows of an import only say what it found.
        if relation.related_model is not BatchRow
        if (relation.related_model, relation.field.name) not in _OWN
    )


def _counting(model: type[Model]) -> QuerySet[Any]:
    """The rows of a model that count as use: none that never held, was undone, or is of this import itself."""
    rows: QuerySet[Any] = QuerySet(model)
    if model is BatchEffect:
        return rows.exclude(outcome=BatchEffect.Outcome.UNDONE).exclude(batch=OuterRef("batch_id"))
    return rows.filter(is_void=False) if issubclass(model, Dated) else rows
