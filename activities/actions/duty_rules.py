"""An organisation's own duty rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypedDict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from activities.models import ActivityKind, DutyRule
from branches.models import Organisation, User
from foundation.actions.audit import difference, record

COPIED = ("code", "name", "name_en", "is_normally", "source", "position")


class RuleValues(TypedDict):
    """What an organisation may set for itself; the meaning of each is that of the field of `DutyRule`."""

    rhythm: str
    times: int
    kinds: Iterable[ActivityKind]
    applies_to: str
    exempts_retired: bool
    exempts_temporary: bool
    fixed_day: int | None
    grace_days: int
    warning_days: int
    entry_days: int
    note: str


@transaction.atomic
def set_rule(
    *, organisation: Organisation, model: DutyRule, year: int, values: RuleValues, version: int, by: User
) -> DutyRule:
    """Set `organisation`'s own rule from `year` on, as a copy of `model` with other `values`.

    Where `model` is the organisation's own rule of that very year it is changed in place; years before keep theirs.
    `version` is the one the user saw of `model`. Asking for 0 times waives the duty and needs a note.

    Raises:
        ValidationError: somebody changed the rule meanwhile, or a waiver without a note.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    model = DutyRule.objects.get(pk=model.pk)
    own = DutyRule.objects.filter(organisation=organisation, code=model.code, first_year=year, is_void=False).first()
    is_overtaken = own is not None and own.pk != model.pk
    if model.version != version or is_overtaken:
        raise ValidationError(
            _("This rule was changed by somebody else meanwhile. Open the page again and compare before you save.")
        )
    if values["times"] == 0 and not values["note"]:
        raise ValidationError({"note": _("Say in the note why this is not required, or on which paper it rests.")})
    last_year = model.last_year if model.organisation_id == organisation.pk else None
    rule = own or DutyRule(organisation=organisation, first_year=year, version=0, last_year=last_year)
    before = _plain(model)
    for name in COPIED:
        setattr(rule, name, getattr(model, name))
    for name, value in values.items():
        if name != "kinds":
            setattr(rule, name, value)
    rule.version += 1
    rule.full_clean()
    rule.save()
    rule.kinds.set(values["kinds"])
    record(
        verb="duty_rule.set",
        target=rule,
        by=by,
        organisation=organisation,
        changes={"first_year": (None, year)} | difference(before, _plain(rule)),
        reason=values["note"],
    )
    return rule


@transaction.atomic
def end_rule(*, rule: DutyRule, last_year: int, version: int, by: User) -> DutyRule:
    """Let an organisation's own rule hold until `last_year`; from the next year on the rule above holds again.

    Raises:
        ValidationError: somebody changed the rule meanwhile, or the year is before its first.
    """
    rule = DutyRule.objects.select_for_update().get(pk=rule.pk)
    if rule.version != version:
        raise ValidationError(
            _("This rule was changed by somebody else meanwhile. Open the page again and compare before you save.")
        )
    if last_year < rule.first_year:
        raise ValidationError(
            {
                "last_year": _("This rule holds from %(year)d; choose that year or a later one.")
                % {"year": rule.first_year}
            }
        )
    before, rule.last_year = rule.last_year, last_year
    rule.version += 1
    rule.save(update_fields=["last_year", "version"])
    record(
        verb="duty_rule.end",
        target=rule,
        by=by,
        organisation=rule.organisation,
        changes={"last_year": (before, last_year)},
    )
    return rule


@transaction.atomic
def take_back(*, rule: DutyRule, by: User) -> DutyRule:
    """Treat an organisation's own rule, set by mistake, as never set; it stays on file.

    What held before holds again in all its years: the organisation's earlier rule, else the one from above.

    Raises:
        ValidationError: it has been taken back already.
    """
    rule = DutyRule.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=rule.pk)
    if rule.is_void:
        raise ValidationError(_("This rule has been taken back already."))
    rule.is_void = True
    rule.version += 1
    rule.save(update_fields=["is_void", "version"])
    record(
        verb="duty_rule.take_back",
        target=rule,
        by=by,
        organisation=rule.organisation,
        changes={"is_void": (False, True)},
    )
    return rule


def _plain(rule: DutyRule) -> dict[str, Any]:
    names = [name for name in RuleValues.__annotations__ if name != "kinds"]
    return {name: getattr(rule, name) for name in names} | {"kinds": sorted(kind.code for kind in rule.kinds.all())}
