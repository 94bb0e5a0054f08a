from django.db import models
from django.utils.translation import gettext_lazy as _

from branches.models.dated import Dated
from branches.models.organisations import Organisation


class Office(models.Model):
    """An office of an organ (科室), named as on its door plate."""

    organ = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="offices")
    name = models.CharField(_("name"), max_length=60)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ("organ", "position")
        constraints = [models.UniqueConstraint(fields=["organ", "name"], name="office_name_once_per_organ")]

    def __str__(self) -> str:
        return self.name


class OfficeAssignment(Dated):
    """Which branch an office's members form, from a day to a day."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="assignments")
    branch = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="office_assignments")

    class Meta(Dated.Meta):
        verbose_name = _("office of a branch")
        verbose_name_plural = _("offices of branches")

    def __str__(self) -> str:
        return f"{self.office} → {self.branch}"
