from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from activities.models.activities import Activity
from foundation.models.files import StoredFile


class Attachment(models.Model):
    """A photo, a signed sheet or a paper of an activity. Taken away, it stays on file with the day and the person."""

    class Category(models.TextChoices):
        PHOTO = "photo", _("Photo")
        SIGNED_SHEET = "signed_sheet", _("Signed attendance sheet")
        PAPER = "paper", _("Paper")

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="attachments")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(_("category"), max_length=12, choices=Category.choices, default=Category.PAPER)
    added_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ("activity", "pk")

    def __str__(self) -> str:
        return str(self.file)
