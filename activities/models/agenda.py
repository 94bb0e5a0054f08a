from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.models.activities import Activity
from activities.rules.activities import VoteRule


class AgendaItem(models.Model):
    """One item: what was said, what was resolved, how it was voted. Minutes: `docs/glossary.md`."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("item"), max_length=120)
    is_first_item = models.BooleanField(_("first agenda item"), default=False)
    minutes = models.TextField(_("main points"), blank=True)
    resolution = models.TextField(_("resolution"), blank=True)
    vote_rule = models.CharField(_("vote"), max_length=10, choices=VoteRule.choices, default=VoteRule.NONE)
    votes_for = models.PositiveSmallIntegerField(_("for"), null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(_("against"), null=True, blank=True)
    abstentions = models.PositiveSmallIntegerField(_("abstentions"), null=True, blank=True)

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ("activity", "position")
        constraints = [
            models.UniqueConstraint(
                fields=["activity"], condition=Q(is_first_item=True), name="agendaitem_one_first_item"
            )
        ]

    def __str__(self) -> str:
        return self.title
