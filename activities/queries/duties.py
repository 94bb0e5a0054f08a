"""What branches owe and what they held: one `Cell` for every branch, duty and period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Q

from activities.models import Activity, DutyRule, Exemption
from activities.queries.duty_cells import Cell, Record, Summary, year_summary
from activities.queries.duty_rules import rules_for
from activities.rules.activities import COUNTING, State
from activities.rules.duties import DutyStatus, Standing, judge, obstacle
from activities.rules.lateness import is_late
from activities.rules.periods import Period, Rhythm, period_of, periods_of
from branches.models import Dated, Organisation, PartyGroup, Term

__all__ = [
    "Cell",
    "Record",
    "Summary",
    "cells",
    "cells_now",
    "current_periods",
    "rules_for",
    "year_summary",
]


def current_periods(today: date) -> Callable[[str], list[Period]]:
    """For `cells(…, periods=…)`: the one period of each rhythm that runs on `today`."""
    return lambda rhythm: [period_of(today, rhythm)]


def cells(
    branches: Iterable[Organisation],
    year: int,
    today: date,
    *,
    periods: Callable[[str], Sequence[Period]] | None = None,
) -> dict[int, list[Cell]]:
    """The cells of `branches` in `year` as of `today`, by branch id, in the order of duties and periods.

    `periods` picks, for a rhythm, the periods wanted (of `year`); without it all of them. The branches are those of
    today's tree, their rules those of `rules_for`. 6 queries however many branches.
    """
    branches = list(branches)
    wanted = {str(rhythm): list(periods(rhythm) if periods else periods_of(year, rhythm)) for rhythm in Rhythm}
    first = min(period.first for group in wanted.values() for period in group)
    last = max(period.last for group in wanted.values() for period in group)
    ids = [branch.pk for branch in branches]
    rules = rules_for(branches, year)
    kinds = {kind.pk for own in rules.values() for rule in own for kind in rule.kinds.all()}
    records = _records(ids, kinds, first, last, year)
    terms = _by(
        Term.objects.active_between(first, last).filter(organisation__in=ids, has_committee=True), "organisation_id"
    )
    groups = _by(
        PartyGroup.objects.active_between(first, last).filter(branch__in=ids).order_by("position", "pk"), "branch_id"
    )
    freed = _by(
        Exemption.objects.active_between(first, last).filter(organisation__in=ids).select_related("granted_by"),
        "organisation_id",
    )
    found: dict[int, list[Cell]] = {}
    for branch in branches:
        pk = branch.pk
        facts = _Branch(branch, today, terms[pk], groups[pk], freed[pk], records.get(pk, {}))
        found[pk] = [facts.cell(rule, period) for rule in rules[pk] for period in wanted[rule.rhythm]]
    return found


def cells_now(branches: Iterable[Organisation], today: date) -> dict[int, list[Cell]]:
    """The cells of the running year, and before them what can still be made good of the year before.

    In January the December meeting is not lost yet. 6 queries, and 6 more while the grace of last December lasts.
    """
    branches = list(branches)
    own = cells(branches, today.year, today)
    grace = max((cell.rule.grace_days for found in own.values() for cell in found), default=0)
    if today > date(today.year - 1, 12, 31) + timedelta(days=grace):
        return own
    before = cells(branches, today.year - 1, today, periods=lambda rhythm: periods_of(today.year - 1, rhythm)[-1:])
    return {pk: [cell for cell in before[pk] if cell.status == DutyStatus.OVERDUE] + own[pk] for pk in own}


class _Row(NamedTuple):
    record: Record
    entered_on: date
    year: int | None


def _records(ids: list[int], kinds: set[int], first: date, last: date, year: int) -> dict[int, dict[int, list[_Row]]]:
    """{branch: {kind: rows}} of everything held in the time, and of annual kinds that belong to `year`."""
    rows = (
        Activity.taking_part.through.objects.filter(
            Q(activity__held_on__gte=first, activity__held_on__lte=last) | Q(activity__belongs_to_year=year),
            organisation__in=ids,
            activity__kinds__in=kinds,
        )
        .exclude(activity__state=State.DISCARDED)
        .order_by("activity__held_on", "activity_id")
        .values_list(
            "organisation_id", "activity__kinds__id", "activity__kinds__is_annual", "activity__belongs_to_year",
            "activity__entered_on", "activity_id", "activity__held_on", "activity__state", "activity__title",
            "activity__group_id",
        )
    )  # fmt: skip
    found: dict[int, dict[int, list[_Row]]] = defaultdict(lambda: defaultdict(list))
    for organisation_id, kind_id, is_annual, belongs_to, entered_on, pk, held_on, state, title, group_id in rows:
        record = Record(pk, held_on, state, title, False, group_id)
        found[organisation_id][kind_id].append(_Row(record, entered_on, belongs_to if is_annual else None))
    return found


def _by(rows: Iterable[Dated], attribute: str) -> dict[int, list]:
    found: dict[int, list] = defaultdict(list)
    for row in rows:
        found[getattr(row, attribute)].append(row)
    return found


@dataclass(frozen=True, slots=True)
class _Branch:
    """The facts about one branch from which its cells are judged."""

    branch: Organisation
    today: date
    terms: list[Term]
    groups: list[PartyGroup]
    exemptions: list[Exemption]
    records: dict[int, list[_Row]]

    def cell(self, rule: DutyRule, period: Period) -> Cell:
        records = self._held(rule, period)
        counted = tuple(record for record in records if record.state in COUNTING)
        accepted = tuple(record for record in counted if record.state == State.ACCEPTED)
        groups = self._standing_throughout(self.groups, period) if rule.applies_to == "with_groups" else ()
        held = _times(counted, groups) if rule.applies_to == "with_groups" else len(counted)
        held_accepted = _times(accepted, groups) if rule.applies_to == "with_groups" else len(accepted)
        hindered_by = obstacle(
            standing=Standing(
                founded_on=self.branch.founded_on,
                ended_on=self.branch.ended_on,
                is_retired=self.branch.is_retired,
                is_temporary=self.branch.is_temporary,
                has_committee=rule.applies_to != "with_committee" or self._has_committee(period),
                has_groups=bool(groups),
            ),
            period=period,
            times=rule.times,
            applies_to=rule.applies_to,
            exempts_retired=rule.exempts_retired,
            exempts_temporary=rule.exempts_temporary,
        )
        exemption = self._exemption(rule, period)
        return Cell(
            branch=self.branch,
            rule=rule,
            period=period,
            today=self.today,
            held=held,
            counted=counted,
            returned=tuple(record for record in records if record.state == State.RETURNED),
            drafts=tuple(record for record in records if record.state == State.DRAFT),
            groups=groups,
            missing_groups=tuple(
                group for group in groups if sum(record.group_id == group.pk for record in counted) < rule.times
            ),
            hindered_by=hindered_by,
            exemption=exemption,
            status=judge(
                times=rule.times,
                accepted=held_accepted,
                waiting=held - held_accepted,
                period=period,
                today=self.today,
                grace_days=rule.grace_days,
                warning_days=rule.warning_days,
                fixed_day=rule.fixed_day,
                hindered_by=hindered_by,
                is_exempt=exemption is not None,
            ),
        )

    def _held(self, rule: DutyRule, period: Period) -> list[Record]:
        """What was held in the period, each activity once; annual kinds count in the year they belong to."""
        found: dict[int, Record] = {}
        for kind in rule.kinds.all():
            for row in self.records.get(kind.pk, ()):
                belongs_elsewhere = row.year is not None and row.year != period.year
                in_time = period.contains(row.record.held_on)
                if row.year is not None and rule.rhythm == Rhythm.YEAR:
                    in_time = not belongs_elsewhere
                if in_time and row.record.activity_id not in found:
                    late = is_late(held_on=row.record.held_on, entered_on=row.entered_on, entry_days=rule.entry_days)
                    found[row.record.activity_id] = row.record._replace(late=late)
        return sorted(found.values(), key=lambda record: (record.held_on, record.activity_id))

    def _end(self, period: Period) -> date:
        """The last day of the period that can be judged: today while it runs."""
        return max(period.first, min(period.last, self.today))

    def _standing_throughout(self, rows: list[PartyGroup], period: Period) -> tuple[PartyGroup, ...]:
        end = self._end(period)
        return tuple(row for row in rows if row.holds_on(period.first) and row.holds_on(end))

    def _has_committee(self, period: Period) -> bool:
        """Whether a committee stood on the first and on the last day; a change of terms in between does not matter."""
        end = self._end(period)
        return all(any(term.holds_on(day) for term in self.terms) for day in (period.first, end))

    def _exemption(self, rule: DutyRule, period: Period) -> Exemption | None:
        """The exemption that touches the period, if there is one."""
        for row in self.exemptions:
            touches = row.starts_on <= period.last and (row.ends_on is None or row.ends_on >= period.first)
            if row.rule_code == rule.code and touches:
                return row
        return None


def _times(records: tuple[Record, ...], groups: tuple[PartyGroup, ...]) -> int:
    """How often every group met: the count of the group that met least."""
    return min((sum(record.group_id == group.pk for record in records) for group in groups), default=0)
