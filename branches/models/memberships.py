from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from branches.models.dated import Dated
from branches.models.groups import PartyGroup
from branches.models.offices import Office
from branches.models.organisations import Organisation
from branches.models.people import Person
from branches.rules.people import StatusKind


class Membership(Dated):
    """A person's membership of a branch (组织关系), from a day to a day."""

    class Start(models.TextChoices):
        ENTERED = "entered", _("Entered from the roster")
        ADMITTED = "admitted", _("Admitted")
        TRANSFERRED = "transferred", _("Transferred in")
        REORGANISED = "reorganised", _("Came by a merger or split of branches")

    class End(models.TextChoices):
        TRANSFERRED = "transferred", _("Transferred out")
        REORGANISED = "reorganised", _("Went by a merger or split of branches")
        LEFT = "left", _("Left the Party")
        EXPELLED = "expelled", _("Expelled")
        REMOVED = "removed", _("Name removed from the rolls")
        CANCELLED = "cancelled", _("Probationary membership cancelled")
        DECEASED = "deceased", _("Deceased")

    # Nobody comes back by a roster or a letter after one of these.
    ENDED_FOR_GOOD = frozenset({End.LEFT, End.EXPELLED, End.REMOVED, End.CANCELLED, End.DECEASED})

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    branch = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    start_kind = models.CharField(_("how it began"), max_length=12, choices=Start.choices, default=Start.ENTERED)
    end_kind = models.CharField(_("how it ended"), max_length=12, choices=End.choices, blank=True)
    end_document = models.CharField(_("document number of the end"), max_length=80, blank=True)
    # What ended with it, as [kind, number, last day before]: taken back, the end gives back exactly this.
    ended_with = models.JSONField(default=list, blank=True, editable=False)

    class Meta(Dated.Meta):
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        indexes = [models.Index(fields=["branch", "starts_on"], name="membership_branch_start")]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["person"], condition=Q(ends_on__isnull=True, is_void=False), name="membership_one_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} @ {self.branch}"


class GroupMembership(Dated):
    """A member's party group inside the branch, from a day to a day."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="group_memberships")
    group = models.ForeignKey(PartyGroup, on_delete=models.PROTECT, related_name="members")

    class Meta(Dated.Meta):
        verbose_name = _("member of a party group")
        verbose_name_plural = _("members of party groups")


class OfficeMembership(Dated):
    """The office a member works in, from a day to a day."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="office_memberships")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="members")

    class Meta(Dated.Meta):
        verbose_name = _("office of a member")
        verbose_name_plural = _("offices of members")


class MemberStatus(Dated):
    """A dated circumstance of a member: suspended, floating, excused … (`branches.rules.people.StatusKind`)."""

    Kind = StatusKind

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="statuses")
    kind = models.CharField(_("kind"), max_length=20, choices=StatusKind.choices)
    branch = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="in_flow",
        verbose_name=_("in-flow branch"),
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta(Dated.Meta):
        verbose_name = _("status of a member")
        verbose_name_plural = _("statuses of members")
        indexes = [models.Index(fields=["kind", "starts_on"], name="memberstatus_kind_start")]
