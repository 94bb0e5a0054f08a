"""What the numbers of a member's file count."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Part(TextChoices):
    """The part a member had in an activity; each is a column of the file and a filter of the list that proves it."""

    EXPECTED = "expected", _("Expected")
    PRESENT = "present", pgettext_lazy("count", "Present")
    LEAVE = "leave", pgettext_lazy("count", "On leave")
    ABSENT = "absent", pgettext_lazy("count", "Absent")
    UNRECORDED = "unrecorded", pgettext_lazy("count", "Unrecorded")
    MADE_UP = "made_up", pgettext_lazy("count", "Made up")
    CHAIRED = "chaired", pgettext_lazy("count", "Chaired")
    RECORDED = "recorded", pgettext_lazy("count", "Recorded")
    SERVED = "served", pgettext_lazy("count", "Volunteer services")
    STUDIED = "studied", pgettext_lazy("count", "Study sessions and forums")
    SPOKE = "spoke", pgettext_lazy("count", "Lectured there")
    TALKED = "talked", pgettext_lazy("count", "Heart-to-heart talks")


ATTENDING = (Part.EXPECTED, Part.PRESENT, Part.LEAVE, Part.ABSENT, Part.UNRECORDED, Part.MADE_UP)
LEADING = (Part.CHAIRED, Part.RECORDED)
CONTRIBUTING = (Part.SERVED, Part.STUDIED, Part.SPOKE)

# Codes of kinds of activity.
SERVICES = ("volunteer_service",)
FORUMS = ("study_session", "forum")
