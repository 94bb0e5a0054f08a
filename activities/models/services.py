from django.db import models
from django.utils.translation import gettext_lazy as _

from activities.models.activities import Activity


class VolunteerService(models.Model):
    """What a volunteer service (志愿服务) brought about; who took part is in the attendance."""

    activity = models.OneToOneField(Activity, on_delete=models.CASCADE, primary_key=True, related_name="service")
    served = models.CharField(_("whom it served"), max_length=120, blank=True)
    hours = models.DecimalField(_("hours each"), max_digits=5, decimal_places=1, null=True, blank=True)
    beneficiaries = models.PositiveIntegerField(_("people served"), null=True, blank=True)
    problems_solved = models.PositiveIntegerField(_("problems solved"), null=True, blank=True)
    money_saved_yuan = models.PositiveIntegerField(_("money saved, in yuan"), null=True, blank=True)

    class Meta:
        verbose_name = _("volunteer service")
        verbose_name_plural = _("volunteer services")

    def __str__(self) -> str:
        return self.served
