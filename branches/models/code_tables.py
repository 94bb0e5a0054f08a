from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def in_reading_language(chinese: str, english: str) -> str:
    """Of a text kept in both languages the one for the reader; a missing English text is read in Chinese."""
    return english if english and (get_language() or "").startswith("en") else chinese


class CodeTable(models.Model):
    """A table of codes an administrator keeps: Chinese and English names, an order, and whether it is still offered."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("Chinese name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        abstract = True
        ordering = ("position", "code")

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return in_reading_language(self.name, self.name_en)


class Nation(CodeTable):
    """One of the nations of GB/T 3304 (民族)."""

    class Meta(CodeTable.Meta):
        verbose_name = _("nation")
        verbose_name_plural = _("nations")


class Education(CodeTable):
    """A level of education after GB/T 4658 (学历)."""

    class Meta(CodeTable.Meta):
        verbose_name = _("level of education")
        verbose_name_plural = _("levels of education")
