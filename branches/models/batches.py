import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.models.organisations import Organisation
from branches.models.people import Person
from foundation.models.encryption import EncryptedTextField
from foundation.models.files import StoredFile
from foundation.models.jobs import Job


class RosterBatch(models.Model):
    """One roster workbook on its way in: uploaded, planned row by row, confirmed, written."""

    class State(models.TextChoices):
        PLANNING = "planning", _("Being checked")
        PLANNED = "planned", _("Ready to confirm")
        APPLYING = "applying", _("Being written")
        APPLIED = "applied", _("Written")
        FAILED = "failed", _("Unusable file")
        ABANDONED = "abandoned", _("Given up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="batches")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT)
    file_sha256 = models.CharField(max_length=64)
    as_of = models.DateField(_("true as of"))
    adds_without_number = models.BooleanField(_("adds people without an identity number"), default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNING)
    problem = models.TextField(blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    applied_at = models.DateTimeField(null=True, blank=True)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    counts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("roster import")
        verbose_name_plural = _("roster imports")
        ordering = ("-uploaded_at",)

    def __str__(self) -> str:
        return self.file.name


class RosterRow(models.Model):
    """What the plan says about one row of the workbook, and what came of it."""

    class Action(models.TextChoices):
        CREATE = "create", _("Create")
        UPDATE = "update", pgettext_lazy("status", "Update")
        MOVE = "move", _("Transfer in")
        UNCHANGED = "unchanged", pgettext_lazy("status", "Unchanged")
        REFUSED = "refused", pgettext_lazy("status", "Refused")

    batch = models.ForeignKey(RosterBatch, on_delete=models.PROTECT, related_name="rows")
    sheet = models.CharField(max_length=80)
    number = models.PositiveIntegerField(_("row"))
    action = models.CharField(max_length=10, choices=Action.choices)
    name = models.CharField(max_length=120, blank=True)
    branch = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    person_version = models.PositiveIntegerField(null=True, blank=True)
    values = EncryptedTextField(blank=True, default="")
    changes = EncryptedTextField(blank=True, default="")
    problems = models.JSONField(default=list)
    outcome = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name = _("row of a roster import")
        verbose_name_plural = _("rows of roster imports")
        ordering = ("batch", "sheet", "number")
        constraints = [models.UniqueConstraint(fields=["batch", "sheet", "number"], name="rosterrow_once")]

    def __str__(self) -> str:
        return f"{self.sheet} {self.number}".strip()
