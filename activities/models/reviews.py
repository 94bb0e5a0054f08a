from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from activities.models.activities import Activity


class ReviewStep(models.Model):
    """One step of a record's way through review; steps are only ever added."""

    class Step(models.TextChoices):
        SUBMITTED = "submitted", _("Submitted")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        RETURNED = "returned", _("Returned")
        ACCEPTED = "accepted", _("Accepted")

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="review_steps")
    step = models.CharField(max_length=10, choices=Step.choices)
    on = models.DateField(_("day"))
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"), blank=True)
    organisation_name = models.CharField(_("acting for"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("review step")
        verbose_name_plural = _("review steps")
        ordering = ("activity", "pk")

    def __str__(self) -> str:
        return f"{self.step} {self.on}"
