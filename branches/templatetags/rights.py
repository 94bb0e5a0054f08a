from __future__ import annotations

from typing import Any

from django import template

from branches.models import Organisation
from branches.rights import Permission

register = template.Library()


@register.simple_tag(takes_context=True)
def may(context: dict[str, Any], permission: str, organisation: Organisation) -> bool:
    """`{% may "submit" organisation as allowed %}`: the same question, by the same name, as the view asks."""
    return bool(context["request"].access.may(Permission(permission), organisation))
