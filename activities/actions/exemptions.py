"""Freeing a branch from a duty for a time."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from activities.models import DutyRule, Exemption
from branches.models import Organisation, User
from foundation.actions.audit import record


@transaction.atomic
def grant(
    *,
    branch: Organisation,
    rule_code: str,
    starts_on: date,
    ends_on: date | None,
    reason: str,
    granted_by: Organisation,
    by: User,
    document_number: str = "",
) -> Exemption:
    """Free `branch` from a duty in every period that touches the time from `starts_on` to `ends_on`.

    `granted_by` is the organisation that decided. What was held all the same still counts.

    Raises:
        ValidationError: the days are the wrong way round, or the branch is already free on one of them.
    """
    if ends_on is not None and ends_on < starts_on:
        raise ValidationError({"ends_on": _("The last day is before the first; choose a later one.")})
    Organisation.objects.select_for_update(no_key=True).get(pk=branch.pk)
    standing = (
        Exemption.objects.active_between(starts_on, ends_on or date.max)
        .filter(organisation=branch, rule_code=rule_code)
        .first()
    )
    if standing is not None:
        raise ValidationError(
            {
                "starts_on": _("%(branch)s is already exempt from %(day)s on; end that exemption first.")
                % {"branch": branch.short_name, "day": date_format(standing.starts_on)}
            }
        )
    exemption = Exemption.objects.create(
        organisation=branch,
        rule_code=rule_code,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
        granted_by=granted_by,
        document_number=document_number,
    )
    record(
        verb="exemption.grant",
        target=exemption,
        by=by,
        organisation=branch,
        changes={
            "rule_code": (None, _name_of(rule_code)),
            "starts_on": (None, starts_on),
            "ends_on": (None, ends_on),
            "document_number": (None, document_number),
            "granted_by": (None, granted_by.short_name),
        },
        reason=reason,
    )
    return exemption


@transaction.atomic
def end(*, exemption: Exemption, ends_on: date, by: User) -> Exemption:
    """Let an exemption hold until `ends_on`.

    Raises:
        ValidationError: the day is before its first, or it has been taken back.
    """
    exemption = _locked(exemption)
    if ends_on < exemption.starts_on:
        raise ValidationError(
            {
                "ends_on": _("It holds from %(day)s; choose that day or a later one.")
                % {"day": date_format(exemption.starts_on)}
            }
        )
    before, exemption.ends_on = exemption.ends_on, ends_on
    exemption.save(update_fields=["ends_on"])
    record(
        verb="exemption.end",
        target=exemption,
        by=by,
        organisation=exemption.organisation,
        changes={"ends_on": (before, ends_on)},
    )
    return exemption


@transaction.atomic
def take_back(*, exemption: Exemption, by: User) -> Exemption:
    """Treat an exemption granted by mistake as never granted; it stays on file.

    Raises:
        ValidationError: it has been taken back already.
    """
    exemption = _locked(exemption)
    exemption.is_void = True
    exemption.save(update_fields=["is_void"])
    record(
        verb="exemption.take_back",
        target=exemption,
        by=by,
        organisation=exemption.organisation,
        changes={"is_void": (False, True)},
    )
    return exemption


def _locked(exemption: Exemption) -> Exemption:
    exemption = Exemption.objects.select_for_update().select_related("organisation").get(pk=exemption.pk)
    if exemption.is_void:
        raise ValidationError(_("This exemption has been taken back already."))
    return exemption


def _name_of(rule_code: str) -> str:
    """The duty in words; all rules of one code are about the same duty."""
    rule = DutyRule.objects.filter(code=rule_code).first()
    return rule.label if rule else rule_code
