from __future__ import annotations

from typing import Any

from django import template

from branches.models import Organisation
from branches.queries.transfers import waiting_at
from branches.rights import Permission

register = template.Library()


@register.simple_tag(takes_context=True)
def transfers_waiting(context: dict[str, Any], organisation: Organisation) -> int:
    """How many transfers into `organisation` or below wait for this user's answer; no query for who answers none."""
    access = context["request"].access
    if not access.may_anywhere(Permission.TRANSFER):
        return 0
    return waiting_at(organisation, access).count()
