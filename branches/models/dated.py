from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class DatedQuerySet(models.QuerySet[Any]):
    """Words for rows that hold from a day to a day."""

    def valid(self) -> Self:
        return self.filter(is_void=False)

    def active_on(self, day: date) -> Self:
        """Rows that hold on `day`; the last day counts."""
        return self.filter(active_on(day))

    def active_between(self, first: date, last: date) -> Self:
        """Rows that hold on at least one day from `first` to `last`."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=first), is_void=False, starts_on__lte=last)


def active_on(day: date, prefix: str = "") -> Q:
    """The condition behind `DatedQuerySet.active_on`, for joins: `prefix` is the lookup path with its `__`."""
    return Q(**{f"{prefix}is_void": False, f"{prefix}starts_on__lte": day}) & (
        Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": day})
    )


class Dated(models.Model):
    """A fact that holds from `starts_on` to `ends_on`, both included; it is ended, never deleted.

    A void row never held: what a mistaken batch made and nobody used since.
    """

    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    document_number = models.CharField(_("document number"), max_length=80, blank=True)
    is_void = models.BooleanField(_("void"), default=False, editable=False)

    END_FIELDS = ("ends_on", "is_void")

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="%(app_label)s_%(class)s_ends_after_start",
            )
        ]

    def holds_on(self, day: date) -> bool:
        return not self.is_void and self.starts_on <= day and (self.ends_on is None or self.ends_on >= day)

    def end_before(self, day: date) -> None:
        """Let the day before `day` be the last; a row with no day left never held. The caller saves `END_FIELDS`."""
        if self.starts_on >= day:
            self.is_void = True
        else:
            self.ends_on = day - timedelta(days=1)
