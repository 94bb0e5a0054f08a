"""Facts about a person on a day: category, voting right, party age."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import models
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext


class Sex(models.TextChoices):
    MALE = "male", _("Male")
    FEMALE = "female", _("Female")
    UNKNOWN = "unknown", _("Not stated")


class Category(models.TextChoices):
    FULL = "full", _("Full member")
    PROBATIONARY = "probationary", _("Probationary member")


class Precision(models.TextChoices):
    """How exactly a date is known."""

    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class StatusKind(models.TextChoices):
    """Dated circumstances that change whether a member is expected or votes."""

    SUSPENDED = "suspended", _("Membership suspended")
    FLOW_OUT = "flow_out", _("Floating out")
    FLOW_IN = "flow_in", _("Floating in")
    LOST_CONTACT = "lost_contact", _("Lost contact")
    ON_PROBATION = "on_probation", _("Placed on probation within the Party")
    EXCUSED = "excused", _("Excused by decision")


NOT_EXPECTED = frozenset({StatusKind.SUSPENDED, StatusKind.FLOW_OUT, StatusKind.LOST_CONTACT, StatusKind.EXCUSED})
NO_VOTE = frozenset({StatusKind.SUSPENDED, StatusKind.FLOW_IN, StatusKind.ON_PROBATION})


def category_on(*, declared: str, full_on: date | None, day: date) -> Category:
    """The member's category on `day`: probationary until the day of becoming a full member.

    `declared` speaks where the day is not known. Source: 《发展党员工作细则》 (probation and becoming full).
    """
    if full_on is None:
        return Category(declared)
    return Category.FULL if full_on <= day else Category.PROBATIONARY


def has_vote(*, category: str, statuses: frozenset[str]) -> bool:
    """Whether a member votes: full members in good standing.

    Probationary members, members placed on probation within the Party, suspended and in-flow members do not.
    Source: 《中国共产党章程》 article 7; 《基层组织选举工作条例》 2020, article 5.
    """
    return category == Category.FULL and not (statuses & NO_VOTE)


def kinds_counting(statuses: Iterable[tuple[str, int | None]], branch: int) -> frozenset[str]:
    """Of dated circumstances those that count in one branch.

    Args:
        statuses: each kind with the branch floated into, where it is one; None: some branch of no matter.
        branch: who floats into it is a guest there, however far from home; elsewhere the same person is no guest.
    """
    known = list(statuses)
    is_guest = any(kind == StatusKind.FLOW_IN and into == branch for kind, into in known)
    ignored = StatusKind.FLOW_OUT if is_guest else StatusKind.FLOW_IN
    return frozenset(kind for kind, into in known if kind != ignored or (kind == StatusKind.FLOW_IN and into is None))


def is_expected(statuses: frozenset[str]) -> bool:
    """Whether a member is expected at meetings; those registered as away or excused are listed apart."""
    return not (statuses & NOT_EXPECTED)


def known_part(value: date, precision: str) -> date:
    """The first day of the month or year, where no more is known: what was chosen within it says nothing."""
    if precision == Precision.YEAR:
        return value.replace(month=1, day=1)
    return value.replace(day=1) if precision == Precision.MONTH else value


def date_words(value: date, precision: str) -> str:
    """A date as exactly as it is known: 1998年7月 where only the month is on the papers."""
    if precision == Precision.YEAR:
        return format_date(value, pgettext("date format", "Y"))
    if precision == Precision.MONTH:
        return format_date(value, pgettext("date format", "M Y"))
    return format_date(value, pgettext("date format", "j M Y"))


def iso_words(text: str) -> str:
    """A stored date such as 2019, 2019-06 or 2019-06-30 as people write it; anything else as it stands."""
    parts = text.split("-")
    if len(parts) > len(Precision) or not all(part.isdecimal() for part in parts) or len(parts[0]) != 4:
        return text
    numbers = [int(part) for part in parts] + [1, 1]
    precision = (Precision.YEAR, Precision.MONTH, Precision.DAY)[len(parts) - 1]
    return date_words(date(numbers[0], numbers[1], numbers[2]), precision)
