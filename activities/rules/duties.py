"""What a duty's records make of it in one period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.rules.periods import Period


class DutyStatus(models.TextChoices):
    """Derived, never stored. The order is from the worst to what asks for nothing."""

    OVERDUE = "overdue", pgettext_lazy("status", "Overdue")
    MISSED = "missed", pgettext_lazy("status", "Missed")
    SOON = "soon", pgettext_lazy("status", "Due soon")
    OPEN = "open", pgettext_lazy("status", "Open")
    PENDING = "pending", pgettext_lazy("status", "In review")
    MET = "met", pgettext_lazy("status", "Done")
    EXEMPT = "exempt", pgettext_lazy("status", "Exempt")
    NOT_APPLICABLE = "na", pgettext_lazy("status", "N/A")


class Obstacle(models.TextChoices):
    """Why a duty is not owed in a period."""

    WAIVED = "waived", _("Not required here this year")
    NOT_FOUNDED = "not_founded", _("The branch was not founded yet")
    ENDED = "ended", _("The branch had been revoked")
    PARTLY = "partly", _("The branch did not stand for the whole period")
    RETIRED = "retired", _("Not required of branches of retired members")
    TEMPORARY = "temporary", _("Not required of temporary branches")
    NO_COMMITTEE = "no_committee", _("The branch has no committee")
    NO_GROUPS = "no_groups", _("The branch has no party groups")


OWED = frozenset(
    {DutyStatus.OVERDUE, DutyStatus.MISSED, DutyStatus.SOON, DutyStatus.OPEN, DutyStatus.PENDING, DutyStatus.MET}
)
DONE = frozenset({DutyStatus.MET, DutyStatus.PENDING})
PROBLEMS = frozenset({DutyStatus.OVERDUE, DutyStatus.MISSED, DutyStatus.SOON})
_SEVERITY = {status: number for number, status in enumerate(DutyStatus)}


@dataclass(frozen=True)
class Standing:
    """What the branch was in the period, as far as duties ask. `has_committee`, `has_groups`: for the whole period."""

    founded_on: date
    ended_on: date | None = None
    is_retired: bool = False
    is_temporary: bool = False
    has_committee: bool = True
    has_groups: bool = True


def obstacle(
    *,
    standing: Standing,
    period: Period,
    times: int,
    applies_to: str = "all",
    exempts_retired: bool = False,
    exempts_temporary: bool = False,
) -> Obstacle | None:
    """Why the duty is not owed in `period`, or None if it is.

    Source: 《中国共产党支部工作条例（试行）》, article 8 (temporary branches), articles 11–13 (who meets), article 20
    (a committee from 7 full members); the founding and the last day are those of the approving documents.
    """
    founded, ended = standing.founded_on, standing.ended_on
    if times == 0:
        return Obstacle.WAIVED
    if founded > period.last:
        return Obstacle.NOT_FOUNDED
    if ended is not None and ended < period.first:
        return Obstacle.ENDED
    if exempts_retired and standing.is_retired:
        return Obstacle.RETIRED
    if exempts_temporary and standing.is_temporary:
        return Obstacle.TEMPORARY
    if applies_to == "with_committee" and not standing.has_committee:
        return Obstacle.NO_COMMITTEE
    if applies_to == "with_groups" and not standing.has_groups:
        return Obstacle.NO_GROUPS
    if founded > period.first or (ended is not None and ended < period.last):
        return Obstacle.PARTLY
    return None


def deadline(period: Period, fixed_day: int | None = None) -> date:
    """The day the duty falls due: the fixed day of the period's last month, else the period's last day."""
    return period.last if fixed_day is None else period.last.replace(day=fixed_day)


def closes_on(period: Period, grace_days: int) -> date:
    """The last day on which what was not logged can still be made good."""
    return period.last + timedelta(days=grace_days)


def judge(
    *,
    times: int,
    accepted: int,
    waiting: int,
    period: Period,
    today: date,
    grace_days: int,
    warning_days: int,
    fixed_day: int | None = None,
    hindered_by: Obstacle | None = None,
    is_exempt: bool = False,
) -> DutyStatus:
    """The status of one duty of one branch in one period, as of `today`.

    `accepted` and `waiting` count the records held in the period that were accepted and that still wait for review.
    What was held counts even where it need not have been: in an exempt branch, in one that stood for a part only.

    Source: the rule's own numbers (`DutyRule`), each with its regulation and article in `RuleText`.
    """
    if hindered_by is not None and hindered_by != Obstacle.PARTLY:
        return DutyStatus.NOT_APPLICABLE
    if accepted >= times:
        return DutyStatus.MET
    if accepted + waiting >= times:
        return DutyStatus.PENDING
    if is_exempt:
        return DutyStatus.EXEMPT
    if hindered_by is not None:
        return DutyStatus.NOT_APPLICABLE
    if today > closes_on(period, grace_days):
        return DutyStatus.MISSED
    due = deadline(period, fixed_day)
    if today > due:
        return DutyStatus.OVERDUE
    if today >= max(period.first, due - timedelta(days=warning_days)):
        return DutyStatus.SOON
    return DutyStatus.OPEN


def worst(statuses: Iterable[DutyStatus]) -> DutyStatus:
    """The worst of several statuses, for a roll-up; of none, not applicable."""
    return min(statuses, key=_SEVERITY.__getitem__, default=DutyStatus.NOT_APPLICABLE)
