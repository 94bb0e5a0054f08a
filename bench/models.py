from __future__ import annotations

from django.db import models

from branches.models import Education, Nation, Organisation


class PlainMember(models.Model):
    """One table with the roster's twelve columns, nothing encrypted."""

    name = models.CharField(max_length=60)
    sex = models.CharField(max_length=10)
    nation = models.ForeignKey(Nation, models.PROTECT, related_name="+")
    identity_number = models.CharField(max_length=18, unique=True)
    born = models.CharField(max_length=10)
    education = models.ForeignKey(Education, models.PROTECT, related_name="+")
    native_place = models.CharField(max_length=60)
    joined_on = models.DateField()
    full_on = models.DateField()
    category = models.CharField(max_length=12)
    branch = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    phone = models.CharField(max_length=20)

    def __str__(self) -> str:
        return self.name
