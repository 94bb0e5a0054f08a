from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from branches.models.people import Person
from foundation.models.encryption import EncryptedTextField


class PersonMerge(models.Model):
    """Two records that proved to be one person: what was moved from one to the other, so that it can be undone."""

    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merges_into")
    reason = models.CharField(_("reason"), max_length=200)
    # JSON: which rows were moved or made void, and the fields filled in, before and after.
    changes = EncryptedTextField(blank=True, default="")
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    merged_at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("merger of two records")
        verbose_name_plural = _("mergers of two records")
        ordering = ("-merged_at",)

    def __str__(self) -> str:
        return f"{self.merged} → {self.kept}"
