"""The steps of setting up a new system, each done or not by what is there."""

from __future__ import annotations

from dataclasses import dataclass

from activities.models import Activity, DutyRule
from branches.models import Organisation
from branches.queries.start import has_accounts, has_branches, has_people
from foundation.models import AuditEntry


@dataclass(frozen=True)
class Step:
    """`can_begin`: what it builds on is there."""

    key: str
    is_done: bool
    can_begin: bool = True


def steps(top: Organisation | None) -> list[Step]:
    """The five steps in order. At most 6 queries."""
    if top is None:
        rest = [Step(key, is_done=False, can_begin=False) for key in ("branches", "people", "accounts", "duties")]
        return [Step("organisation", is_done=False), *rest]
    branches = has_branches(top)
    return [
        Step("organisation", is_done=True),
        Step("branches", branches),
        Step("people", has_people(top), can_begin=branches),
        Step("accounts", has_accounts(top), can_begin=branches),
        Step("duties", are_duties_settled(top)),
    ]


def are_duties_settled(top: Organisation) -> bool:
    """The rules were confirmed or changed, or records are kept by them already."""
    below = Organisation.objects.under(top)
    return (
        AuditEntry.objects.filter(verb="duty_rule.confirm", organisation_id=top.pk).exists()
        or DutyRule.objects.filter(organisation__in=below).exists()
        or Activity.objects.filter(organisation__in=below).exists()
    )
