"""Schemes, indicators and records in short form."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest

from activities.models import Activity, AgendaItem, Attendance, Lecture
from branches.models import Organisation, Person
from reports.models import Indicator, Scheme, Section
from tests.cast import Cast


@pytest.fixture
def scheme(cast: Cast) -> Scheme:
    """A short scheme of the committee for 2020: one indicator of every kind, 40 points."""
    scheme = Scheme.objects.create(organisation=cast.committee, year=2020, title="短方案")
    one = Section.objects.create(scheme=scheme, position=1, name="一、组织生活")
    two = Section.objects.create(scheme=scheme, position=2, name="二、学习")
    steps = {"full_at": 0.95, "step": 0.05, "deduct": 2}
    for section, position, name, points, scoring, parameters in (
        (one, 1, "党员大会", 8, "duty", {"rule": "members_meeting", "deduct": 2}),
        (one, 2, "支委会", 8, "duty", {"rule": "committee_meeting", "deduct": 1}),
        (two, 1, "第一议题", 8, "first_item", steps),
        (two, 2, "出席率", 4, "attendance", steps),
        (two, 3, "轮流授课", 5, "lecturers", {"levels": [[0.5, 4], [0.7, 5]]}),
        (two, 4, "及时录入", 3, "timeliness", {"deduct": 0.5}),
        (two, 5, "支部品牌", 4, "manual", {}),
    ):
        Indicator.objects.create(
            section=section,
            position=position,
            name=name,
            requirement=f"{name}的要求",
            points=points,
            scoring=scoring,
            parameters=parameters,
        )
    return scheme


def indicator(name: str) -> Indicator:
    return Indicator.objects.get(name=name, section__scheme__title="短方案")


def attend(activity: Activity, people: Iterable[Person], presence: str, branch: Organisation) -> None:
    for person in people:
        Attendance.objects.create(activity=activity, person=person, branch=branch, presence=presence)


def with_first_item(activity: Activity) -> Activity:
    AgendaItem.objects.create(activity=activity, position=1, title="学习", is_first_item=True)
    return activity


def lectured(activity: Activity, *people: Person) -> Activity:
    lecture = Lecture.objects.create(activity=activity, topic="微党课")
    lecture.lecturers.set(people)
    return activity


MEETINGS = (date(2020, 2, 12), date(2020, 5, 13), date(2020, 8, 12))
