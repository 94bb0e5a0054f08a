from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from branches.models import Organisation
from branches.models.code_tables import in_reading_language
from branches.rules.organisations import OrganisationKind
from reports.rules.schemes import Method, Scoring


class Scheme(models.Model):
    """How a year is judged: sections and indicators for one kind of assessed organisation.

    Without an organisation it is the default scheme; the nearest organisation's own scheme for the year goes first.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="schemes", verbose_name=_("set by")
    )
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    assessed_kind = models.CharField(
        _("assesses"), max_length=20, choices=OrganisationKind.choices, default=OrganisationKind.BRANCH
    )
    title = models.CharField(_("title"), max_length=80)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    note_en = models.CharField(_("note in English"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("scheme")
        verbose_name_plural = _("schemes")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year", "assessed_kind"],
                condition=Q(organisation__isnull=False),
                name="scheme_once_per_year",
            ),
            models.UniqueConstraint(
                fields=["assessed_kind"], condition=Q(organisation__isnull=True), name="scheme_default_once"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return in_reading_language(self.title, self.title_en)

    @property
    def note_label(self) -> str:
        return in_reading_language(self.note, self.note_en)


class Section(models.Model):
    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ("scheme", "position")

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return in_reading_language(self.name, self.name_en)


class Indicator(models.Model):
    """One line of the sheet: full points, how points come about, and by which method a person judges."""

    Scoring = Scoring
    Method = Method

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="indicators")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    requirement = models.CharField(_("requirement"), max_length=200, blank=True)
    requirement_en = models.CharField(_("requirement in English"), max_length=400, blank=True)
    points = models.DecimalField(_("full score"), max_digits=5, decimal_places=1)
    scoring = models.CharField(_("how points come about"), max_length=12, choices=Scoring.choices)
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    method = models.CharField(_("method"), max_length=10, choices=Method.choices, default=Method.EVERYDAY)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ("section", "position")

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return in_reading_language(self.name, self.name_en)

    @property
    def requirement_label(self) -> str:
        return in_reading_language(self.requirement, self.requirement_en)
