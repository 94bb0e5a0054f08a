from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.models.kinds import ActivityKind
from activities.rules.activities import COUNTING, EDITABLE, State
from branches.models import Organisation, PartyGroup, Person

if TYPE_CHECKING:
    from branches.rights import Access


class ActivityQuerySet(models.QuerySet["Activity"]):
    def within(self, access: Access) -> Self:
        """Records the user may read: submitted ones in reach, drafts only where the user may draft.

        What an organisation above held is in the reach of the branches that took part or whose people came.
        """
        from branches.rights import Permission

        reached = access.reach(Permission.VIEW, "organisation__")
        return self.exclude(state=State.DISCARDED).filter(
            ((reached | joined(access)) & ~Q(state=State.DRAFT)) | access.reach(Permission.DRAFT, "organisation__")
        )

    def counting(self) -> Self:
        """Records that count for duties and figures: handed in and not returned."""
        return self.filter(state__in=COUNTING)

    def held_between(self, first: date, last: date) -> Self:
        return self.filter(held_on__gte=first, held_on__lte=last)

    def of_kind(self, *codes: str) -> Self:
        return self.filter(kinds__code__in=codes).distinct()


def joined(access: Access) -> Q:
    """The condition for what organisations above held and organisations in the user's reach took part in or came to."""
    from branches.rights import Permission

    # Asked of what was held above only, which is little; by far the most is held where it is reached.
    reached = access.reach(Permission.VIEW, "organisation__") & access.above(
        Permission.VIEW, "activity__organisation__"
    )
    throughs = (Activity.taking_part.through, Activity.people_from.through)
    parts = [Q(pk__in=through._default_manager.filter(reached).values("activity_id")) for through in throughs]
    return parts[0] | parts[1]


class Activity(models.Model):
    """What was held: the record a branch writes once. The day held decides the period it counts in."""

    State = State

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="activities")
    taking_part = models.ManyToManyField(Organisation, related_name="joint_activities", verbose_name=_("taking part"))
    # Single people of these branches came; it fulfils no duty of theirs.
    people_from = models.ManyToManyField(Organisation, related_name="+", verbose_name=_("people also from"))
    kinds = models.ManyToManyField(ActivityKind, related_name="activities", verbose_name=_("kinds"))
    group = models.ForeignKey(
        PartyGroup, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("party group")
    )
    title = models.CharField(_("theme"), max_length=120)
    held_on = models.DateField(_("held on"))
    starts_at = models.TimeField(_("from"), null=True, blank=True)
    ends_at = models.TimeField(_("until"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=80, blank=True)
    chair = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="chaired", verbose_name=_("chair")
    )
    recorder = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="recorded", verbose_name=_("recorder")
    )
    minutes = models.TextField(_("minutes"), blank=True)
    belongs_to_year = models.PositiveSmallIntegerField(_("year it belongs to"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    # A planned meeting told to those above and to the contact leader; its draft stays with those who write it.
    announced_on = models.DateField(_("announced on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    # The version its content was written last at: files may come and go while somebody types.
    written_version = models.PositiveIntegerField(default=1, editable=False)
    entered_on = models.DateField(_("entered on"))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="entered_activities"
    )
    # Everybody who wrote on it or handed it in: none of them reviews it.
    writers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name=_("writers"))
    changed_at = models.DateTimeField(auto_now=True)
    submitted_on = models.DateField(_("submitted on"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="submitted_activities"
    )
    accepted_on = models.DateField(_("accepted on"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="accepted_activities"
    )

    # Given to the blank form: sending it twice, on a slow line or by the back button, finds the first record.
    entry_key = models.UUIDField(null=True, blank=True, editable=False)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ("-held_on", "-pk")
        constraints = [models.UniqueConstraint(fields=["organisation", "entry_key"], name="activity_entry_key_once")]
        indexes = [
            models.Index(fields=["organisation", "held_on"], name="activity_organisation_held"),
            models.Index(fields=["state", "submitted_on"], name="activity_state_submitted"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE
