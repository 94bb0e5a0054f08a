from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.clock import now


class StoredFile(models.Model):
    """An uploaded file. On disk it has a random name; the name people gave it is only data.

    Size and checksum are those of the plain content. `foundation.queries.files` opens it, encrypted or not.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(_("content type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(_("checksum"), max_length=64)
    path = models.CharField(_("path"), max_length=100, unique=True, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), default=now)
    organisation_id = models.PositiveBigIntegerField(_("organisation"), null=True, db_index=True)
    is_encrypted = models.BooleanField(_("encrypted"), default=False, editable=False)

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")
        ordering = ["uploaded_at", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def location(self) -> Path:
        """Where the content lies on this machine, encrypted if it `is_encrypted`."""
        return Path(settings.MEDIA_ROOT) / self.path
