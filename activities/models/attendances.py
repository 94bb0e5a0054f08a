from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from activities.models.activities import Activity
from activities.rules.activities import Presence
from branches.models import Organisation, Person

_SAYS_MORE = (Presence.UNRECORDED, Presence.ABSENT, Presence.LEAVE, Presence.PRESENT)


class Attendance(models.Model):
    """One expected person at one activity. `branch` is the person's branch that day, which gets the credit."""

    Presence = Presence

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="attendances")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="attendances")
    branch = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="attendances")
    presence = models.CharField(_("attendance"), max_length=10, choices=Presence.choices, default=Presence.UNRECORDED)
    reason = models.CharField(_("reason"), max_length=120, blank=True)
    has_vote = models.BooleanField(_("votes"), default=True)
    is_expected = models.BooleanField(_("expected"), default=True)
    made_up_by = models.ForeignKey(
        Activity, on_delete=models.PROTECT, null=True, blank=True, related_name="made_up", verbose_name=_("made up at")
    )

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [models.UniqueConstraint(fields=["activity", "person"], name="attendance_once")]
        indexes = [models.Index(fields=["branch", "presence"], name="attendance_branch_presence")]

    def __str__(self) -> str:
        return f"{self.person} {self.presence}"

    def absorb(self, other: Attendance) -> list[str]:
        """Let two rows of one person at one activity count as one, the better; returns the fields that changed."""
        better = (
            self.presence if _SAYS_MORE.index(self.presence) >= _SAYS_MORE.index(other.presence) else other.presence
        )
        changed = []
        for name, value in (
            ("presence", better),
            ("reason", other.reason if better != self.presence else self.reason),
            ("is_expected", self.is_expected or other.is_expected),
            ("has_vote", self.has_vote or other.has_vote),
            ("made_up_by_id", self.made_up_by_id or other.made_up_by_id),
        ):
            if getattr(self, name) != value:
                setattr(self, name, value)
                changed.append(name)
        return changed


class Guest(models.Model):
    """Somebody present who is not of the body (列席): neither expected nor voting."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="guests")
    name = models.CharField(_("name"), max_length=60)
    title = models.CharField(_("position"), max_length=80, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="visits")

    class Meta:
        verbose_name = _("non-member attendee")
        verbose_name_plural = _("non-member attendees")
        constraints = [models.UniqueConstraint(fields=["activity", "name"], name="guest_once")]

    def __str__(self) -> str:
        return self.name
