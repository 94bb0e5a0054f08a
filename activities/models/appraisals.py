from django.db import models
from django.utils.translation import gettext_lazy as _

from activities.models.activities import Activity
from activities.rules.appraisals import Grade
from branches.models import Person


class Appraisal(models.Model):
    """The ballots of a democratic appraisal (民主评议党员), on paper and entered as counts.

    Source: 《中国共产党支部工作条例（试行）》2018, article 18.
    """

    activity = models.OneToOneField(Activity, on_delete=models.CASCADE, primary_key=True, related_name="appraisal")
    ballots_issued = models.PositiveSmallIntegerField(_("ballots issued"), null=True, blank=True)
    ballots_returned = models.PositiveSmallIntegerField(_("ballots returned"), null=True, blank=True)
    ballots_valid = models.PositiveSmallIntegerField(_("valid ballots"), null=True, blank=True)

    class Meta:
        verbose_name = _("democratic appraisal")
        verbose_name_plural = _("democratic appraisals")

    def __str__(self) -> str:
        return str(self.activity_id)


class AppraisedMember(models.Model):
    """The votes one member received and the grade the meeting decided; probationary members bear no grade."""

    Grade = Grade

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="appraised")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appraised")
    votes_excellent = models.PositiveSmallIntegerField(Grade.EXCELLENT.label, null=True, blank=True)
    votes_qualified = models.PositiveSmallIntegerField(Grade.QUALIFIED.label, null=True, blank=True)
    votes_basic = models.PositiveSmallIntegerField(Grade.BASIC.label, null=True, blank=True)
    votes_unqualified = models.PositiveSmallIntegerField(Grade.UNQUALIFIED.label, null=True, blank=True)
    grade = models.CharField(_("grade"), max_length=12, choices=Grade.choices, blank=True)

    class Meta:
        verbose_name = _("member appraised")
        verbose_name_plural = _("members appraised")
        constraints = [models.UniqueConstraint(fields=["activity", "person"], name="appraisedmember_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.grade}"
