"""Personal data as a page may show it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template

from branches.models import Organisation, Person
from branches.rights import Permission
from branches.rules.people import date_words
from foundation.encryption import mask_identity, mask_phone

register = template.Library()


@register.filter
def masked_identity(person: Person) -> str:
    """First 3 and last 4 characters, for everybody; the whole number is revealed singly, with a reason."""
    return mask_identity(person.identity_number) if person.identity_number else ""


@register.simple_tag(takes_context=True)
def phone(context: dict[str, Any], person: Person, branch: Organisation | None) -> str:
    """The phone number: clear to the secretary, the recorder and the staff above of `branch`, masked elsewhere.

    `branch` is the person's of today (`Member.present`), on the roster of whichever day.
    """
    if not person.phone:
        return ""
    if branch is not None and context["request"].access.may(Permission.SEE_PHONES, branch):
        return str(person.phone)
    return mask_phone(str(person.phone))


@register.filter
def day_known(value: date | None, precision: str) -> str:
    """A date as exactly as it is known: 1998年7月 where only the month is on the papers."""
    return "—" if value is None else date_words(value, precision)
