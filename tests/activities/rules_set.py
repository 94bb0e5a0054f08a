"""Duty rules as an organisation would have set them."""

from __future__ import annotations

from activities.models import DutyRule
from branches.models import Organisation


def own_rule(organisation: Organisation, like: str, **fields: object) -> DutyRule:
    """A copy of the general default, set by `organisation`."""
    rule = DutyRule.objects.get(code=like, organisation=None)
    kinds = list(rule.kinds.all())
    rule.pk = None
    rule.organisation = organisation
    for name, value in fields.items():
        setattr(rule, name, value)
    rule.save()
    rule.kinds.set(kinds)
    return rule
