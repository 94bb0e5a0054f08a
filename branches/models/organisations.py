from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from mptt.managers import TreeManager
from mptt.models import MPTTModel, TreeForeignKey
from mptt.querysets import TreeQuerySet

from branches.models.dated import Dated
from branches.rules.organisations import OrganisationKind

if TYPE_CHECKING:
    from branches.rights import Access, Permission


class OrganisationQuerySet(TreeQuerySet["Organisation"]):
    def within(self, access: Access, permission: Permission) -> Self:
        """Organisations where `access` holds `permission`."""
        return self.filter(access.reach(permission))

    def under(self, organisation: Organisation) -> Self:
        """`organisation` and everything below it in today's tree."""
        return self.filter(tree_id=organisation.tree_id, lft__gte=organisation.lft, rght__lte=organisation.rght)

    def existing_on(self, day: date) -> Self:
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=day), founded_on__lte=day)

    def branches(self) -> Self:
        return self.filter(kind=OrganisationKind.BRANCH)


class OrganisationManager(TreeManager.from_queryset(OrganisationQuerySet)):  # type: ignore[misc]
    """What never was is nowhere: neither in lists and counts nor in the tree. `Organisation._base_manager` has it."""

    def get_queryset(self, *args: Any, **kwargs: Any) -> OrganisationQuerySet:
        found: OrganisationQuerySet = super().get_queryset(*args, **kwargs).filter(is_void=False)
        return found


class Organisation(MPTTModel):
    """A node of today's tree: work committee, organ, committee, general branch or branch.

    Written only through `branches.actions.organisations`; where it stood on an earlier day is in `Placement`.
    """

    Kind = OrganisationKind

    code = models.CharField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind.choices)
    name = models.CharField(_("full name"), max_length=120)
    short_name = models.CharField(_("short name"), max_length=60)
    parent = TreeForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    is_joint = models.BooleanField(_("joint branch"), default=False)
    is_temporary = models.BooleanField(_("temporary branch"), default=False)
    is_retired = models.BooleanField(_("branch of retired members"), default=False)
    founded_on = models.DateField(_("founded on"))
    founding_document = models.CharField(_("founding document number"), max_length=80, blank=True)
    ended_on = models.DateField(_("last day"), null=True, blank=True)
    ending_document = models.CharField(_("revocation document number"), max_length=80, blank=True)
    # Never was: what a mistaken import made and nobody used since.
    is_void = models.BooleanField(_("void"), default=False, editable=False)

    objects = OrganisationManager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        indexes = [models.Index(fields=["tree_id", "lft"], name="organisation_tree")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("founded_on")),
                name="organisation_ends_after_founding",
            ),
            models.CheckConstraint(condition=Q(lft__lt=F("rght")), name="organisation_lft_before_rght"),
        ]

    def __str__(self) -> str:
        return self.short_name

    @property
    def is_branch(self) -> bool:
        return self.kind == OrganisationKind.BRANCH

    def existed_on(self, day: date) -> bool:
        return self.founded_on <= day and (self.ended_on is None or self.ended_on >= day)


class Placement(Dated):
    """Where an organisation stood: under `parent` from a day to a day (no parent = a root)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="placements")
    parent = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="placements_below"
    )

    class Meta(Dated.Meta):
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(ends_on__isnull=True, is_void=False), name="placement_one_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} < {self.parent_id}"


class OrganisationName(Dated):
    """What an organisation was called from a day to a day."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(_("full name"), max_length=120)
    short_name = models.CharField(_("short name"), max_length=60)

    class Meta(Dated.Meta):
        verbose_name = _("name of an organisation")
        verbose_name_plural = _("names of organisations")

    def __str__(self) -> str:
        return self.short_name
