from django.db import models
from django.utils.translation import gettext_lazy as _

from activities.models.activities import Activity
from branches.models import Person


class LifeMeeting(models.Model):
    """What went before an organisational life meeting (组织生活会): study, talks, opinions asked for.

    Source: 《中国共产党支部工作条例（试行）》2018, article 17.
    """

    activity = models.OneToOneField(Activity, on_delete=models.CASCADE, primary_key=True, related_name="life_meeting")
    topic = models.CharField(_("topic set from above"), max_length=200, blank=True)
    studied = models.CharField(_("what was studied beforehand"), max_length=200, blank=True)
    opinions = models.PositiveSmallIntegerField(_("opinions collected"), null=True, blank=True)
    talks = models.PositiveSmallIntegerField(_("heart-to-heart talks beforehand"), null=True, blank=True)

    class Meta:
        verbose_name = _("organisational life meeting")
        verbose_name_plural = _("organisational life meetings")

    def __str__(self) -> str:
        return self.topic


class Commitment(models.Model):
    """A problem somebody found in themselves or the branch and what is to be done about it, item by item (整改清单)."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="commitments")
    position = models.PositiveSmallIntegerField()
    # Nobody: the branch as a whole.
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="commitments")
    problem = models.CharField(_("problem"), max_length=300)
    measure = models.CharField(_("measures"), max_length=300, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)

    class Meta:
        verbose_name = _("problem and measure")
        verbose_name_plural = _("problems and measures")
        ordering = ("activity", "position")

    def __str__(self) -> str:
        return self.problem
