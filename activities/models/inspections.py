from django.db import models
from django.utils.translation import gettext_lazy as _

from activities.models.activities import Activity


class InspectedUnit(models.Model):
    """One unit looked at in inspection work; the same name is the same unit, however often it is inspected."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="inspected_units")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("unit inspected"), max_length=80)
    note = models.CharField(_("what was found"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("unit inspected")
        verbose_name_plural = _("units inspected")
        ordering = ("activity", "position")
        constraints = [models.UniqueConstraint(fields=["activity", "name"], name="inspectedunit_once")]

    def __str__(self) -> str:
        return self.name
