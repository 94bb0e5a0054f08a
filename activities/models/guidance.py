from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from activities.models.activities import Activity
from activities.rules.guidance import TopicVerdict


class Guidance(models.Model):
    """What a contact leader said of a meeting: the topic beforehand, whether they came, remarks afterwards."""

    Verdict = TopicVerdict

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="guidance")
    leader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="guidance")
    verdict = models.CharField(_("topic"), max_length=10, choices=TopicVerdict.choices, blank=True)
    # The theme as it stood when it was approved: changed afterwards, the approval says so.
    verdict_on_title = models.CharField(max_length=120, blank=True)
    # Of the agenda titles then (`agenda_digest`); blank on verdicts given before it was kept.
    verdict_on_agenda = models.CharField(max_length=64, blank=True, editable=False)
    verdict_at = models.DateTimeField(null=True, blank=True)
    advice = models.CharField(_("advice on the topic"), max_length=400, blank=True)
    was_present = models.BooleanField(_("was present"), null=True, blank=True)
    remarks = models.TextField(_("remarks"), blank=True)
    remarked_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("guidance by a contact leader")
        verbose_name_plural = _("guidance by contact leaders")
        constraints = [models.UniqueConstraint(fields=["activity", "leader"], name="guidance_once")]

    def __str__(self) -> str:
        return f"{self.leader_id} → {self.activity_id}"
