"""Entering a member by hand: who may be entered and from when."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from branches.rules import identity_numbers
from branches.rules.people import Category
from foundation.rules.days import months_after

ADULT_AGE = 18


class Entry(models.TextChoices):
    """How somebody comes onto the roster by hand."""

    ADMITTED = "admitted", _("Newly admitted as a probationary member")
    LATE = "late", _("Member of the branch already, missing from the roster")


def problems_of(
    *, entry: str, on: date, today: date, birth: date, category: str, joined_on: date | None, full_on: date | None
) -> dict[str, str | Promise]:
    """What stands in the way of entering a member, by the field it is mended at; {} if nothing does.

    Args:
        entry: an `Entry`; `on` is the day of the members' meeting that admitted, else the first day in the branch.
        joined_on, full_on: as far as known; an admission knows neither.

    Source: 《中国共产党发展党员工作细则》, articles 5 (18 years of age) and 31 (probation begins with the meeting).
    """
    if on > today:
        return {"on": _("This day lies in the future. Choose today or an earlier day.")}
    if birth > today:
        return {"identity_number": _("The date of birth inside the identity number lies in the future.")}
    if entry == Entry.ADMITTED:
        if on < months_after(birth, 12 * ADULT_AGE):
            return {"on": _("On this day the person is not yet 18; the day or the identity number must be wrong.")}
        return {}
    if joined_on is None:
        return {"joined_on": _("Fill in the day of joining the Party.")}
    if joined_on <= birth:
        return {"joined_on": _("This day does not come after the date of birth inside the identity number.")}
    if joined_on > on:
        return {
            "joined_on": _("Nobody is in a branch before joining the Party; change this day or the first day here.")
        }
    return _problem_of_full(category, joined_on, full_on, today)


def problems_of_correction(
    *,
    today: date,
    number: str,
    sex: str,
    birth: date | None,
    category: str,
    joined_on: date | None,
    full_on: date | None,
) -> dict[str, str | Promise]:
    """What contradicts itself after basic data were corrected, by field; {} if nothing does.

    Args:
        number: the sound identity number on record, or "" where none is; the rest as corrected, as far as known.
    """
    if number and sex != identity_numbers.sex(number):
        return {"sex": _("This contradicts the identity number on record.")}
    if number and birth != identity_numbers.birth_date(number):
        return {"birth_date": _("This contradicts the identity number on record.")}
    if birth is not None and birth > today:
        return {"birth_date": _("This day lies in the future. Choose today or an earlier day.")}
    if joined_on is not None and joined_on > today:
        return {"joined_on": _("This day lies in the future. Choose today or an earlier day.")}
    if joined_on is not None and birth is not None and joined_on <= birth:
        return {"joined_on": _("This day does not come after the date of birth.")}
    return _problem_of_full(category, joined_on, full_on, today) if joined_on is not None else {}


def _problem_of_full(category: str, joined_on: date, full_on: date | None, today: date) -> dict[str, str | Promise]:
    if category == Category.PROBATIONARY:
        if full_on is not None:
            return {"full_on": _("A probationary member has no such day yet; leave it empty or choose full member.")}
        return {}
    if full_on is not None and (full_on <= joined_on or full_on > today):
        return {"full_on": _("This day must come after joining the Party and not lie in the future.")}
    return {}
