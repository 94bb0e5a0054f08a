"""What the pages of people and organisations show of the results register."""

from __future__ import annotations

from typing import Any

from django import template

from activities.models.results import ResultQuerySet
from activities.queries.results import Standing, honours_on, standing_of
from branches.models import Organisation, Person

register = template.Library()


@register.simple_tag
def standing_results(organisation: Organisation) -> Standing:
    """`{% standing_results organisation as results %}`: its brand in use and its honours. 1 query."""
    return standing_of(organisation)


@register.simple_tag(takes_context=True)
def honours_of_person(context: dict[str, Any], person: Person) -> ResultQuerySet:
    """`{% honours_of_person person as honours %}`: those in the reader's reach. 1 query."""
    return honours_on(person, context["request"].access)
