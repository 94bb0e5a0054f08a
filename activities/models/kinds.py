from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from activities.rules.activities import Block, Body
from branches.models.code_tables import CodeTable


class ActivityKind(CodeTable):
    """A kind of activity: who is expected, which parts of the form it opens, whether it belongs to a year."""

    short_name = models.CharField(_("Chinese short name"), max_length=20)
    short_name_en = models.CharField(_("English short name"), max_length=40)
    body = models.CharField(_("who is expected"), max_length=12, choices=Body.choices, default=Body.MEMBERS)
    blocks = models.JSONField(_("parts of the form"), default=list, blank=True, help_text=", ".join(Block.values))
    is_annual = models.BooleanField(_("belongs to a year"), default=False)

    class Meta(CodeTable.Meta):
        verbose_name = _("kind of activity")
        verbose_name_plural = _("kinds of activity")

    @property
    def short_label(self) -> str:
        return self.short_name_en if (get_language() or "").startswith("en") else self.short_name
