"""What a member did for others, as far as the reader reaches: honours, service, study and talks."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from activities.models import Attendance, Forum, Talk
from branches.models import Person
from branches.rights import Access
from reports.queries.person_files import ATTENDED, readable, year_of
from reports.rules.person_files import FORUMS, SERVICES, Part


@dataclass
class Contribution:
    """One year: services and their hours, study sessions and forums, and those of them the member lectured at."""

    year: int
    services: int = 0
    hours: Decimal = Decimal(0)
    forums: int = 0
    lectured: int = 0

    @property
    def cells(self) -> list[tuple[str, int]]:
        return [(Part.SERVED, self.services), (Part.STUDIED, self.forums), (Part.SPOKE, self.lectured)]


def contributions_of(person: Person, access: Access) -> list[Contribution]:
    """Service and study year by year, newest first; hours not written down count as none. 3 queries."""
    found: dict[int, Contribution] = {}
    for row in _present_at(person, access, SERVICES).annotate(hours=Sum("activity__service__hours")):
        found[row["year"]] = Contribution(row["year"], services=row["number"], hours=row["hours"] or Decimal(0))
    for row in _present_at(person, access, FORUMS):
        found.setdefault(row["year"], Contribution(row["year"])).forums = row["number"]
    lectured: QuerySet[Any, Any] = Forum.objects.filter(lecturers=person, activity__in=readable(access)).annotate(
        year=year_of("activity__")
    )
    for row in lectured.values("year").annotate(number=Count("pk")):
        found.setdefault(row["year"], Contribution(row["year"])).lectured = row["number"]
    return [found[year] for year in sorted(found, reverse=True)]


def talks_of(person: Person, access: Access) -> list[tuple[Talk, Person]]:
    """The talks the member had and with whom, the latest first. 1 query."""
    talks = (
        Talk.objects.filter(Q(first=person) | Q(second=person), activity__in=readable(access))
        .select_related("activity__organisation", "first", "second")
        .order_by("-activity__held_on", "-activity_id", "position")
    )
    return [(talk, talk.second if talk.first_id == person.pk else talk.first) for talk in talks]


def _present_at(person: Person, access: Access, kinds: tuple[str, ...]) -> QuerySet[Any, Any]:
    """How often the member was present at activities of the `kinds`, by year."""
    attended: QuerySet[Any, Any] = Attendance.objects.filter(
        ATTENDED[Part.PRESENT], person=person, activity__in=readable(access).filter(kinds__code__in=kinds)
    )
    years = attended.annotate(year=year_of("activity__")).order_by().values("year")
    return years.annotate(number=Count("activity_id", distinct=True))
