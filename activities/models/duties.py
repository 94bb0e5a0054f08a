from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from activities.models.kinds import ActivityKind
from activities.rules.citations import cited_in_english
from branches.models import Dated, Organisation


class RuleText(models.Model):
    """The words a duty rests on: regulation, edition and article, in our own short wording."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    title = models.CharField(_("regulation"), max_length=120)
    article = models.CharField(_("article"), max_length=40, blank=True)
    edition = models.CharField(_("edition"), max_length=20, blank=True)
    effective_on = models.DateField(_("in force from"), null=True, blank=True)
    text = models.TextField(_("what it asks"))
    text_en = models.TextField(_("what it asks, in English"), blank=True)
    is_verified = models.BooleanField(_("checked against the document"), default=False)

    class Meta:
        verbose_name = _("rule text")
        verbose_name_plural = _("rule texts")
        ordering = ("title", "article")

    def __str__(self) -> str:
        return f"{self.title}{self.article}"

    @property
    def citation(self) -> str:
        """Where it is written: regulation and article."""
        if (get_language() or "").startswith("en"):
            return cited_in_english(self.title, self.article)
        return f"{self.title}{self.article}"

    @property
    def wording(self) -> str:
        return self.text_en if self.text_en and (get_language() or "").startswith("en") else self.text


class DutyRule(models.Model):
    """What is owed: so many activities of these kinds in each period, by which branches, on what authority.

    Without an organisation it is the general default. The rule of the nearest organisation above a branch wins; within
    one organisation the latest that covers the year. A rule asking for 0 waives the duty there.
    """

    class Rhythm(models.TextChoices):
        MONTH = "month", _("monthly")
        QUARTER = "quarter", _("quarterly")
        HALF_YEAR = "half_year", _("half-yearly")
        YEAR = "year", _("yearly")

    class AppliesTo(models.TextChoices):
        ALL = "all", _("Every branch")
        WITH_COMMITTEE = "with_committee", _("Branches with a committee")
        WITH_GROUPS = "with_groups", _("Branches with party groups, each group")

    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="duty_rules",
        verbose_name=_("set by"),
    )
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("Chinese name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=60)
    kinds = models.ManyToManyField(ActivityKind, related_name="duty_rules", verbose_name=_("kinds that count"))
    rhythm = models.CharField(_("how often"), max_length=10, choices=Rhythm.choices)
    times = models.PositiveSmallIntegerField(_("times"), default=1)
    applies_to = models.CharField(_("applies to"), max_length=20, choices=AppliesTo.choices, default=AppliesTo.ALL)
    exempts_retired = models.BooleanField(_("not for branches of retired members"), default=False)
    exempts_temporary = models.BooleanField(_("not for temporary branches"), default=False)
    first_year = models.PositiveSmallIntegerField(_("from year"), default=2019)
    last_year = models.PositiveSmallIntegerField(_("until year"), null=True, blank=True)
    fixed_day = models.PositiveSmallIntegerField(
        _("fixed day of the month"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(28)]
    )
    grace_days = models.PositiveSmallIntegerField(_("days of grace after the period"), default=31)
    warning_days = models.PositiveSmallIntegerField(_("days of warning before the end"), default=10)
    entry_days = models.PositiveSmallIntegerField(_("working days to enter the record"), default=3)
    is_normally = models.BooleanField(pgettext_lazy("rule", "the rule says “normally” (一般)"), default=True)
    source = models.ForeignKey(RuleText, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("source"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    version = models.PositiveIntegerField(default=1, editable=False)
    is_void = models.BooleanField(_("taken back"), default=False, editable=False)

    class Meta:
        verbose_name = _("duty rule")
        verbose_name_plural = _("duty rules")
        ordering = ("position", "code")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "code", "first_year"],
                condition=Q(organisation__isnull=False, is_void=False),
                name="dutyrule_once_per_year",
            ),
            models.UniqueConstraint(
                fields=["code", "first_year"],
                condition=Q(organisation__isnull=True, is_void=False),
                name="dutyrule_default_once",
            ),
            models.CheckConstraint(
                condition=Q(last_year__isnull=True) | Q(last_year__gte=F("first_year")), name="dutyrule_years_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name


class Exemption(Dated):
    """A branch freed from a duty for a time: who granted it, why, on which paper."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="exemptions")
    rule_code = models.SlugField(_("duty"), max_length=40)
    reason = models.CharField(_("reason"), max_length=200)
    granted_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="granted_exemptions", verbose_name=_("granted by")
    )

    class Meta(Dated.Meta):
        verbose_name = _("exemption")
        verbose_name_plural = _("exemptions")
        indexes = [models.Index(fields=["organisation", "rule_code"], name="exemption_organisation_rule")]

    def __str__(self) -> str:
        return self.organisation.short_name
