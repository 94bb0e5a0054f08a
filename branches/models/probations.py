from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from branches.models.organisations import Organisation
from branches.models.people import Person
from branches.rules.probations import ProbationOutcome


class ProbationDecision(models.Model):
    """What a members' meeting decided at the end of a probation: full membership, extension or cancellation.

    Source: 《中国共产党发展党员工作细则》, articles 31 to 34.
    """

    Outcome = ProbationOutcome

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="probation_decisions")
    branch = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="probation_decisions")
    outcome = models.CharField(_("decision"), max_length=10, choices=ProbationOutcome.choices)
    decided_on = models.DateField(_("decided by the members' meeting on"))
    extended_until = models.DateField(_("extended until"), null=True, blank=True)
    document_number = models.CharField(_("approval number"), max_length=80, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_on = models.DateField(_("entered on"))
    is_void = models.BooleanField(_("void"), default=False, editable=False)

    class Meta:
        verbose_name = _("decision on a probation")
        verbose_name_plural = _("decisions on probations")
        ordering = ("decided_on", "pk")

    def __str__(self) -> str:
        return self.get_outcome_display()
