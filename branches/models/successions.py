from django.db import models
from django.utils.translation import gettext_lazy as _

from branches.models.organisations import Organisation
from branches.rules.successions import SuccessionKind


class Succession(models.Model):
    """What became of an organisation: merged into another, or another split off from it, on a day."""

    Kind = SuccessionKind

    kind = models.CharField(_("kind"), max_length=10, choices=SuccessionKind.choices)
    predecessor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="successors")
    successor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="predecessors")
    on = models.DateField(_("effective from"))
    document_number = models.CharField(_("document number"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("succession of organisations")
        verbose_name_plural = _("successions of organisations")
        ordering = ("on", "pk")
        constraints = [models.UniqueConstraint(fields=["predecessor", "successor", "on"], name="succession_once_a_day")]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id}"
