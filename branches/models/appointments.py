from django.db import models
from django.utils.translation import gettext_lazy as _

from branches.models.dated import Dated
from branches.models.groups import PartyGroup
from branches.models.organisations import Organisation
from branches.models.people import Person


class Post(models.TextChoices):
    SECRETARY = "secretary", _("Secretary")
    DEPUTY_SECRETARY = "deputy_secretary", _("Deputy secretary")
    ORGANISATION = "organisation", _("Organisation commissioner")
    PUBLICITY = "publicity", _("Publicity commissioner")
    DISCIPLINE = "discipline", _("Discipline commissioner")
    YOUTH = "youth", _("Youth commissioner")
    COMMITTEE_MEMBER = "committee_member", _("Committee member")
    GROUP_LEADER = "group_leader", _("Group leader")


COMMITTEE_POSTS = tuple(post for post in Post.values if post != Post.GROUP_LEADER)


class Appointment(Dated):
    """A post a person holds in an organisation (任职), from a day to a day."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="appointments")
    post = models.CharField(_("post"), max_length=20, choices=Post.choices)
    group = models.ForeignKey(PartyGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="appointments")

    class Meta(Dated.Meta):
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        indexes = [models.Index(fields=["organisation", "post"], name="appointment_organisation_post")]

    def __str__(self) -> str:
        return f"{self.person} {self.get_post_display()}"
