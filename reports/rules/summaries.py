"""What an organ's yearly summary counts, under which heading, and in what unit."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Key(models.TextChoices):
    """The figures, in the order of the paper."""

    FORUM_SESSIONS = "forum_sessions", pgettext_lazy("yearly summary", "Forums held")
    FORUM_ATTENDANCES = "forum_attendances", pgettext_lazy("yearly summary", "Attendances at forums")
    FORUM_QUESTIONS = "forum_questions", pgettext_lazy("yearly summary", "Questions answered")
    LECTURES = "lectures", pgettext_lazy("yearly summary", "Party lectures given")
    LECTURERS = "lecturers", pgettext_lazy("yearly summary", "Members who lectured")
    INSPECTION_PARTICIPATIONS = (
        "inspection_participations",
        pgettext_lazy("yearly summary", "Participations in political inspections"),
    )
    INSPECTED_UNITS = "inspected_units", pgettext_lazy("yearly summary", "Units in political inspections")
    PERSONNEL_INSPECTION_MEMBERS = (
        "personnel_inspection_members",
        pgettext_lazy("yearly summary", "Members in personnel inspections"),
    )
    PERSONNEL_INSPECTED_UNITS = (
        "personnel_inspected_units",
        pgettext_lazy("yearly summary", "Units of personnel inspections"),
    )
    SERVICE_SESSIONS = "service_sessions", pgettext_lazy("yearly summary", "Volunteer services organised")
    SERVICE_PARTICIPATIONS = (
        "service_participations",
        pgettext_lazy("yearly summary", "Participations in volunteer services"),
    )
    PROBLEMS_SOLVED = "problems_solved", pgettext_lazy("yearly summary", "Problems solved")
    MONEY_SAVED_YUAN = "money_saved_yuan", pgettext_lazy("yearly summary", "Money saved")
    BRANDS = "brands", pgettext_lazy("yearly summary", "Brands of branches")
    PUBLICATIONS = "publications", pgettext_lazy("yearly summary", "Publications")


class Shape(StrEnum):
    """What a figure counts, and so what stands in the list behind it."""

    ACTIVITIES = "activities"
    PEOPLE = "people"
    UNITS = "units"
    RESULTS = "results"


SHAPES: dict[Key, Shape] = {
    Key.LECTURERS: Shape.PEOPLE,
    Key.PERSONNEL_INSPECTION_MEMBERS: Shape.PEOPLE,
    Key.INSPECTED_UNITS: Shape.UNITS,
    Key.PERSONNEL_INSPECTED_UNITS: Shape.UNITS,
    Key.BRANDS: Shape.RESULTS,
    Key.PUBLICATIONS: Shape.RESULTS,
}

MODULES = (
    (
        pgettext_lazy("yearly summary", "Study and forums"),
        (Key.FORUM_SESSIONS, Key.FORUM_ATTENDANCES, Key.FORUM_QUESTIONS),
    ),
    (pgettext_lazy("yearly summary", "Party lectures"), (Key.LECTURES, Key.LECTURERS)),
    (
        pgettext_lazy("yearly summary", "Political and personnel inspections"),
        (
            Key.INSPECTION_PARTICIPATIONS,
            Key.INSPECTED_UNITS,
            Key.PERSONNEL_INSPECTION_MEMBERS,
            Key.PERSONNEL_INSPECTED_UNITS,
        ),
    ),
    (
        pgettext_lazy("yearly summary", "Volunteer service"),
        (Key.SERVICE_SESSIONS, Key.SERVICE_PARTICIPATIONS, Key.PROBLEMS_SOLVED, Key.MONEY_SAVED_YUAN),
    ),
    (pgettext_lazy("yearly summary", "Brands and results"), (Key.BRANDS, Key.PUBLICATIONS)),
)

UNITS = {
    Key.FORUM_SESSIONS: pgettext_lazy("unit of the summary", "sessions"),
    Key.FORUM_ATTENDANCES: pgettext_lazy("unit", "person-times"),
    Key.FORUM_QUESTIONS: pgettext_lazy("unit of the summary", "questions"),
    Key.LECTURES: pgettext_lazy("unit", "lectures"),
    Key.LECTURERS: pgettext_lazy("unit", "people"),
    Key.INSPECTION_PARTICIPATIONS: pgettext_lazy("unit", "person-times"),
    Key.INSPECTED_UNITS: pgettext_lazy("unit of the summary", "units"),
    Key.PERSONNEL_INSPECTION_MEMBERS: pgettext_lazy("unit", "people"),
    Key.PERSONNEL_INSPECTED_UNITS: pgettext_lazy("unit of the summary", "units"),
    Key.SERVICE_SESSIONS: pgettext_lazy("unit", "times"),
    Key.SERVICE_PARTICIPATIONS: pgettext_lazy("unit", "person-times"),
    Key.PROBLEMS_SOLVED: pgettext_lazy("unit of the summary", "problems"),
    Key.MONEY_SAVED_YUAN: pgettext_lazy("unit of the summary", "yuan"),
    Key.BRANDS: pgettext_lazy("unit of the summary", "brands"),
    Key.PUBLICATIONS: pgettext_lazy("unit of the summary", "books"),
}

# How each is counted, in a word under the figure.
COUNTED = {
    Key.FORUM_SESSIONS: _("Forums; joint ones once"),
    Key.FORUM_ATTENDANCES: _("Members recorded as present"),
    Key.FORUM_QUESTIONS: _("As entered with the records"),
    Key.LECTURES: _("Lectures; joint ones once"),
    Key.LECTURERS: _("Each person counted once"),
    Key.INSPECTION_PARTICIPATIONS: _("Members recorded as present"),
    Key.INSPECTED_UNITS: _("Each unit counted once"),
    Key.PERSONNEL_INSPECTION_MEMBERS: _("Each person counted once"),
    Key.PERSONNEL_INSPECTED_UNITS: _("Each unit counted once"),
    Key.SERVICE_SESSIONS: _("Volunteer services; joint ones once"),
    Key.SERVICE_PARTICIPATIONS: _("Members recorded as present"),
    Key.PROBLEMS_SOLVED: _("As entered with the records"),
    Key.MONEY_SAVED_YUAN: _("As entered with the records"),
    Key.BRANDS: _("Made this year, not withdrawn"),
    Key.PUBLICATIONS: _("Issued this year, not withdrawn"),
}


def shape_of(key: Key) -> Shape:
    return SHAPES.get(key, Shape.ACTIVITIES)


def module_of(key: Key) -> str:
    """The heading `key` stands under."""
    return next(str(name) for name, keys in MODULES if key in keys)
