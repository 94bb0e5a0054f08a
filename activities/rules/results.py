"""What a result is, and when one may stand."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from django.db import models
from django.utils.translation import pgettext_lazy


class ResultKind(models.TextChoices):
    BRAND = "brand", pgettext_lazy("result", "Brand")
    PUBLICATION = "publication", pgettext_lazy("result", "Publication")
    MEDIA = "media", pgettext_lazy("result", "Media report")
    CASE = "case", pgettext_lazy("result", "Case")
    HONOUR = "honour", pgettext_lazy("result", "Honour")


class Level(models.TextChoices):
    """How high up an honour was conferred."""

    NATIONAL = "national", pgettext_lazy("honour", "National")
    PROVINCIAL = "provincial", pgettext_lazy("honour", "Provincial")
    CITY = "city", pgettext_lazy("honour", "City")
    COUNTY = "county", pgettext_lazy("honour", "County")
    UNIT = "unit", pgettext_lazy("honour", "Own unit")


class Problem(StrEnum):
    NOT_YET = "not_yet"
    NOT_STANDING = "not_standing"
    NOT_A_BRANCH = "not_a_branch"
    YEAR_AFTER = "year_after"
    YEAR_BEFORE = "year_before"


# What is asked of each kind besides title, day, description and files.
ASKED: dict[str, frozenset[str]] = {
    ResultKind.BRAND: frozenset(),
    ResultKind.PUBLICATION: frozenset({"source"}),
    ResultKind.MEDIA: frozenset({"source"}),
    ResultKind.CASE: frozenset({"source"}),
    ResultKind.HONOUR: frozenset({"source", "year", "level", "person"}),
}
REQUIRED: dict[str, frozenset[str]] = {
    ResultKind.MEDIA: frozenset({"source"}),
    ResultKind.HONOUR: frozenset({"source", "year", "level"}),
}
FIRST_YEAR = 1949  # no honour is for a year before it

# Names often given; the field takes any other.
HONOURS = (
    pgettext_lazy("honour", "“Four Strong” branch"),
    pgettext_lazy("honour", "“Four Good” member"),
    pgettext_lazy("honour", "“Five Good” branch of retired cadres"),
    pgettext_lazy("honour", "Advanced primary Party organisation"),
    pgettext_lazy("honour", "Outstanding Party member"),
    pgettext_lazy("honour", "Outstanding Party worker"),
    pgettext_lazy("honour", "Branch with its own character"),
)


def kinds_of(*, is_branch: bool) -> list[ResultKind]:
    """What an organisation may enter: a brand is a branch's (一支部一品牌)."""
    return [kind for kind in ResultKind if is_branch or kind != ResultKind.BRAND]


def problems(
    *, kind: str, is_branch: bool, stood_then: bool, achieved_on: date, year: int, today: date
) -> dict[str, Problem]:
    """What speaks against a result, by field. `stood_then`: the organisation existed on `achieved_on`."""
    found: dict[str, Problem] = {}
    if kind not in kinds_of(is_branch=is_branch):
        found["kind"] = Problem.NOT_A_BRANCH
    if achieved_on > today:
        found["achieved_on"] = Problem.NOT_YET
    elif not stood_then:
        found["achieved_on"] = Problem.NOT_STANDING
    if year > achieved_on.year:
        found["year"] = Problem.YEAR_AFTER
    elif year < FIRST_YEAR:
        found["year"] = Problem.YEAR_BEFORE
    return found
