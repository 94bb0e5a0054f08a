from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from branches.models.code_tables import Education, Nation
from branches.models.dated import active_on
from branches.rules.people import Category, Precision, Sex, category_on
from foundation.models.encryption import EncryptedTextField

if TYPE_CHECKING:
    from branches.rights import Access, Permission


class PersonQuerySet(models.QuerySet["Person"]):
    def valid(self) -> Self:
        return self.filter(is_void=False, merged_into__isnull=True)

    def within(self, access: Access, permission: Permission, day: date) -> Self:
        """People who on `day` belong to a branch where `access` holds `permission`."""
        from branches.models.memberships import Membership

        reached = Membership.objects.active_on(day).filter(access.reach(permission, "branch__"))
        return self.valid().filter(pk__in=reached.values("person_id"))

    def members_on(self, branch: Any, day: date) -> Self:
        return self.valid().filter(active_on(day, "memberships__"), memberships__branch=branch)


class Person(models.Model):
    """A party member. One identity number is one person in the whole system; a person may be without a number."""

    name = models.CharField(_("name"), max_length=60)
    sex = models.CharField(_("sex"), max_length=10, choices=Sex.choices, default=Sex.UNKNOWN)
    nation = models.ForeignKey(Nation, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("nation"))
    native_place = models.CharField(_("native place"), max_length=60, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    birth_date_precision = models.CharField(max_length=5, choices=Precision.choices, default=Precision.DAY)
    education = models.ForeignKey(
        Education, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("education")
    )
    identity_number = EncryptedTextField(_("identity number"), blank=True, default="")
    identity_hash = models.CharField(max_length=64, null=True, blank=True, editable=False)
    phone = EncryptedTextField(_("phone"), blank=True, default="")
    phone_hash = models.CharField(max_length=64, blank=True, default="", editable=False, db_index=True)
    home_address = EncryptedTextField(_("home address"), blank=True, default="")
    position_title = models.CharField(_("position"), max_length=80, blank=True)
    category = models.CharField(_("category"), max_length=12, choices=Category.choices, default=Category.FULL)
    joined_on = models.DateField(_("joined the Party on"), null=True, blank=True)
    joined_on_precision = models.CharField(max_length=5, choices=Precision.choices, default=Precision.DAY)
    full_on = models.DateField(_("became a full member on"), null=True, blank=True)
    full_on_precision = models.CharField(max_length=5, choices=Precision.choices, default=Precision.DAY)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    is_void = models.BooleanField(_("void"), default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        indexes = [models.Index(fields=["name"], name="person_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["identity_hash"],
                condition=Q(is_void=False, identity_hash__isnull=False),
                name="person_one_per_number",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def category_on(self, day: date) -> Category:
        return category_on(declared=self.category, full_on=self.full_on, day=day)
