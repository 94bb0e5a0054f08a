from django.db import models
from django.utils.translation import gettext_lazy as _

from branches.models.dated import Dated
from branches.models.organisations import Organisation


class PartyGroup(Dated):
    """A party group inside a branch (党小组), from the day it was formed."""

    branch = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="groups")
    name = models.CharField(_("name"), max_length=40)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta(Dated.Meta):
        verbose_name = _("party group")
        verbose_name_plural = _("party groups")
        ordering = ("branch", "position")

    def __str__(self) -> str:
        return self.name
