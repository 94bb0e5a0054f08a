from django.db import models
from django.utils.translation import gettext_lazy as _

from activities.models.activities import Activity
from activities.rules.activities import LectureMethod
from branches.models import Person


class Lecture(models.Model):
    """A party lecture inside an activity, given by one or several lecturers."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="lectures")
    position = models.PositiveSmallIntegerField(default=1)
    topic = models.CharField(_("topic"), max_length=120)
    method = models.CharField(_("method"), max_length=12, choices=LectureMethod.choices, default=LectureMethod.LECTURE)
    duration = models.PositiveSmallIntegerField(_("minutes long"), null=True, blank=True)
    lecturers = models.ManyToManyField(Person, related_name="lectures", verbose_name=_("lecturers"))
    other_lecturers = models.CharField(_("lecturers from elsewhere"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("party lecture")
        verbose_name_plural = _("party lectures")
        ordering = ("activity", "position")

    def __str__(self) -> str:
        return self.topic
