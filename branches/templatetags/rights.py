from __future__ import annotations

from typing import Any

from django import template

from branches.models import Organisation
from branches.queries.members import keepers_of
from branches.rights import Permission
from foundation.clock import business_date

register = template.Library()


@register.simple_tag(takes_context=True)
def may(context: dict[str, Any], permission: str, organisation: Organisation) -> bool:
    """`{% may "submit" organisation as allowed %}`: the same question, by the same name, as the view asks."""
    return bool(context["request"].access.may(Permission(permission), organisation))


@register.simple_tag(takes_context=True)
def may_somewhere(context: dict[str, Any], permission: str) -> bool:
    """`{% may_somewhere "guide" as guides %}`: whether the user holds it at any organisation."""
    return bool(context["request"].access.may_anywhere(Permission(permission)))


@register.simple_tag
def keepers(organisation: Organisation, permission: str) -> list[str]:
    """`{% keepers organisation "manage_people" as names %}`: whom to ask for what one may not do oneself."""
    return keepers_of(organisation, Permission(permission), business_date())
