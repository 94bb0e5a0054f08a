from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from branches.models.organisations import Organisation
from branches.models.people import Person
from branches.rules.transfers import Direction, TransferState


class Transfer(models.Model):
    """A transfer of membership (组织关系转接): inside the system asked and answered, else by letter with a receipt.

    The membership itself changes when it takes effect. Source: 《中国共产党党员教育管理工作条例》2019, article 25.
    """

    Direction = Direction
    State = TransferState

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="transfers", verbose_name=_("member"))
    direction = models.CharField(_("direction"), max_length=10, choices=Direction.choices)
    state = models.CharField(_("state"), max_length=10, choices=TransferState.choices, default=TransferState.ASKED)
    from_branch = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="transfers_out"
    )
    to_branch = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="transfers_in"
    )
    # As written on the letter: the organisation outside the system, or the one asked inside before it has answered.
    elsewhere = models.CharField(_("organisation elsewhere"), max_length=120, blank=True)
    letter_number = models.CharField(_("letter number"), max_length=80, blank=True)
    letter_on = models.DateField(_("date of the letter"), null=True, blank=True)
    valid_days = models.PositiveSmallIntegerField(_("days the letter is valid"), default=90)
    effective_on = models.DateField(_("first day in the new branch"))
    receipt_on = models.DateField(_("receipt came back on"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    answer = models.CharField(_("why refused or revoked"), max_length=200, blank=True)
    asked_on = models.DateField(_("asked on"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        ordering = ("-asked_on", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state=TransferState.ASKED), name="transfer_one_open"
            ),
        ]
        indexes = [models.Index(fields=["state", "effective_on"], name="transfer_state_effective")]

    def __str__(self) -> str:
        return str(self.person)
