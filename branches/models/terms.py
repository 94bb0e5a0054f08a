from django.db import models
from django.utils.translation import gettext_lazy as _

from branches.models.dated import Dated
from branches.models.organisations import Organisation


class Term(Dated):
    """A term of an organisation's leading group (届): elected on `starts_on`, due for election by `expires_on`.

    `has_committee`: a branch committee stands. 《支部工作条例》 article 20 asks for one from 7 full members.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="terms")
    number = models.PositiveSmallIntegerField(_("term number"), default=1)
    expires_on = models.DateField(_("term ends on"))
    has_committee = models.BooleanField(_("with a committee"), default=True)

    class Meta(Dated.Meta):
        verbose_name = _("term")
        verbose_name_plural = _("terms")

    def __str__(self) -> str:
        return f"{self.organisation_id}/{self.number}"
