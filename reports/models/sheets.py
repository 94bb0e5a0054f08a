from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from branches.models import Organisation
from reports.models.schemes import Indicator, Scheme


class Sheet(models.Model):
    """One branch's sheet of one year under one scheme. Only people's judgements are stored; the rest is derived."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="sheets")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sheets")
    year = models.PositiveSmallIntegerField(_("year"))
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("sheet")
        verbose_name_plural = _("sheets")
        constraints = [models.UniqueConstraint(fields=["organisation", "year"], name="sheet_once_per_year")]

    def __str__(self) -> str:
        return f"{self.organisation} {self.year}"


class Score(models.Model):
    """People's judgements of one indicator on one sheet, each with its reason, the person and the business date."""

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="scores")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="scores")
    self_score = models.DecimalField(_("self-score"), max_digits=5, decimal_places=1, null=True, blank=True)
    self_reason = models.CharField(_("reason of the self-score"), max_length=300, blank=True)
    self_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    self_on = models.DateField(_("self-scored on"), null=True, blank=True)
    review_score = models.DecimalField(_("review score"), max_digits=5, decimal_places=1, null=True, blank=True)
    review_reason = models.CharField(_("reason of the review score"), max_length=300, blank=True)
    review_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    review_on = models.DateField(_("reviewed on"), null=True, blank=True)
    is_not_applicable = models.BooleanField(_("not applicable"), default=False)

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [
            models.UniqueConstraint(fields=["sheet", "indicator"], name="score_once"),
            models.CheckConstraint(
                condition=Q(self_score__isnull=True) | Q(self_score__gte=0), name="score_self_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(review_score__isnull=True) | Q(review_score__gte=0), name="score_review_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(is_not_applicable=False) | Q(review_score__isnull=True), name="score_or_not_applicable"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id}/{self.indicator_id}"
