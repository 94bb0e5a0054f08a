from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.clock import now


class JobState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class JobQuerySet(models.QuerySet["Job"]):
    def unfinished(self) -> "JobQuerySet":
        return self.filter(state__in=[JobState.QUEUED, JobState.RUNNING])


class Job(models.Model):
    """A piece of work done in the background. Rows carry no personal data: parameters hold ids, results hold counts."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=60)
    key = models.CharField(_("key"), max_length=120, blank=True, help_text=_("Two unfinished jobs never share a key."))
    lane = models.CharField(
        _("lane"), max_length=60, blank=True, help_text=_("Jobs of one lane run one after the other.")
    )
    target = models.CharField(_("object"), max_length=64, blank=True)
    organisation_id = models.PositiveBigIntegerField(_("organisation"), null=True, db_index=True)
    parameters: models.JSONField[dict[str, Any]] = models.JSONField(_("parameters"), default=dict)
    result: models.JSONField[dict[str, Any]] = models.JSONField(_("result"), default=dict)

    state = models.CharField(_("state"), max_length=10, choices=JobState, default=JobState.QUEUED)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=0)
    # How far the work has ever come, and in which attempt: one that gets further each time is not given up.
    reached = models.PositiveIntegerField(default=0, editable=False)
    reached_in = models.PositiveSmallIntegerField(default=0, editable=False)
    # Where the work at hand stood at `started_at`: what a run before did says nothing about the pace of this one.
    started_from = models.PositiveIntegerField(default=0, editable=False)
    total = models.PositiveIntegerField(_("total"), default=0)
    done = models.PositiveIntegerField(_("done"), default=0)
    message = models.CharField(_("message"), max_length=300, blank=True)
    error = models.TextField(_("error"), blank=True)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created at"), default=now)
    started_at = models.DateTimeField(_("started at"), null=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["state", "heartbeat_at"], name="job_state_heartbeat")]
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(state__in=["queued", "running"]) & ~Q(key=""),
                name="job_one_unfinished_per_key",
            ),
            models.UniqueConstraint(
                fields=["lane"], condition=Q(state="running") & ~Q(lane=""), name="job_one_running_per_lane"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def is_finished(self) -> bool:
        return self.state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)

    @property
    def percent(self) -> int | None:
        """0–100, or None while the total is not known."""
        return min(100, self.done * 100 // self.total) if self.total else None
