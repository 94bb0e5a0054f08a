from django.db import models
from django.utils.translation import gettext_lazy as _

from activities.models.activities import Activity
from branches.models import Person


class Forum(models.Model):
    """Who lectured at a study session or forum (集中学习、讲坛) and how many questions were answered."""

    activity = models.OneToOneField(Activity, on_delete=models.CASCADE, primary_key=True, related_name="forum")
    lecturers = models.ManyToManyField(Person, related_name="forums", verbose_name=_("lecturers"))
    other_lecturers = models.CharField(_("lecturers from elsewhere"), max_length=120, blank=True)
    materials = models.CharField(_("what was studied"), max_length=200, blank=True)
    questions_answered = models.PositiveIntegerField(_("questions answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("study session or forum")
        verbose_name_plural = _("study sessions and forums")

    def __str__(self) -> str:
        return self.materials
