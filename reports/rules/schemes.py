"""The words of a scheme: how points come about, and by which method a person judges."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scoring(models.TextChoices):
    DUTY = "duty", _("points off for each time a duty was not fulfilled")
    FIRST_ITEM = "first_item", _("share of meetings with a first agenda item")
    LECTURERS = "lecturers", _("share of members who lectured")
    ATTENDANCE = "attendance", _("attendance rate")
    TIMELINESS = "timeliness", _("points off for each late record")
    MANUAL = "manual", _("judged by a person")


class Method(models.TextChoices):
    """The four methods of the year-end assessment."""

    EVERYDAY = "everyday", _("Everyday checks")
    REPORT = "report", _("Hearing reports")
    TALK = "talk", _("Talks with members and the public")
    RECORDS = "records", _("Reading the records")
