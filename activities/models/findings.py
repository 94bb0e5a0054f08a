from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.models.activities import Activity
from activities.rules.findings import UNRECTIFIED, WITH_THE_BRANCH, FindingSource, FindingState
from branches.models import Organisation, Person
from foundation.models.files import StoredFile

if TYPE_CHECKING:
    from branches.rights import Access, Permission


class CheckQuerySet(models.QuerySet["Check"]):
    def within(self, access: Access, permission: Permission) -> Self:
        return self.filter(access.reach(permission, "checked__"))


class Check(models.Model):
    """A monthly check (督查): who looked, at which organisation, at what; problems found become findings."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="checks_made")
    checked = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="checks", verbose_name=_("organisation checked")
    )
    on = models.DateField(_("checked on"))
    looked_at = models.TextField(_("what was looked at"))
    activities = models.ManyToManyField(Activity, related_name="checks", blank=True, verbose_name=_("records read"))
    remarks = models.TextField(_("remarks"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_on = models.DateField(_("entered on"))
    entry_key = models.UUIDField(null=True, blank=True, editable=False)

    objects = CheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        ordering = ("-on", "-pk")
        constraints = [models.UniqueConstraint(fields=["organisation", "entry_key"], name="check_entry_key_once")]

    def __str__(self) -> str:
        return f"{self.checked_id} {self.on}"


class FindingQuerySet(models.QuerySet["Finding"]):
    def within(self, access: Access, permission: Permission) -> Self:
        return self.filter(access.reach(permission, "organisation__"))

    def open(self) -> Self:
        return self.exclude(state=FindingState.CLOSED)

    def of_status(self, status: str, today: date) -> Self:
        """Those `rules.findings.status_of` gives `status` on `today`."""
        return self.filter(is_of_status(status, today))


def is_of_status(status: str, today: date) -> Q:
    if status == UNRECTIFIED:
        return Q(state__in=WITH_THE_BRANCH, due_on__lt=today)
    if status in WITH_THE_BRANCH:
        return Q(state=status, due_on__gte=today)
    return Q(state=status)


class Finding(models.Model):
    """A problem found (问题) and its rectification (整改), followed until somebody else has verified and closed it."""

    State = FindingState
    Source = FindingSource

    # Where the problem lies, and who raised it.
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="findings", verbose_name=_("organisation")
    )
    raised_by_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="findings_raised")
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    raised_on = models.DateField(_("raised on"))
    source = models.CharField(_("source"), max_length=12, choices=FindingSource.choices)
    check_made = models.ForeignKey(
        Check, on_delete=models.PROTECT, null=True, blank=True, related_name="findings", verbose_name=_("check")
    )
    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, null=True, blank=True, related_name="findings", verbose_name=_("record")
    )
    # A duty's cell: its rule, year and the number of the period.
    duty_code = models.SlugField(max_length=40, blank=True)
    duty_year = models.PositiveSmallIntegerField(null=True, blank=True)
    duty_number = models.PositiveSmallIntegerField(null=True, blank=True)
    text = models.TextField(_("problem"))
    owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="findings", verbose_name=_("owner")
    )
    due_on = models.DateField(_("due on"))
    measures = models.TextField(_("measures"), blank=True)
    proof = models.TextField(_("what was done"), blank=True)
    state = models.CharField(_("state"), max_length=12, choices=FindingState.choices, default=FindingState.FEEDBACK)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    entry_key = models.UUIDField(null=True, blank=True, editable=False)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ("due_on", "pk")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "entry_key"], name="finding_entry_key_once"),
            # One open finding a returned record and one an overdue duty: a second click finds the first.
            models.UniqueConstraint(
                fields=["activity", "source"],
                condition=Q(activity__isnull=False, source=FindingSource.RETURNED) & ~Q(state=FindingState.CLOSED),
                name="finding_one_open_a_record",
            ),
            models.UniqueConstraint(
                fields=["organisation", "duty_code", "duty_year", "duty_number"],
                condition=Q(duty_year__isnull=False) & ~Q(state=FindingState.CLOSED),
                name="finding_one_open_a_duty",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "state"], name="finding_organisation_state")]

    def __str__(self) -> str:
        return self.text[:40]

    @property
    def is_closed(self) -> bool:
        return self.state == FindingState.CLOSED

    @property
    def is_withdrawn(self) -> bool:
        """Closed without anybody having reported a rectification: it had been raised by mistake."""
        return self.is_closed and self.reported_by_id is None

    @property
    def is_with_branch(self) -> bool:
        return self.state in WITH_THE_BRANCH


class FindingStep(models.Model):
    """One step on the way of a finding: fed back, measures set, reported done, sent back, closed."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="steps")
    state = models.CharField(_("state"), max_length=12, choices=FindingState.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    on = models.DateField()
    comment = models.TextField(_("comment"), blank=True)

    class Meta:
        verbose_name = _("step of a finding")
        verbose_name_plural = _("steps of findings")
        ordering = ("finding", "pk")

    def __str__(self) -> str:
        return self.get_state_display()


class FindingFile(models.Model):
    """Proof of a rectification. Taken away, it stays on file."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("proof of a rectification")
        verbose_name_plural = _("proofs of rectifications")
        ordering = ("finding", "pk")

    def __str__(self) -> str:
        return str(self.file)
