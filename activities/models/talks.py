from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from activities.models.activities import Activity
from branches.models import Person


class Talk(models.Model):
    """One heart-to-heart talk (谈心谈话) between two people; several stand in one record."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="talks")
    position = models.PositiveSmallIntegerField()
    first = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="talks_asked", verbose_name=_("who asked"))
    second = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="talks_answered", verbose_name=_("with whom")
    )
    held_on = models.DateField(_("held on"), null=True, blank=True)
    points = models.CharField(_("main points"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("heart-to-heart talk")
        verbose_name_plural = _("heart-to-heart talks")
        ordering = ("activity", "position")
        constraints = [
            models.CheckConstraint(condition=~Q(first=F("second")), name="talk_between_two"),
            models.UniqueConstraint(fields=["activity", "position"], name="talk_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id}–{self.second_id}"
