"""States of a record and the moves between them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("In review")
    RETURNED = "returned", _("Returned")
    ACCEPTED = "accepted", _("Accepted")
    DISCARDED = "discarded", _("Discarded")


class Body(models.TextChoices):
    """Whose members are expected."""

    MEMBERS = "members", _("All members of the branch")
    COMMITTEE = "committee", _("The committee")
    GROUP = "group", _("One party group")
    PARTICIPANTS = "participants", _("Those named as taking part")


class Block(models.TextChoices):
    """Parts of the form a kind opens."""

    AGENDA = "agenda", _("Agenda and resolutions")
    LECTURE = "lecture", pgettext_lazy("form block", "Lecture")
    LIFE_MEETING = "life_meeting", pgettext_lazy("form block", "Problems and measures")
    APPRAISAL = "appraisal", pgettext_lazy("form block", "Ballots and grades")
    TALKS = "talks", pgettext_lazy("form block", "Talks in pairs")
    FORUM = "forum", pgettext_lazy("form block", "Lecturers and questions")
    SERVICE = "service", pgettext_lazy("form block", "Hours and benefits")
    INSPECTION = "inspection", pgettext_lazy("form block", "Units inspected")


class LectureMethod(models.TextChoices):
    """The six methods of a micro-lecture."""

    LECTURE = "lecture", pgettext_lazy("method", "Lecture")
    DISCUSSION = "discussion", pgettext_lazy("method", "Discussion")
    CASE = "case", pgettext_lazy("method", "Case study")
    INTERACTIVE = "interactive", pgettext_lazy("method", "Interactive")
    OBSERVATION = "observation", pgettext_lazy("method", "Observation")
    EXPERIENCE = "experience", pgettext_lazy("method", "Experience")


class Presence(models.TextChoices):
    UNRECORDED = "unrecorded", _("Unrecorded")
    PRESENT = "present", _("Present")
    LEAVE = "leave", _("On leave")
    ABSENT = "absent", _("Absent")


class VoteRule(models.TextChoices):
    NONE = "none", _("No vote")
    DECISION = "decision", _("Decision")
    ELECTION = "election", _("Election")


EDITABLE = frozenset({State.DRAFT, State.RETURNED})
# What counts for duties and figures; final sheets take ACCEPTED only.
COUNTING = frozenset({State.SUBMITTED, State.ACCEPTED})

MOVES: dict[str, frozenset[str]] = {
    State.DRAFT: frozenset({State.SUBMITTED, State.DISCARDED}),
    State.SUBMITTED: frozenset({State.ACCEPTED, State.RETURNED, State.DRAFT}),
    State.RETURNED: frozenset({State.SUBMITTED}),
    State.ACCEPTED: frozenset({State.RETURNED}),
    State.DISCARDED: frozenset(),
}


def may_become(state: str, target: str) -> bool:
    return target in MOVES[state]
