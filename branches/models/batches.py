from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from branches.models.memberships import Membership
from branches.models.organisations import Organisation
from branches.models.people import Person
from branches.models.users import User
from foundation.models.encryption import EncryptedTextField
from foundation.models.files import StoredFile
from foundation.models.jobs import Job


class Batch(models.Model):
    """One workbook on its way in: uploaded, its columns recognised, planned row by row, confirmed, written, undone.

    File, rows and effects are purged some days after it is closed; checksum, counts, who and when stay.
    """

    class Subject(models.TextChoices):
        MEMBERS = "members", _("Members")
        ORGANISATIONS = "organisations", _("Organisations")
        ACCOUNTS = "accounts", _("Accounts")

    class State(models.TextChoices):
        PLANNING = "planning", _("Being checked")
        MAPPING = "mapping", _("Columns to be chosen")
        PLANNED = "planned", _("Ready to confirm")
        APPLYING = "applying", _("Being written")
        APPLIED = "applied", _("Written")
        STOPPED = "stopped", _("Stopped half-way")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        FAILED = "failed", _("Unusable file")
        ABANDONED = "abandoned", _("Given up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.CharField(max_length=15, choices=Subject.choices, default=Subject.MEMBERS)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="batches")
    file = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, blank=True)
    file_name = models.CharField(max_length=200, default="")
    file_sha256 = models.CharField(max_length=64)
    as_of = models.DateField(_("true as of"))
    # Where the table stands in each sheet (`branches.rules.layouts.Layout`): recognised, or corrected by somebody.
    layouts = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNING)
    problem = models.TextField(blank=True)
    # Raised by every decision: who confirms says which plan was seen.
    plan_version = models.PositiveIntegerField(default=0, editable=False)
    counts = models.JSONField(default=dict)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Nobody: the command line.
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True, db_index=True)
    purged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-uploaded_at",)

    def __str__(self) -> str:
        return self.file_name

    @property
    def uploader_name(self) -> str:
        return str(self.uploaded_by or pgettext("who", "The command line"))


class BatchRow(models.Model):
    """What the plan says about one row of the workbook, and what came of it.

    `payload` is JSON: {"name", "plans": [plan, …], "problems": [{"code", "column", "params"}, …], "hidden"}. The first
    plan is the proposed one, others may be chosen instead (`branches.imports.planning.Proposal`). `action`, `person`
    and `person_version` are those of the plan chosen.
    """

    class Action(models.TextChoices):
        CREATE = "create", _("Create")
        UPDATE = "update", pgettext_lazy("status", "Update")
        MOVE = "move", _("Transfer in")
        UNCHANGED = "unchanged", pgettext_lazy("status", "Unchanged")
        SKIP = "skip", pgettext_lazy("status", "Skip")
        REFUSED = "refused", pgettext_lazy("status", "Refused")

    WRITTEN_ACTIONS = (Action.CREATE, Action.UPDATE, Action.MOVE)

    class Outcome(models.TextChoices):
        WRITTEN = "written", _("Written")
        CHANGED = "changed", _("Changed meanwhile")

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="rows", db_index=False)
    position = models.PositiveIntegerField()
    sheet = models.CharField(max_length=80)
    number = models.PositiveIntegerField(_("row"))
    action = models.CharField(max_length=10, choices=Action.choices)
    proposed = models.CharField(max_length=10, choices=Action.choices)
    # "" as proposed, "skip", or the number of another plan
    decision = models.CharField(max_length=8, blank=True)
    is_warned = models.BooleanField(default=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    person_version = models.PositiveIntegerField(null=True, blank=True)
    payload = EncryptedTextField(blank=True, default="")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ("batch", "position")
        indexes = [models.Index(fields=["batch", "action", "position"], name="batchrow_action")]
        constraints = [models.UniqueConstraint(fields=["batch", "position"], name="batchrow_once")]

    def __str__(self) -> str:
        return f"{self.sheet} {self.number}".strip()


class BatchEffect(models.Model):
    """What writing one row made or changed, so that it can be undone.

    `details` is JSON: {"before": {field: value}, "after": {field: value}} of a record that was changed; of a new
    account, its one-time password.
    """

    class Outcome(models.TextChoices):
        UNDONE = "undone", _("Undone")
        KEPT = "kept", _("Kept")

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="effects", db_index=False)
    row = models.OneToOneField(BatchRow, on_delete=models.PROTECT, related_name="effect")
    is_new = models.BooleanField(default=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # The version the row left the person at: a later one means that somebody has edited it since.
    version = models.PositiveIntegerField(null=True, blank=True)
    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    former = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    details = EncryptedTextField(blank=True, default="")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    # A code of `branches.rules.undoing`: why it was kept, or may be.
    reason = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name = _("effect of an import")
        verbose_name_plural = _("effects of imports")
        indexes = [models.Index(fields=["batch", "outcome"], name="batcheffect_outcome")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.row_id}"


class HeaderMapping(models.Model):
    """Which column of a header holds which field, as somebody corrected it for files of that shape."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=15, choices=Batch.Subject.choices)
    # Checksum of the headings (`branches.rules.layouts.shape_of`).
    shape = models.CharField(max_length=64)
    # {field: number of the column, from 0}
    columns = models.JSONField(default=dict)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("columns of a header")
        verbose_name_plural = _("columns of headers")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "subject", "shape"], name="headermapping_once"),
        ]

    def __str__(self) -> str:
        return self.shape[:12]
