from typing import Any, NoReturn

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.clock import now


class AuditEntryIsFinal(Exception):
    """Somebody tried to change or delete an audit entry."""


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise AuditEntryIsFinal("Audit entries cannot be changed.")

    def delete(self) -> NoReturn:
        raise AuditEntryIsFinal("Audit entries cannot be deleted.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AuditEntryIsFinal("Audit entries cannot be changed.")


class AuditEntry(models.Model):
    """Who did what to what, when, from where: append-only. The actor's name is kept as it was that day."""

    at = models.DateTimeField(_("time"), default=now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("actor")
    )
    actor_name = models.CharField(_("actor"), max_length=150, blank=True)
    address = models.CharField(_("address"), max_length=45, blank=True)
    request_id = models.CharField(_("request"), max_length=32, blank=True)
    verb = models.CharField(_("act"), max_length=60)
    target_type = models.CharField(_("kind of object"), max_length=80)
    target_id = models.CharField(_("object"), max_length=64)
    target_name = models.CharField(_("object"), max_length=200, blank=True)
    organisation_id = models.PositiveBigIntegerField(
        _("organisation"), null=True, help_text=_("The organisation under which the entry is shown.")
    )
    needs = models.CharField(
        _("needed permission"),
        max_length=30,
        blank=True,
        help_text=_("What a reader must hold at the organisation besides seeing the trail."),
    )
    changes = models.JSONField(_("changes"), default=dict, encoder=DjangoJSONEncoder)
    reason = models.TextField(_("reason"), blank=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["organisation_id", "-at"], name="audit_organisation_at"),
            models.Index(fields=["target_type", "target_id"], name="audit_target"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.target_name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AuditEntryIsFinal("Audit entries cannot be changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AuditEntryIsFinal("Audit entries cannot be deleted.")
