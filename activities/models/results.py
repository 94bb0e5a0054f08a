from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.rules.results import Level, ResultKind
from branches.models import Organisation, Person
from foundation.models.files import StoredFile

if TYPE_CHECKING:
    from branches.rights import Access


class ResultQuerySet(models.QuerySet["Result"]):
    def within(self, access: Access) -> Self:
        """Results the user may read."""
        from branches.rights import Permission

        return self.filter(access.reach(Permission.VIEW, "organisation__"))

    def standing(self) -> Self:
        """Those that count: entered and not withdrawn. A brand that has ended was one all the same."""
        return self.filter(withdrawn_on__isnull=True)

    def current(self) -> Self:
        return self.standing().filter(ended_on__isnull=True)


class Result(models.Model):
    """What came of the work: a brand, a publication, a media report, a case, an honour (成果).

    Nothing is deleted: a brand ends, an entry made by mistake is withdrawn with its reason.
    """

    Kind = ResultKind
    Level = Level

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="results", verbose_name=_("organisation")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=ResultKind.choices)
    title = models.CharField(_("title"), max_length=120)
    achieved_on = models.DateField(pgettext_lazy("result", "date"))
    # The year it is for: an honour of 2020 may be conferred in 2021. Of every other kind the year of its day.
    year = models.PositiveSmallIntegerField(_("year"))
    description = models.TextField(pgettext_lazy("result", "description"), blank=True)
    source = models.CharField(pgettext_lazy("result", "issued or published by"), max_length=120, blank=True)
    level = models.CharField(pgettext_lazy("honour", "level"), max_length=12, choices=Level.choices, blank=True)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="results", verbose_name=_("member")
    )
    ended_on = models.DateField(_("last day"), null=True, blank=True)
    withdrawn_on = models.DateField(pgettext_lazy("result", "withdrawn on"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_because = models.CharField(pgettext_lazy("result", "why withdrawn"), max_length=200, blank=True)
    entered_on = models.DateField(_("entered on"))
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    # Given to the blank form: sending it twice finds the first entry.
    entry_key = models.UUIDField(null=True, blank=True, editable=False)

    objects = ResultQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("achievement", "result")
        verbose_name_plural = pgettext_lazy("achievement", "results")
        ordering = ("-achieved_on", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(kind=ResultKind.BRAND, ended_on__isnull=True, withdrawn_on__isnull=True),
                name="result_one_current_brand",
            ),
            models.UniqueConstraint(fields=["organisation", "entry_key"], name="result_entry_key_once"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("achieved_on")), name="result_ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "kind", "year"], name="result_organisation_kind_year")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_on is not None

    @property
    def may_end(self) -> bool:
        """Only a brand goes on until it ends; the other kinds happen on their day."""
        return self.kind == ResultKind.BRAND and self.ended_on is None and not self.is_withdrawn


class ResultFile(models.Model):
    """Evidence of a result. Taken away, it stays on file with the time and the person."""

    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("evidence file")
        verbose_name_plural = _("evidence files")
        ordering = ("result", "pk")

    def __str__(self) -> str:
        return str(self.file)
